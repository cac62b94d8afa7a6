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

Deno.test("it is the order of the names cut into numbers and other characters", () => {
  const parts = (name: string): (bigint | string)[] =>
    (name.toLowerCase().match(/\d+|\D/g) ?? []).map((part) =>
      /\d/.test(part) ? BigInt(part) : part
    );
  const compareParts = (a: string, b: string): number => {
    const left = parts(a), right = parts(b);
    for (const [i, part] of left.entries()) {
      const other = right[i];
      if (other === undefined) return 1;
      if (part === other) continue;
      const areNumbers = typeof part === "bigint" && typeof other === "bigint";
      return (areNumbers ? part < other : String(part) < String(other)) ? -1 : 1;
    }
    return left.length < right.length ? -1 : a < b ? -1 : a > b ? 1 : 0;
  };
  const name = fc.string({ unit: fc.constantFrom(..."aAéÉ0019./ \u{1F3B5}"), maxLength: 8 });
  fc.assert(
    fc.property(
      name,
      name,
      (a, b) => assertStrictEquals(Math.sign(compareNatural(a, b)), compareParts(a, b)),
    ),
    { numRuns: 2000 },
  );
});
