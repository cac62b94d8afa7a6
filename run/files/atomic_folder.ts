import { dirname } from "../../deps/std_path.ts";
import { writeNewFile } from "./atomic_file.ts";
import { doOnExit } from "./clean_up.ts";
import { ignoreMissing, naming } from "./file_errors.ts";
import { acquireLock, lockPathOf } from "./lock.ts";
import { RunError } from "../run_error.ts";

/** Writes a file of a new folder, the folders around it included. @throws {RunError} where it cannot. */
export type WriteFile = (name: string, data: string | Uint8Array) => Promise<void>;

/**
 * Makes a folder that appears whole or not at all: it is filled under another name beside its place, then
 * renamed. What a writer that was killed left there is taken away.
 *
 * @param fill Is given what writes into it.
 * @throws {RunError} where something is at its place that is no empty folder, or another is writing it.
 */
export async function createAtomicFolder<T>(
  path: string,
  fill: (write: WriteFile) => Promise<T>,
): Promise<T> {
  const place = path.replace(/(.)\/+$/, "$1");
  await naming(place, () => Deno.mkdir(dirname(place), { recursive: true }));
  using lock = await acquireLock(lockPathOf(place), place);
  await refuseContent(place);
  const made = lock.path.replace(/lock$/, "new");
  await Deno.remove(made, { recursive: true }).catch(ignoreMissing);
  const callOff = doOnExit(() => Deno.removeSync(made, { recursive: true }));
  try {
    await Deno.mkdir(made);
    const result = await fill(async (name, data) => {
      await Deno.mkdir(dirname(`${made}/${name}`), { recursive: true });
      await writeNewFile(`${made}/${name}`, data, `${place}/${name}`);
    });
    await Deno.remove(place).catch(ignoreMissing); // empty, or nobody's to take away
    await Deno.rename(made, place);
    return result;
  } catch (error) {
    await Deno.remove(made, { recursive: true }).catch(() => {}); // on a full disk it is in the way
    throw error;
  } finally {
    callOff();
  }
}

async function refuseContent(path: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(path)) {
      throw new RunError(
        `Cannot write ${path} as it must be a new folder or an empty one: it holds ${name}`,
      );
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    ignoreMissing(error);
  }
}
