/** How copies of short sounds are filled up. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  applyPadding,
  describePadding,
  drawPadding,
  type PaddingDraw,
} from "../../../pipeline/augment/augment.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { noise } from "../dsp/signals.ts";

function padded(draw: PaddingDraw, sound: Float32Array, length: number): Float32Array {
  const out = new Float32Array(length).fill(NaN);
  applyPadding(draw, sound, out);
  return out;
}

Deno.test("silence is put around the whole sound, repetitions go on with it before and behind", () => {
  for (const soundLength of [1, 7, 99, 100]) {
    const sound = noise(soundLength);
    for (const place of [0, 0.31, 0.999]) {
      const start = Math.floor(place * (101 - soundLength));
      const between = padded({ kind: "padding", fill: "silence", place }, sound, 100);
      const repeated = padded({ kind: "padding", fill: "repeat", place }, sound, 100);
      for (let i = 0; i < 100; i++) {
        const at = i - start, isInside = at >= 0 && at < soundLength;
        assertEquals(between[i], isInside ? sound[at] : 0);
        assertEquals(repeated[i], sound[(at + 100 * soundLength) % soundLength], `sample ${i}`);
      }
    }
  }
});

Deno.test("of no sound at all, silence is made", () => {
  for (const fill of ["silence", "repeat"] as const) {
    const out = padded({ kind: "padding", fill, place: 0.4 }, new Float32Array(0), 9);
    assertSameBits(out, new Float32Array(9));
  }
});

Deno.test("every place is as likely, half of the mixed ones are repeated, and the same key draws the same", () => {
  const draw = (mode: "random" | "repeat" | "mixed", i: number) =>
    drawPadding(mode, createRandom("padding", i));
  const numbers = Array.from({ length: 2000 }, (_, i) => i), places = new Array(4).fill(0);
  for (const i of numbers) places[Math.floor(4 * draw("random", i).place)]++;
  for (const count of places) assert(Math.abs(count - 500) < 100, `${places}`); // five sigma
  const repeated = numbers.filter((i) => draw("mixed", i).fill === "repeat").length;
  assert(Math.abs(repeated - 1000) < 112, `${repeated} of 2000 repeated`);
  for (const i of numbers.slice(0, 20)) {
    assertEquals(draw("random", i), { ...draw("repeat", i), fill: "silence" });
    assertEquals(draw("mixed", i), draw("mixed", i));
  }
  assertNotEquals(draw("mixed", 1), draw("mixed", 2));
  const words = "padding with silence, 25 % of it before the sound";
  assertEquals(describePadding({ kind: "padding", fill: "silence", place: 0.25 }), words);
});
