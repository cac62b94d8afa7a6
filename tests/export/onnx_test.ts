/** Exported graphs, computed by onnxruntime, against the kernels, the labeller and tfjs. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { createOnnx } from "../../export/export.ts";
import type { SavedModel } from "../../model/saved_model.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import { fitLength } from "../../pipeline/fit_length.ts";
import {
  clipSamples,
  defaultFrontEnd,
  type FrontEnd,
  numFrames,
} from "../../pipeline/front_end.ts";
import { labelSamples, openLabeller } from "../../run/prediction/labeller.ts";
import { assertFails } from "../assert_failure.ts";
import { chirp, mix, noise } from "../pipeline/dsp/signals.ts";
import { createModel } from "./models.ts";
import { fieldsOf, readMessage, textOf } from "./read_message.ts";
import { openOnnx } from "./run_onnx.ts";

const dsp = await loadDsp();
const small: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };

function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  limit: number,
  words: string,
): void {
  assertStrictEquals(actual.length, expected.length, words);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    if (!(difference <= largest)) largest = difference; // NaN counts
  }
  assert(largest <= limit, `${words}: largest difference ${largest}`);
}

function featuresOf(frontEnd: FrontEnd, samples: Float32Array): Float32Array {
  const out = new Float32Array(frontEnd.melBands * numFrames(frontEnd));
  dsp.createLogMel(frontEnd).compute(fitLength(samples, clipSamples(frontEnd)), out);
  return out;
}

const frontEnds: readonly Partial<FrontEnd>[] = [
  {},
  { centering: "off", fftSize: 1024, hopSamples: 441, dynamicRangeDb: 40 },
  { fftSize: 512, hopSamples: 160, sampleRateHz: 16000, maxHz: 7600, minHz: 50, melScale: "htk" },
  { fftSize: 64, hopSamples: 64, melBands: 8 },
  { fftSize: 4096, hopSamples: 1000, durationSeconds: 0.2 },
];

for (const options of frontEnds) {
  const words = Object.entries(options).map((entry) => entry.join(" ")).join(", ");
  Deno.test(`features in ONNX are the kernels' within 0.01 dB: ${words || "the defaults"}`, async () => {
    const frontEnd = { ...small, ...options }, length = clipSamples(frontEnd);
    const model = await createModel(frontEnd);
    await using graph = await openOnnx(await createOnnx(model, { featuresOnly: true }));
    const loud = mix(length), quiet = noise(length).map((x) => x / 1e4);
    for (
      const sounds of [
        [loud, quiet, chirp(length), new Float32Array(length)],
        [mix(length + 1234)],
        [mix(length - 1000)],
        [new Float32Array(1).fill(0.5)],
      ]
    ) {
      const { shape, values } = await graph.run(sounds);
      assertEquals(shape, [sounds.length, frontEnd.melBands, numFrames(frontEnd)]);
      const cells = shape[1] * shape[2];
      sounds.forEach((sound, i) => {
        const actual = values.subarray(i * cells, (i + 1) * cells);
        assertNear(actual, featuresOf(frontEnd, sound), 0.01, `${sound.length} samples, ${i}`);
      });
    }
  });
}

async function labelled(models: readonly SavedModel[], sounds: readonly Float32Array[]) {
  const labeller = await openLabeller(models, { backend: "cpu", threads: 1, workers: 1 });
  try {
    const { sampleRateHz } = labeller.card.frontEnd, answers: number[] = [];
    for (const sound of sounds) {
      answers.push(...await labelSamples(labeller, sound, sampleRateHz));
    }
    return answers;
  } finally {
    await labeller.close();
  }
}

for (
  const [words, seeds, options] of [
    ["one label a clip", [1], {}],
    ["several labels a clip", [2], { activation: "sigmoid" }],
    ["mean plus maximum over time", [9], { globalPooling: "mean-max" }],
    ["one label, at a temperature", [7], { temperature: 0.4 }],
    ["several labels, at a temperature", [8], { activation: "sigmoid", temperature: 2.5 }],
    ["the mean of folds, at a temperature", [4, 5, 6], { temperature: 1.7 }],
  ] as const
) {
  Deno.test(`probabilities in ONNX are the labeller's within 1e-5: ${words}`, async () => {
    const models = await Promise.all(seeds.map((seed) => createModel(small, { seed, ...options })));
    await using graph = await openOnnx(await createOnnx(models));
    const spread = new Set<number>();
    for (const length of [3000, clipSamples(small), 20000]) {
      const sounds = [mix(length), chirp(length), noise(length)];
      const { shape, values } = await graph.run(sounds);
      assertEquals(shape, [3, 3]);
      assertNear(values, await labelled(models, sounds), 1e-5, `${length} samples`);
      for (const value of values) spread.add(Math.round(value * 1000));
    }
    assert(spread.size > 4, `the answers differ: ${[...spread]}`);
  });
}

Deno.test("a file says what it is: classes, rate, length, program, names of axes", async () => {
  const model = await createModel(small);
  const bytes = await createOnnx(model);
  const info = Object.fromEntries(
    fieldsOf(bytes, 14).map((entry) => [textOf(entry, 1), textOf(entry, 2)]),
  );
  assertEquals(JSON.parse(info.classes), model.card.classes);
  assertEquals(JSON.parse(info.front_end), small);
  assertEquals(JSON.parse(info.thresholds), [0.5, null, 0.25]);
  const { task, sample_rate_hz, clip_seconds, clip_samples } = info;
  assertEquals([task, sample_rate_hz], ["one-label", "22050"]);
  assertEquals([clip_seconds, clip_samples], ["0.5", "11025"]);
  assertEquals([textOf(bytes, 2), textOf(bytes, 3)], ["melstream", "test"]);
  assertEquals(readMessage(fieldsOf(bytes, 8)[0])[1], [2, 13n]);
  const [graph] = fieldsOf(bytes, 7);
  const axesOf = (value: Uint8Array) => {
    const [type] = fieldsOf(value, 2), [tensor] = fieldsOf(type, 1), [shape] = fieldsOf(tensor, 2);
    const axes = fieldsOf(shape, 1).map((axis) => readMessage(axis)[0]);
    return [
      textOf(value, 1),
      ...axes.map(([field, axis]) =>
        field === 1 ? axis : new TextDecoder().decode(axis as Uint8Array)
      ),
    ];
  };
  assertEquals(fieldsOf(graph, 11).map(axesOf), [["waveform", "batch", "samples"]]);
  assertEquals(fieldsOf(graph, 12).map(axesOf), [["probabilities", "batch", 3n]]);
});

Deno.test("models of different kinds are not exported as one", async () => {
  const one = await createModel(small), { card, weights } = one;
  const other = { card: { ...card, classes: ["x", "y", "z"] }, weights };
  await assertFails(createOnnx([one, other]), {
    name: "RangeError",
    message: "Cannot average these models as they must have the same classes",
  });
});
