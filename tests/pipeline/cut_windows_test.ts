import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { cutWindows } from "../../pipeline/cut_windows.ts";

/** The windows of a sound that counts its samples, in pieces of some lengths. */
async function cut(pieces: readonly number[], rate: number, length: number, hop: number) {
  async function* chunks() {
    let at = 0;
    for (const count of pieces) {
      yield Float32Array.from({ length: count }, () => at++);
    }
  }
  const windowing = { length, hop, sampleRateHz: 10 };
  const windows = await Array.fromAsync(cutWindows(chunks(), rate, windowing));
  return windows.map(({ start, samples }) => [start, samples[0], samples.length]);
}

Deno.test("windows come at whole samples; the last is the first that reaches the end", async () => {
  assertEquals(await cut([25], 10, 10, 10), [[0, 0, 10], [10, 10, 10], [20, 20, 5]]);
  assertEquals(await cut([20], 10, 10, 10), [[0, 0, 10], [10, 10, 10]]);
  assertEquals(await cut([16], 10, 10, 3), [[0, 0, 10], [3, 3, 10], [6, 6, 10]]);
  assertEquals(await cut([17], 10, 10, 3), [[0, 0, 10], [3, 3, 10], [6, 6, 10], [9, 9, 8]]);
  assertEquals(await cut([12], 10, 10, 15), [[0, 0, 10]]); // the next would begin behind the end
  assertEquals(await cut([4], 10, 10, 10), [[0, 0, 4]]);
  assertEquals(await cut([], 10, 10, 10), []);
  assertEquals(await cut([25], 5, 10, 10), [[0, 0, 5], [10, 5, 5], [20, 10, 5], [30, 15, 5], [
    40,
    20,
    5,
  ]]);
});

Deno.test("how a sound comes in pieces does not matter", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }),
      fc.constantFrom(7, 10, 44),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 30 }),
      async (pieces, rate, length, hop) => {
        const total = pieces.reduce((sum, count) => sum + count, 0);
        assertEquals(await cut(pieces, rate, length, hop), await cut([total], rate, length, hop));
      },
    ),
  ));
