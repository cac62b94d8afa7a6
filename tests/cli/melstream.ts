/** The real commands, each in a process of its own with no more permissions than its task gives it. */

import { mayJoinVectors } from "../../model/cpu/kernels.ts";
import { v8Flags } from "../../wasm/v8_flags.ts";

/** The folder of the program. */
export const root = new URL("../..", import.meta.url).pathname;

/** What a command came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** This process's variables without those that say whether to colour. */
export const { NO_COLOR: _, FORCE_COLOR: __, ...environment } = Deno.env.toObject();

/** What a command's task in deno.json gives to Deno: `run`, its permissions, the program. */
export async function taskWords(command: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const task: string = tasks[command]?.command ?? `deno run -q --allow-read main.ts ${command}`;
  // What the task's shell asks for are flags that this process has, or that this V8 does not know.
  return task.replace(/\$\(.*?\)/, mayJoinVectors() ? v8Flags : "")
    .split(/\s+/).slice(1).map((word) => word === "main.ts" ? `${root}main.ts` : word);
}

/** Runs a command as its task in deno.json does. */
export async function melstream(cwd: string, command: string, ...args: string[]): Promise<Outcome> {
  return await melstreamWith({}, cwd, command, ...args);
}

/** The same with further variables of the environment. */
export async function melstreamWith(
  variables: Readonly<Record<string, string>>,
  cwd: string,
  command: string,
  ...args: string[]
): Promise<Outcome> {
  const [subcommand, ...words] = await taskWords(command);
  const config = ["--config", `${root}deno.json`];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [subcommand, ...config, ...words, ...args],
    cwd,
    stdin: "null",
    clearEnv: true,
    env: { ...environment, ...variables },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}
