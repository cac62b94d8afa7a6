/** Executables for trials, made as `deno task compile` makes them. */
import { createExecutable } from "../../compile/executable.ts";
import { stageProgram } from "../../compile/stage_program.ts";
import { join } from "../../deps/std_path.ts";
import { root } from "../cli/melstream.ts";
import { fetchOlderRuntime, missingParts, type Runtime } from "./older_runtime.ts";
import { step } from "./step.ts";

/** An executable, and the folder that it was made of. */
export interface Made {
  readonly staged: string;
  readonly executable: string;
}

/** Exit code of a trial that could not begin: what it needs is not to be had here. */
const cannotBegin = 77;

/** The older runtime, kept in `dist/`; ends the process where it cannot be had. */
export async function needOlderRuntime(): Promise<Runtime> {
  try {
    return await step("fetch Deno 2.4", () => fetchOlderRuntime(join(root, "dist")));
  } catch (error) {
    console.error(`skipped: ${(error as Error).message}`);
    Deno.exit(cannotBegin);
  }
}

/**
 * Makes an executable in a new folder.
 *
 * @param dir The folder that this is in.
 * @param entry The program's entry point, as a path from the repository's folder.
 * @param options The run that it carries, and the runtime that it gets rather than Deno's own.
 */
export async function makeExecutable(
  dir: string,
  entry: string,
  { model, older }: { readonly model?: string; readonly older?: Runtime },
): Promise<Made> {
  if (older) Deno.env.set("DENORT_BIN", older.base);
  const staged = await Deno.makeTempDir({ dir });
  const program = await stageProgram(staged, { root: root.slice(0, -1), entry, model });
  // Each thread has an environment of its own.
  for (const start of older ? [entry, ...program.workers] : []) {
    const path = join(staged, start);
    await Deno.writeTextFile(path, missingParts + await Deno.readTextFile(path));
  }
  const output = join(dir, "melstream");
  const executable = await createExecutable(staged, program, { deno: older?.deno, output });
  return { staged, executable };
}
