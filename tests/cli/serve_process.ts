import { environment, root } from "./melstream.ts";
import { withServer as served } from "./served.ts";

/** The server as its task starts it, for as long as `use` takes. @returns what it said, and its code. */
export async function withServer(
  cwd: string,
  args: readonly string[],
  use: (address: string) => Promise<void>,
): Promise<{ readonly code: number; readonly said: string }> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const words: string[] = tasks.serve.command.split(" ").slice(1)
    .map((word: string) => word === "main.ts" ? `${root}main.ts` : word);
  const config = ["--config", `${root}deno.json`];
  const command = [Deno.execPath(), words[0], ...config, ...words.slice(1), ...args];
  return await served(command, { cwd, env: environment }, use);
}
