import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { compareNatural } from "../../../pipeline/sources/natural_order.ts";

Deno.test("numbers in names count by their value, letters without their case", () => {
  const names = ["10.wav", "b.wav", "2.wav", "1.wav", "A.wav", "a2.wav", "a10.wav", "a/9.wav"];
  assertEquals(names.sort(compareNatural), [
    "1.wav",
    "2.wav",
    "10.wav",
    "A.wav",
    "a/9.wav",
    "a2.wav",
    "a10.wav",
    "b.wav",
  ]);
});

Deno.test("numbers longer than any integer are ordered too", () => {
  assert(compareNatural("99999999999999999999.wav", "100000000000000000000.wav") < 0);
});

Deno.test("the order is total: two different names are never equal", () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "A", "0", "1", "9", ".", "/"),
    maxLength: 6,
  });
  fc.assert(fc.property(name, name, name, (a, b, c) => {
    assertStrictEquals(compareNatural(a, b) === 0, a === b);
    assertStrictEquals(Math.sign(compareNatural(a, b)) + Math.sign(compareNatural(b, a)), 0);
    if (compareNatural(a, b) < 0 && compareNatural(b, c) < 0) assert(compareNatural(a, c) < 0);
  }));
});
