/** What the ranges of settings allow, how they say it, and how words of the command line are read. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import {
  byteSize,
  numberIn,
  oneOf,
  powerOfTwoIn,
  type ValueRange,
  wholeNumberIn,
  wholeNumbersIn,
} from "../../settings/value_range.ts";
import { assertSameBits } from "../assert_same_bits.ts";

Deno.test("a range allows what its rule says, and nothing else", () => {
  const cases: [ValueRange<unknown>, string, unknown[], unknown[]][] = [
    [numberIn({ min: 0 }), "a number of at least 0", [0, 0.5, 1e9], [-1e-9, NaN, Infinity, "1"]],
    [numberIn({ min: 0, max: 0.9 }), "a number from 0 to 0.9", [0, 0.9], [0.91, -0.1, undefined]],
    [numberIn({ min: 0, below: 1 }), "a number of at least 0 and below 1", [0, 0.999], [1]],
    [numberIn({ above: 0, max: 1 }), "a number above 0 and of at most 1", [1, 1e-9], [0, 1.1]],
    [numberIn({}), "a number", [-5, 5.5], [-Infinity, null]],
    [wholeNumberIn({ min: 2 }), "a whole number of at least 2", [2, 1e6], [1, 2.5, 2 ** 60]],
    [powerOfTwoIn({ min: 64, max: 256 }), "a power of two from 64 to 256", [64, 256], [
      63,
      96,
      512,
    ]],
    [oneOf("a", "b", "c"), "a, b or c", ["a", "c"], ["d", "", undefined]],
    [
      wholeNumbersIn({ min: 1, max: 512 }),
      "a list of which each is a whole number from 1 to 512",
      [[48], [48, 96]],
      [[], [0], [48, 0.5], 48],
    ],
    [byteSize, "a size above 0, such as 500MB or 2GB", [1, 1e13], [0, -1, "2GB"]],
  ];
  for (const [range, rule, good, bad] of cases) {
    assertStrictEquals(range.rule, rule);
    for (const value of good) assertStrictEquals(range.contains(value), true, `${rule}: ${value}`);
    for (const value of bad) assertStrictEquals(range.contains(value), false, `${rule}: ${value}`);
  }
});

Deno.test("a word is read as the value that is written so, or as none that is allowed", () => {
  const number = numberIn({ min: 0 }), numbers = wholeNumbersIn({ min: 1 });
  for (const word of ["", " ", "many", "1,5", "0x"]) {
    assertStrictEquals(number.contains(number.parse(word)), false, word);
  }
  assertEquals(numbers.parse("48,96, 192"), [48, 96, 192]);
  for (const word of ["", "48,,96", "48;96"]) {
    assertStrictEquals(numbers.contains(numbers.parse(word)), false, word);
  }
  const sizes: [string, number][] = [["500MB", 5e8], ["2gb", 2e9], ["1.5 k", 1500], ["12", 12]];
  for (const [word, bytes] of sizes) assertStrictEquals(byteSize.parse(word), bytes);
  for (const word of ["", "GB", "-1GB", "1PB"]) assertStrictEquals(byteSize.parse(word), undefined);
});

Deno.test("what a range writes, it reads", () => {
  const whole = fc.integer({ min: 1, max: 2 ** 40 });
  fc.assert(fc.property(whole, (value) => {
    for (const range of [numberIn({}), wholeNumberIn({}), byteSize]) {
      assertStrictEquals(range.parse(range.format(value)), value);
    }
  }));
  fc.assert(fc.property(fc.array(whole, { minLength: 1 }), (values) => {
    const range = wholeNumbersIn({ min: 1 });
    assertSameBits(range.parse(range.format(values)), values);
  }));
});
