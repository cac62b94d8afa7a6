import { exitCodes } from "./exit_codes.ts";

/**
 * Has Ctrl-C, or the end of the session, end the program by `Deno.exit`: a signal of its own would leave
 * temporary files and locks behind.
 */
export function exitOnSignals(): void {
  Deno.addSignalListener("SIGINT", () => Deno.exit(exitCodes.interrupted));
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => Deno.exit(exitCodes.terminated));
  }
}
