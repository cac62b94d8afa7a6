/** A run's folder, opened to write in: by one process at a time. */
import { makeFolder, settleFolder } from "../files/atomic_file.ts";
import { readConfig, writeConfig } from "../config/config_file.ts";
import type { RunConfig } from "../config/run_config.ts";
import { acquireLock } from "../files/lock.ts";
import { RunError } from "../run_error.ts";
import { createRunFolder } from "../run_folder.ts";
import { checkSameRun } from "../config/same_run.ts";

/** A run's folder while its process has it; disposed of, it is given back. */
export interface OpenRun extends Disposable {
  /** The folder. */
  readonly out: string;
  /**
   * Looks whether the folder is still this run's.
   *
   * @throws {RunError} where it was deleted or replaced: nothing is written there any more.
   */
  check(): void;
}

/** Folders of a run that are replaced whole. */
const replaced = ["last", "best_model"];

/**
 * Opens the folder of a run: a new one, or one that is gone on with, in which what a stopped process left
 * half-done is cleared away.
 *
 * @param out The folder; without it a new run gets one of its own.
 * @param config Written into a new run's folder; a run that is gone on with must have begun with it.
 * @throws {RunError} where another process has it, a new run's folder holds a run, or the one that is to be
 * gone on with does not hold this one.
 */
export async function openRun(
  out: string | undefined,
  mode: "new" | "resume",
  config: RunConfig,
): Promise<OpenRun> {
  if (mode === "new") {
    if (out !== undefined) await makeFolder(out);
    return await lockRun(out ?? await createRunFolder(), async (dir) => {
      if (await Deno.stat(`${dir}/config.json`).then(() => true, () => false)) {
        throw new RunError(
          `Cannot train into ${dir} as it holds a run already: name another folder, or resume it`,
        );
      }
      await writeConfig(dir, config);
    });
  }
  if (out === undefined) throw new RunError("Cannot resume a run as its folder must be named");
  checkSameRun(await readConfig(`${out}/config.json`), config, out);
  return await lockRun(out, async (dir) => {
    for (const name of replaced) await settleFolder(`${dir}/${name}`);
  });
}

/** Locks a run's folder and prepares it. */
async function lockRun(out: string, prepare: (out: string) => Promise<void>): Promise<OpenRun> {
  using stack = new DisposableStack();
  const lock = stack.use(await acquireLock(`${out}/.lock`, out));
  await prepare(out);
  const held = stack.move();
  return {
    out,
    check() {
      if (lock.isHeld()) return;
      throw new RunError(
        `Cannot go on in ${out} as it must stay where it is: it was deleted or replaced`,
      );
    },
    [Symbol.dispose]: () => held.dispose(),
  };
}
