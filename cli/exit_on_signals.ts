import { codeOfStop, onStopSignals } from "./run_stoppable.ts";

/**
 * Has Ctrl-C, or the end of the session, end the program by `Deno.exit`: a signal of its own would leave
 * temporary files and locks behind.
 */
export function exitOnSignals(): void {
  onStopSignals(() => Deno.exit(codeOfStop()));
}
