/**
 * What both kernel sets share: reading a `.wasm` file that lies beside the code, in Deno, in a
 * program made by `deno compile`, and in a browser. `build.ts` beside it compiles the kernels.
 */

/**
 * Reads a file that is part of the program.
 *
 * @param url Its address, written `new URL("./name.wasm", import.meta.url)` at the place of use.
 * @throws {Error} where it cannot be read.
 */
export async function readAsset(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  // A compiled program's files are there for Deno's file API only; `fetch` does not see them.
  if (url.protocol === "file:") return await Deno.readFile(url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot load ${url}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Reads and compiles a WebAssembly module that is part of the program. */
export async function loadModule(url: URL): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(await readAsset(url));
}
