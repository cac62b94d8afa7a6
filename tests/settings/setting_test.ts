/** Tables of settings: defaults, checks, and that those of the program hold together. */
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { commands } from "../../cli/commands.ts";
import { flagOf } from "../../cli/setting_options.ts";
import { checkRecipe, defaultRecipe } from "../../model/recipe.ts";
import { recipes } from "../../run/config/recipes.ts";
import { checkFrontEnd, defaultFrontEnd, resolveFrontEnd } from "../../pipeline/front_end.ts";
import { numberIn, oneOf } from "../../settings/value_range.ts";
import { resolveSettings, SettingError, type SettingsOf } from "../../settings/setting.ts";
import { assertFails } from "../assert_failure.ts";

interface Tea {
  readonly minutes: number;
  readonly kind: "green" | "black";
  readonly cups?: number;
}

const settings: SettingsOf<Tea> = {
  minutes: { range: numberIn({ above: 0 }), default: 3, help: "how long", group: "Run" },
  kind: { range: oneOf("green", "black"), default: "green", help: "which", group: "Run" },
  cups: { range: numberIn({ min: 1 }), help: "how many", group: "Run" },
};

Deno.test("what is not said has its default, and what is said goes before it", () => {
  const resolve = (values: Partial<Tea>) => resolveSettings(settings, values, "make tea");
  assertEquals(resolve({}), { minutes: 3, kind: "green" });
  assertEquals(resolve({ kind: "black", minutes: undefined, cups: 2 }), {
    ...{ minutes: 3, kind: "black", cups: 2 },
  });
});

Deno.test("a value that is not allowed is refused with the action, the rule and what was seen", () => {
  const refuse = (values: object, message: string) => {
    const error = assertThrows(
      () => resolveSettings<Tea>(settings, values, "make tea"),
      SettingError,
    );
    assert(error instanceof RangeError);
    assertStrictEquals(error.message, message);
  };
  refuse({ minutes: 0 }, "Cannot make tea as minutes must be a number above 0: current value is 0");
  refuse(
    { kind: "mint" },
    "Cannot make tea as kind must be green or black: current value is mint",
  );
  refuse({ cups: 0 }, "Cannot make tea as cups must be a number of at least 1: current value is 0");
  const error = new SettingError("make tea", "minutes", "short", 9);
  assertStrictEquals(
    error.describe("--minutes"),
    "Cannot make tea as --minutes must be short: current value is 9",
  );
});

Deno.test("every default and every recipe is allowed", () => {
  for (const [command, { settings }] of Object.entries(commands)) {
    for (const [name, { range, default: value }] of settings.flatMap(Object.entries)) {
      if (value !== undefined) assert(range.contains(value), `${command} ${name}: ${value}`);
    }
  }
  for (const { recipe } of Object.values(recipes)) checkRecipe(recipe);
  checkFrontEnd(defaultFrontEnd);
});

Deno.test("no command has two settings behind one option", () => {
  for (const [command, { settings }] of Object.entries(commands)) {
    const flags = settings.flatMap(Object.entries).map(([name, setting]) => flagOf(name, setting))
      .filter((flag) => flag !== undefined);
    assertEquals(flags, [...new Set(flags)], command);
  }
});

Deno.test("a recipe and a front end with a value missing are refused, as a config.json may be", () => {
  const { seed: _, ...seedless } = defaultRecipe, { hopSamples: __, ...hopless } = defaultFrontEnd;
  assertFails(() => checkRecipe(seedless as typeof defaultRecipe), /seed must be .* undefined$/);
  assertFails(() => checkFrontEnd(hopless as typeof defaultFrontEnd), /hopSamples must be/);
});

Deno.test("a front end's upper edge follows the sample rate unless it is said", () => {
  const rate = { sampleRateHz: 16000 };
  assertStrictEquals(resolveFrontEnd({}).maxHz, 11025);
  assertStrictEquals(resolveFrontEnd(rate).maxHz, 8000);
  assertStrictEquals(resolveFrontEnd({ ...rate, maxHz: 4000 }).maxHz, 4000);
  const narrow = resolveFrontEnd({ ...rate, maxHz: 4000 });
  assertStrictEquals(resolveFrontEnd({ melBands: 64 }, narrow).maxHz, 4000);
  assertStrictEquals(resolveFrontEnd({ sampleRateHz: 8000 }, narrow).maxHz, 4000);
  assertFails(() => resolveFrontEnd({ hopSamples: 4096 }), /hopSamples must be at most .*2048/);
  assertFails(() => resolveFrontEnd({ melBands: 1025 }), /melBands must be at most .*1024/);
  assertFails(() => resolveFrontEnd({ minHz: 11025 }), /minHz must be below .*11025/);
  assertFails(
    () => resolveFrontEnd({ centering: "off", durationSeconds: 0.01 }),
    /durationSeconds must be at least one window long/,
  );
});
