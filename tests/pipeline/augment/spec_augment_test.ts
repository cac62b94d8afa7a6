/** SpecAugment's masks: where they lie, how wide they are, and what they write. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  applySpecAugment,
  defaultSpecAugment,
  drawSpecAugment,
} from "../../../pipeline/augment/augment.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { noise } from "../dsp/signals.ts";

const shape = { melBands: 20, numFrames: 31 };

Deno.test("masks lie within the features and reach their greatest width", () => {
  let widestBands = 0, widestFrames = 0, last = 0;
  for (let i = 0; i < 500; i++) {
    const settings = {
      ...{ frequencyMasks: 2, maxBands: 5, timeMasks: 3, maxFrames: 100, probability: 1 },
    };
    const { bands, frames } = drawSpecAugment(settings, shape, createRandom(i));
    assertEquals([bands.length, frames.length], [2, 3]);
    for (const { start, width } of bands) {
      assert(start >= 0 && width >= 0 && width <= 5 && start + width <= 20);
      widestBands = Math.max(widestBands, width);
      last = Math.max(last, start + width);
    }
    for (const { start, width } of frames) {
      assert(start >= 0 && width >= 0 && start + width <= 31);
      widestFrames = Math.max(widestFrames, width);
    }
  }
  assertEquals([widestBands, widestFrames, last], [5, 31, 20]);
});

Deno.test("masked cells get the mean, the others stay; a draw applied again from JSON gives the same", () => {
  const features = noise(20 * 31);
  const mean = Math.fround(features.reduce((sum, x) => sum + x, 0) / features.length);
  const draw = {
    kind: "spec-augment",
    bands: [{ start: 3, width: 2 }, { start: 19, width: 1 }],
    frames: [{ start: 0, width: 4 }, { start: 30, width: 0 }],
  } as const;
  const masked = features.slice(), again = features.slice();
  applySpecAugment(draw, masked, shape);
  applySpecAugment(JSON.parse(JSON.stringify(draw)), again, shape);
  assertSameBits(again, masked);
  masked.forEach((value, i) => {
    const band = Math.floor(i / 31), frame = i % 31;
    const inside = band === 3 || band === 4 || band === 19 || frame < 4;
    assert(
      Math.abs(value - (inside ? mean : features[i])) < 1e-6,
      `band ${band}, frame ${frame}`,
    );
  });
});

Deno.test("a share of the copies has masks, those that all of them would have", () => {
  let masked = 0;
  for (let i = 0; i < 1000; i++) {
    const draw = (probability: number) =>
      drawSpecAugment({ ...defaultSpecAugment, probability }, shape, createRandom(i));
    const some = draw(0.3), isMasked = some.bands.length > 0;
    assertEquals(some, isMasked ? draw(1) : draw(0));
    if (isMasked) masked++;
  }
  assert(Math.abs(masked - 300) < 73, `${masked} of 1000`); // five sigma
  const features = noise(20 * 31), untouched = features.slice();
  const none = drawSpecAugment({ ...defaultSpecAugment, probability: 0 }, shape, createRandom(1));
  applySpecAugment(none, features, shape);
  assertSameBits(features, untouched);
});

Deno.test("the same key draws the same masks, and features of another size are refused", () => {
  const draw = (key: string) => drawSpecAugment(defaultSpecAugment, shape, createRandom(key));
  assertEquals(draw("a"), draw("a"));
  assertNotEquals(draw("a"), draw("b"));
  assertFails(() => applySpecAugment(draw("a"), new Float32Array(5), shape), {
    name: "TypeError",
    message: /must have 20 × 31 cells: current value is 5/,
  });
});
