import { assert, assertEquals } from "@std/assert";
import { memoryFlags } from "../../compile/executable.ts";
import { v8Flags } from "../../wasm/v8_flags.ts";
import { root } from "./melstream.ts";

const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
const commands = Object.values<{ command: string }>(tasks).map(({ command }) => command);

Deno.test("the program's tasks and its executables bound what threads set aside for new objects", () => {
  const ours = commands.filter((command) => command.split(" ").includes("main.ts"));
  assertEquals(ours.filter((command) => !command.split(" ").includes(memoryFlags)), []);
});

Deno.test("tasks ask V8 for the flags that make it faster, and those that train or label do", () => {
  const question = `$(deno run -q ${v8Flags} wasm/v8_flags.ts 2>/dev/null) `;
  const others = commands.filter((command) => command.includes("$("))
    .filter((command) => !command.includes(question));
  assertEquals(others, []);
  for (const name of ["train", "predict", "tune", "net", "listen", "serve", "doctor", "test"]) {
    assert(tasks[name].command.includes(question), name);
  }
});
