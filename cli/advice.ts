import { RunError } from "../run/run_error.ts";
import { Interrupted } from "../run/training/train_options.ts";
import { callOf } from "../settings/call_of.ts";

/** A sentence with the command that helps after an error, to stand behind its message; empty where none does. */
export function adviceOf(error: unknown): string {
  const helps = error instanceof Interrupted || error instanceof RunError;
  if (!helps || error.resumable === undefined) return "";
  return `. Go on with: ${callOf("train")} --resume ${error.resumable}`;
}
