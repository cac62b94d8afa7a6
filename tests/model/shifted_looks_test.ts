import { assert, assertEquals, assertRejects } from "@std/assert";
import { predictShifted } from "../../model/shifted_looks.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { createFakeEngine } from "./fake_engine.ts";

Deno.test("shifted looks divide the pooling stride, and their probabilities are averaged", async () => {
  // The first class's probability is where the mark in the first row stands.
  const engine = createFakeEngine((features) => {
    const place = features.subarray(0, 8).indexOf(1);
    return [place / 10, 1 - place / 10];
  });
  const inputs = new Float32Array(2 * 4 * 8);
  inputs[2] = 1; // example 0: place 2
  inputs[32 + 6] = 1; // example 1: place 6
  inputs[8] = 5; // another row, which moves along
  const probabilities = await predictShifted(engine, inputs.slice(), 3);
  // Pooling stride 4, so shifts by 0, 1, 2, 3; the places wrap around at 8.
  const first = (2 + 3 + 4 + 5) / 4 / 10, second = (6 + 7 + 0 + 1) / 4 / 10;
  [first, 1 - first, second, 1 - second].forEach((p, i) =>
    assert(Math.abs(probabilities[i] - p) < 1e-6)
  );
  assertEquals(engine.seen.map((seen) => seen.subarray(8, 16).indexOf(5)), [0, 1, 2, 3]);
});

Deno.test("an answer that is no number never leaves", async () => {
  for (const value of [NaN, Infinity]) {
    const engine = createFakeEngine((features) => [0.5, features[0] === 1 ? value : 0.5]);
    const inputs = new Float32Array(3 * 32);
    inputs[32] = 1;
    const words = `every probability must be finite: that of example 1 for class 1 is ${value}`;
    for (const shifts of [0, 2]) {
      const asked = predictShifted(engine, inputs.slice(), shifts);
      const { message } = await assertRejects(() => asked, Error);
      assert(message.endsWith(words), message);
    }
  }
});

Deno.test("no shifts are one look at the features as they are", async () => {
  const engine = createFakeEngine();
  const inputs = Float32Array.from({ length: 32 }, (_, i) => i);
  await predictShifted(engine, inputs, 0);
  assertSameBits(engine.seen, [Float32Array.from({ length: 32 }, (_, i) => i)]);
});
