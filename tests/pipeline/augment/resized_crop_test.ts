/** Parts of features stretched to the whole. */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import {
  applyResizedCrop,
  type AxisPart,
  describeResizedCrop,
  drawResizedCrop,
} from "../../../pipeline/augment/augment.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { noise } from "../dsp/signals.ts";

const shape = { melBands: 20, numFrames: 31 };

function resized(bands: AxisPart, frames: AxisPart, features: Float32Array): Float32Array {
  const changed = features.slice();
  applyResizedCrop({ kind: "resized-crop", bands, frames }, changed, shape);
  return changed;
}

Deno.test("all of the features stay as they are, to the bit", () => {
  const features = noise(20 * 31), all = { start: 0, size: 1 };
  assertSameBits(resized(all, all, features), features);
});

Deno.test("a part is interpolated between the centres of cells: a slope stays a slope", () => {
  // Bilinear interpolation is exact for these.
  const at = (band: number, frame: number) => 3 * band - 2 * frame;
  const slope = Float32Array.from({ length: 20 * 31 }, (_, i) => at(Math.floor(i / 31), i % 31));
  const bands = { start: 0.1, size: 0.85 }, frames = { start: 0, size: 0.9 };
  const changed = resized(bands, frames, slope);
  for (let band = 0; band < 20; band++) {
    for (let frame = 0; frame < 31; frame++) {
      const wanted = at(
        Math.min(19, Math.max(0, 2 + (band + 0.5) * 0.85 - 0.5)),
        Math.min(30, Math.max(0, (frame + 0.5) * 0.9 - 0.5)),
      );
      const seen = changed[31 * band + frame];
      assert(Math.abs(seen - wanted) < 1e-4, `band ${band}, frame ${frame}: ${seen}, ${wanted}`);
    }
  }
});

Deno.test("draws lie within the features, reach their edges, and are applied again from JSON", () => {
  const seen: AxisPart[] = [];
  for (let i = 0; i < 500; i++) {
    const { bands, frames } = drawResizedCrop(createRandom("resize", i));
    seen.push(bands, frames);
  }
  for (const { start, size } of seen) {
    assert(size >= 0.8 && size <= 1 && start >= 0 && start + size <= 1 + 1e-12);
  }
  assert(Math.min(...seen.map(({ size }) => size)) < 0.81);
  assert(Math.max(...seen.map(({ start, size }) => start + size)) > 0.995);
  const draw = drawResizedCrop(createRandom("resize", 1));
  assertEquals(drawResizedCrop(createRandom("resize", 1)), draw);
  assertNotEquals(drawResizedCrop(createRandom("resize", 2)), draw);
  assertMatch(describeResizedCrop(draw), /^\d+ % of the bands and \d+ % of the frames, resized$/);
  const features = noise(20 * 31), once = features.slice(), again = features.slice();
  applyResizedCrop(draw, once, shape);
  applyResizedCrop(JSON.parse(JSON.stringify(draw)), again, shape);
  assertSameBits(again, once);
  assert(once.every(Number.isFinite));
});
