/**
 * What all kernel sets share: reading a `.wasm` file that lies beside the code. It knows no platform:
 * an address is fetched, as a browser and Deno can. `build.ts` beside it compiles the kernels.
 */

/** Reads a file that is part of the program. */
export type ReadAsset = (url: URL) => Promise<Uint8Array<ArrayBuffer>>;

let read: ReadAsset = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot load ${url}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** Has this thread read the program's files in another way: see `deno_files.ts`. */
export function readAssetsWith(other: ReadAsset): void {
  read = other;
}

/**
 * Reads a file that is part of the program.
 *
 * @param url Its address, written `new URL("./name.wasm", import.meta.url)` at the place of use.
 * @throws {Error} where it cannot be read.
 */
export async function readAsset(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  return await read(url);
}

/** Reads and compiles a WebAssembly module that is part of the program. */
export async function loadModule(url: URL): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(await readAsset(url));
}
