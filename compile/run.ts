/** Programs that a build runs, and where. */
import { fromFileUrl } from "../deps/std_path.ts";

/** The repository's folder. */
export const root = fromFileUrl(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/**
 * Runs a program to its end.
 *
 * @returns What it wrote to stdout.
 * @throws {Error} with what it wrote to stderr, where it fails.
 */
export async function run(
  [program, ...args]: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd, env }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Cannot run ${program} ${args[0]}: ${decode(stderr).trim()}`);
  return decode(stdout);
}
