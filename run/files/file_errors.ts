/** What goes wrong with files, as a run says it. */
import { RunError } from "../run_error.ts";

/** Does something for a file. @throws {RunError} naming that file, whatever went wrong. */
export async function naming<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    // The system's messages name a temporary file, or none.
    const why = (cause as Error).message.replace(/: \w+ '.*$/s, "");
    throw new RunError(`Cannot write ${path}: ${why}`, { cause });
  }
}

/** Passes over an error that says that something is not there. @throws {unknown} any other. */
export function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Tells whether something lies at a path. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
