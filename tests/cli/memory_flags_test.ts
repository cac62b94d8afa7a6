import { assertEquals } from "@std/assert";
import { memoryFlags } from "../../compile/executable.ts";
import { root } from "./melstream.ts";

Deno.test("the program's tasks and its executables bound what threads set aside for new objects", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const commands = Object.values<{ command: string }>(tasks).map(({ command }) => command)
    .filter((command) => command.split(" ").includes("main.ts"));
  assertEquals(commands.filter((command) => !command.split(" ").includes(memoryFlags)), []);
});
