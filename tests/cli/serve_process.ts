import { environment, root, taskWords } from "./melstream.ts";
import { withServer as served } from "./served.ts";

/** The server as its task starts it, for as long as `use` takes. @returns what it said, and its code. */
export async function withServer(
  cwd: string,
  args: readonly string[],
  use: (address: string) => Promise<void>,
): Promise<{ readonly code: number; readonly said: string }> {
  const [subcommand, ...words] = await taskWords("serve");
  const config = ["--config", `${root}deno.json`];
  const command = [Deno.execPath(), subcommand, ...config, ...words, ...args];
  return await served(command, { cwd, env: environment }, use);
}
