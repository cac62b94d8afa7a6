/** An executable of a program's folder: Deno's bare runtime with the folder behind it. */
import { dirname, join, resolve } from "../deps/std_path.ts";
import { v8Flags } from "../wasm/v8_flags.ts";
import { run } from "./run.ts";
import type { StagedProgram } from "./stage_program.ts";

/** Machines that executables are made for, by their names here, as Deno names them. */
export const targets = {
  "linux-x64": "x86_64-unknown-linux-gnu",
  "linux-arm64": "aarch64-unknown-linux-gnu",
  "macos-x64": "x86_64-apple-darwin",
  "macos-arm64": "aarch64-apple-darwin",
  "windows-x64": "x86_64-pc-windows-msvc",
} as const;

/** See `targets`. */
export type Target = keyof typeof targets;

/** What an executable may do: all that some command of the program may. */
const permissions = ["--allow-read", "--allow-write", "--allow-net", "--allow-env"];

/**
 * As the tasks have it: else V8 sets up to 64 MB aside for new objects, for every thread, and collects all only when
 * as much is dead as lives.
 */
export const memoryFlags: string = "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=30";

/** How an executable is made. */
export interface ExecutableOptions {
  /** The file to write; one for Windows gets `.exe` behind it. */
  readonly output: string;
  /** For which machine: by default this one. */
  readonly target?: Target;
  /** The Deno whose runtime it gets, by default the one that runs this. */
  readonly deno?: string;
}

/**
 * Makes an executable. The runtime is of Deno's own version: it fetches it once a target, or takes what the
 * environment's `DENORT_BIN` names.
 *
 * @param dir The program's folder.
 * @returns The path that was written.
 * @throws {Error} where the runtime cannot be fetched, with the address that it was asked of.
 */
export async function createExecutable(
  dir: string,
  { entry, workers }: StagedProgram,
  { output, target, deno = Deno.execPath() }: ExecutableOptions,
): Promise<string> {
  const isForWindows = target ? target.startsWith("windows") : Deno.build.os === "windows";
  const path = resolve(isForWindows && !output.endsWith(".exe") ? `${output}.exe` : output);
  await Deno.mkdir(dirname(path), { recursive: true });
  // Without a check of types: the folder is what was checked where it comes from. All it needs is in it.
  const alone = ["--no-check", "--no-remote", "--no-npm", "--config", join(dir, "deno.json")];
  const flags = target ? [] : await knownFlags(dir, deno);
  // The folder as files, and the modules that no other imports.
  const included = [".", ...workers].flatMap((path) => ["--include", path]);
  const made = run([
    ...[deno, "compile", "--quiet", memoryFlags, ...flags, ...alone],
    ...[...permissions, "--allow-sys=hostname"],
    ...included,
    ...target ? ["--target", targets[target]] : [],
    ...["--output", path, entry],
  ], { cwd: dir, env: { NO_COLOR: "1" } });
  await made.catch((error: Error) => {
    throw explain(error, path);
  });
  return path;
}

/** The flags of V8 that a Deno knows of those that make the program faster; what another machine's knows can't be asked. */
async function knownFlags(dir: string, deno: string): Promise<string[]> {
  const program = new URL("../wasm/v8_flags.ts", import.meta.url).href; // a path may hold spaces
  const args = ["run", "--no-config", v8Flags, program];
  const { stdout } = await new Deno.Command(deno, { args, cwd: dir, stderr: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((flags) => flags !== "");
}

/** Of a runtime that could not be fetched: what to do, rather than where in Deno it failed. */
function explain(error: Error, path: string): Error {
  const asked = /error sending request for url \((\S+)\).*: (.+)/.exec(error.message);
  if (!asked) return error;
  return new Error(
    `Cannot make ${path} as Deno's bare runtime must be fetched from ${asked[1]}: ${asked[2]}. ` +
      "DENORT_BIN names one that is there already",
  );
}
