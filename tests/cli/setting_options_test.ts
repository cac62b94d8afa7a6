/** Options from tables of settings, and what a command line says of them. */
import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { Command } from "../../deps/commander.ts";
import { addOptions, readSaid, readValues } from "../../cli/setting_options.ts";
import { byteSize, oneOf, onOrOff, text, wholeNumberIn } from "../../settings/value_range.ts";
import type { SettingsOf } from "../../settings/setting.ts";
import { assertFails } from "../assert_failure.ts";

interface Values {
  readonly numSteps: number;
  readonly rateHz: number;
  readonly isLoud?: boolean;
  readonly resume?: string | true;
  readonly how: "fast" | "slow";
  readonly limit: number;
  readonly inside: number;
}

const settings: SettingsOf<Values> = {
  numSteps: { range: wholeNumberIn({ min: 1 }), default: 4, help: "steps", group: "Run" },
  rateHz: {
    range: wholeNumberIn({ min: 1 }),
    default: 7,
    defaultWords: "the seventh",
    help: "rate",
    group: "Data",
    flag: "rate",
    placeholder: "hz",
  },
  isLoud: { range: onOrOff, help: "louder", group: "Run", flag: "loud" },
  resume: { range: text, mayStandAlone: true, help: "again", group: "Run", placeholder: "dir" },
  how: { range: oneOf("fast", "slow"), default: "fast", help: "pace", group: "Run" },
  limit: { range: byteSize, default: 10e9, help: "most", group: "Run", excludes: "rate" },
  inside: { range: wholeNumberIn({}), default: 1, help: "unseen", group: "Run", flag: false },
};

function parse(...words: string[]): Command {
  const command = new Command("test").exitOverride().configureOutput({ writeErr: () => {} });
  return addOptions(command, [settings]).parse(words, { from: "user" });
}

Deno.test("an option is its setting's name in kebab-case, its own flag, or none", () => {
  const command = parse();
  const flags = command.options.map(({ flags, helpGroupHeading }) => [flags, helpGroupHeading]);
  assertEquals(flags, [
    ["--rate <hz>", "Data:"],
    ["--num-steps <n>", "Run:"],
    ["--loud", "Run:"],
    ["--resume [dir]", "Run:"],
    ["--how <n>", "Run:"],
    ["--limit <n>", "Run:"],
  ]);
  const help = command.helpInformation().replaceAll(/\s+/g, " ");
  assertMatch(help, /steps \(default: 4\).*most \(default: 10GB\)/);
  assertMatch(help, /rate \(default: the seventh\)/);
});

Deno.test("what is said is told from what holds where nothing is said", () => {
  const values = { numSteps: 4, rateHz: 7, how: "fast", limit: 10e9, inside: 1 };
  assertEquals(readSaid(parse(), settings), {});
  assertEquals(readValues<Values>(parse(), settings), values);
  const said = parse("--num-steps", "4", "--loud", "--resume", "--how", "slow", "--limit", "2kB");
  assertEquals(readSaid(said, settings), {
    ...{ numSteps: 4, isLoud: true, resume: true, how: "slow", limit: 2000 },
  });
  assertStrictEquals(readSaid<Values>(parse("--resume", "a"), settings).resume, "a");
});

Deno.test("a value that the range does not hold is refused with the option and the rule", () => {
  const cases: [string[], RegExp][] = [
    [["--num-steps", "0"], /'--num-steps <n>' argument '0' is invalid.*whole number of at least 1/],
    [["--limit", "0"], /'--limit <n>' argument '0' is invalid.*size above 0/],
    [["--how", "soon"], /'soon' is invalid.*fast, slow/],
    [["--resume", ""], /a text that is not empty/],
    [["--limit", "1k", "--rate", "2"], /cannot be used with/],
  ];
  for (const [words, message] of cases) assertFails(() => parse(...words), { message });
});
