/** Errors as lines for people: what one has to change, and what is a bug. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { commands } from "../../cli/commands.ts";
import { explainError } from "../../cli/explain_error.ts";
import { DatasetError } from "../../pipeline/sources/dataset.ts";
import { SettingError } from "../../settings/setting.ts";

/** A command as it was asked for. */
function asked(command: string, ...words: string[]) {
  return commands[command].create().action(() => {}).parse(words, { from: "user" });
}

function bugOf(fail: () => unknown): unknown {
  try {
    return fail();
  } catch (error) {
    return error;
  }
}

Deno.test("a setting is named as its option, where the command has one", () => {
  const error = new SettingError("train", "sampleRateHz", "higher", 5);
  const line = "melstream: Cannot train as --sample-rate must be higher: current value is 5";
  assertEquals(explainError(error, asked("train")), [line]);
  const name = "melstream: Cannot train as sampleRateHz must be higher: current value is 5";
  assertEquals(explainError(error, asked("predict")), [name]);
  assertEquals(explainError(error), [name]);
});

Deno.test("what a person has to change is one line", async () => {
  const missing = await Deno.readFile("/no/such/file").catch((error) => error);
  const errors = [
    new DatasetError("Cannot train on it"),
    new RangeError("Cannot split as it must be 1"),
    new Error("Cannot use WebGPU as this runtime has none"),
    missing,
    new Error("the device was lost (the run is saved)", { cause: new DatasetError("lost") }),
  ];
  for (const error of errors) {
    assertEquals(explainError(error, asked("train")), [`melstream: ${error.message}`]);
  }
});

Deno.test("a bug says where to report it, and with --debug where it comes from", () => {
  const bugs = [
    bugOf(() => (undefined as unknown as string[]).length),
    bugOf(() => new Float32Array(-1)),
    bugOf(() => new Error("odd", { cause: new TypeError("Cannot read properties") })),
    "a word",
  ];
  for (const bug of bugs) {
    const [line, advice, ...rest] = explainError(bug, asked("train"));
    assertMatch(line, /^melstream: /);
    assertMatch(
      advice,
      /^This is a bug: report it with the output of --debug to .*issue tracker\.$/,
    );
    assertEquals(rest, []);
  }
  const lines = explainError(bugs[0], asked("train", "--debug"));
  assertMatch(lines[0], /^melstream: TypeError: /);
  assert(lines.some((line) => line.includes("explain_error_test.ts")), lines.join("\n"));
  assertMatch(lines.at(-1)!, /^This is a bug: report it with this output/);
});
