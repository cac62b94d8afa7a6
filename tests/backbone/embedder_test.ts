/** Embeddings by the runtime, of a real network and of small ones, beside Python's and beside arithmetic. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { backboneOf, openBackbone } from "../../backbone/backbone.ts";
import { resolveCard } from "../../backbone/card.ts";
import { applyLevel, createEmbedder, startsOf } from "../../backbone/embedder.ts";
import { createMelFrames } from "../../backbone/mel_frames.ts";
import { assertFails } from "../assert_failure.ts";
import spectrograms from "../vectors/backbone/mel_frames.json" with { type: "json" };
import answers from "../vectors/backbone/speech_embedding.json" with { type: "json" };
import { meanAndMax, onnxOf, speechEmbedding, sweep } from "./files.ts";

async function embed(
  bytes: Uint8Array,
  card: Readonly<Record<string, unknown>>,
  samples: Float32Array,
): Promise<Float32Array> {
  const whole = resolveCard({ name: "small", rateHz: 1000, ...card }, "here");
  const backbone = await backboneOf(bytes, whole, "small.onnx");
  const out = new Float32Array(backbone.feeding.size);
  await (await createEmbedder(backbone)).embed(samples, out);
  return out;
}

Deno.test("Google's speech embedding is that of Python's runtime, and is known without a card", async () => {
  const backbone = await openBackbone(await speechEmbedding()), { Worker } = globalThis;
  assertEquals([backbone.card.name, backbone.card.licence, backbone.feeding.size], [
    ...["Google speech embedding", "Apache-2.0", 96],
  ]);
  const embedder = await createEmbedder(backbone);
  assertStrictEquals(globalThis.Worker, Worker);
  for (const { length, amplitude, rate, embedding } of answers) {
    const out = new Float32Array(96), sound = sweep(length, amplitude, rate);
    await embedder.embed(sound, out);
    assertEquals(sound, sweep(length, amplitude, rate));
    const largest = Math.max(...embedding.map(Math.abs));
    out.forEach((value, i) =>
      assert(
        Math.abs(value - embedding[i]) < 1e-5 * largest,
        `${length}: ${value}, ${embedding[i]}`,
      )
    );
  }
});

Deno.test("mel frames are those of other programs, on HTK's and on Slaney's scale", () => {
  const sound = sweep(4000, 0.4, 0.002);
  for (const { card, frames, values } of spectrograms) {
    const settings = card as Parameters<typeof createMelFrames>[0];
    const made = createMelFrames(settings, 16_000)(sound), { melBands } = settings;
    assertStrictEquals(made.length, frames * melBands);
    values.forEach((value, i) => {
      const at = Math.floor(i / melBands) * 5 * melBands + i % melBands;
      assert(Math.abs(made[at] - value) < 1e-4, `${card.melScale} ${i}: ${made[at]}, not ${value}`);
    });
  }
});

Deno.test("a clip is heard in stretches, the last one at its end, however many go in at a time", async () => {
  assertEquals(startsOf(10, 4, 4), [0, 4, 6]);
  assertEquals(startsOf(8, 4, 4), [0, 4]);
  assertEquals(startsOf(3, 4, 4), [0]);
  const clip = Float32Array.from({ length: 90 }, (_, i) => i);
  // Stretches of 20: 0, 20, 40, 60, 70; their means and maxima, averaged.
  for (const batch of ["batch", 1, 2]) {
    assertEquals([...await embed(meanAndMax(20, batch), {}, clip)], [47.5, 57], `batch ${batch}`);
  }
  assertEquals([...await embed(meanAndMax("n"), { seconds: 0.02 }, clip)], [47.5, 57]);
  assertEquals([...await embed(meanAndMax("n"), {}, clip)], [44.5, 89]);
  const dense = [...await embed(meanAndMax(20), { hopSeconds: 0.001 }, clip)];
  assertEquals(dense, [44.5, 54]); // 71 stretches
  const short = new Float32Array(5).fill(4);
  assertEquals([...await embed(meanAndMax(20), {}, short)], [1, 4]); // zeros behind it
});

Deno.test("levels are as a card says, and silence stays silent", () => {
  const level = (how: Parameters<typeof applyLevel>[1], scale: number, ...values: number[]) =>
    [...applyLevel(Float32Array.from(values), how, scale)].map((x) => Number(x.toFixed(4)));
  assertEquals(level("none", 2, 1, -1), [2, -2]);
  assertEquals(level("peak", 0.25, 3, 1, 2), [0.25, -0.25, 0]);
  assertEquals(level("standard", 1, 1, 3), [-1, 1]);
  assertEquals(level("peak", 0.25, 0, 0), [0, 0]);
  assertEquals(level("standard", 1, 5, 5), [0, 0]);
});

Deno.test("spectrograms go in with their bands where the network has them", async () => {
  const mel = { windowSamples: 16, fftSize: 16, hopSamples: 4, melBands: 3, maxHz: 500 };
  const clip = sweep(200, 0.5, 0.01);
  const frames = createMelFrames(
    resolveCard({
      ...{ name: "a", rateHz: 1000, frontEnd: mel },
    }, "here").frontEnd as Parameters<typeof createMelFrames>[0],
    1000,
  )(clip);
  const meanOf = (band: number) => {
    let sum = 0;
    for (let t = 0; t < 8; t++) sum += frames[3 * t + band] / 8;
    return sum;
  };
  // Of eight frames the mean of each band; with the bands first, or last.
  const bands = (axes: readonly (number | string)[], over: number) =>
    onnxOf(axes, [{ name: "out", axes: ["batch", 3] }], (graph, input) => [
      graph.add("ReduceMean", [input], { axes: [over], keepdims: 0 }),
    ]);
  const first8 = clip.slice(0, 16 + 7 * 4);
  for (const [axes, over] of [[["b", 3, 8], 2], [["b", 8, 3], 1]] as const) {
    const out = await embed(bands(axes, over), { frontEnd: mel }, first8);
    out.forEach((value, band) => assert(Math.abs(value - meanOf(band)) < 1e-4, `${axes}`));
  }
});

Deno.test("networks that cannot be computed are refused in one line", async () => {
  const unknown = onnxOf(["b", 20], [{ name: "e", axes: ["b", 20] }], (graph, input) => [
    graph.add("Teleport", [input]),
  ]);
  const clip = new Float32Array(20).fill(1),
    failure =
      /^BackboneError: Cannot use small as a backbone as the runtime must be able to compute it: [^\n]*Teleport[^\n]*$/;
  await assertFails(embed(unknown, {}, clip), failure);
  const huge = onnxOf(["b", 20], [{ name: "e", axes: ["b", 20] }], (graph, input) => [
    graph.add("Add", [
      input,
      graph.add("ReduceMean", [
        graph.add("ConstantOfShape", [graph.integers([2 ** 31, 2 ** 20])]),
      ], { axes: [0, 1], keepdims: 0 }),
    ]),
  ]);
  await assertFails(embed(huge, {}, clip), /^\w*Error: [^\n]*$/);
  const infinite = onnxOf(["b", 2], [{ name: "e", axes: ["b", 2] }], (graph, input) => [
    graph.add("Log", [input]),
  ]);
  await assertFails(
    embed(infinite, {}, new Float32Array(2)),
    /the embedding must be finite/,
  );
  const other = onnxOf(["b", 20], [{ name: "e", axes: ["b", 7] }], (graph, input) => [
    graph.add("Identity", [input]),
  ]);
  await assertFails(embed(other, {}, clip), /7/);
});
