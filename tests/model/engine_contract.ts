/**
 * What every engine is held to, as tests over the `Engine` interface alone: forward pass, loss and
 * every gradient against PyTorch in float64, ten steps of Adam, and the promises of the interface.
 */
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import "@tensorflow/tfjs-backend-cpu";
import { io, setBackend, type Tensor, tensor } from "../../deps/tfjs_core.ts";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { adam, type Engine, type OptimizerState, type StepOptions } from "../../model/engine.ts";
import { type ConvNetworkOptions, createConvNetwork } from "../../model/conv_network.ts";
import { freezeBlocks, slowLayers } from "../../model/kept_layers.ts";
import { type Network, outputOf } from "../../model/network.ts";
import { isTrained, sizeOf, type WeightShape } from "../../model/operations.ts";
import { weightShapes } from "../../model/resolve_network.ts";
import { encodeModel } from "../../model/saved_model.ts";
import { createInitialWeights, type Weight } from "../../model/weights.ts";
import { writeModel } from "../../run/run_folder.ts";
import { assertFails } from "../assert_failure.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { createCard } from "./create_card.ts";

/** Starts an engine with these weights. */
export type EngineFactory = (network: Network, weights: readonly Weight[]) => Promise<Engine>;

/** How a suite differs between engines. */
export interface ContractOptions {
  /** Largest relative error (L2) of a gradient: 5e-3 where Winograd's transforms round. */
  readonly gradientTolerance: number;
  /** Why the engine cannot run here, for a visible skip. */
  readonly ignore?: boolean;
}

/** A file of `tests/vectors/model/`; `make.py` there says how it is made. */
export interface Vectors {
  /** What `createConvNetwork` is given. */
  readonly choices: ConvNetworkOptions;
  readonly network: Network;
  readonly inputRange: readonly [number, number];
  readonly batch: number;
  readonly options: Omit<StepOptions, "dropoutSeed">;
  readonly correct: number;
  readonly gradients: Record<string, { norm: number; stride: number; values: number[] }>;
  readonly losses: readonly number[];
  readonly norms: readonly number[];
  readonly predictionsBefore: readonly number[];
  readonly predictionsAfter: readonly number[];
}

/** Names of the vectors. */
const vectorNames = [
  "default",
  "odd_sigmoid_dropout",
  "clipped_decayed",
  "raw_decibels",
  "many_tiles",
  "wide",
  "odd_widths",
  "mean_max",
  "mean_max_one_block",
  "mean_max_constant",
];

/** Reads a file of vectors. */
export async function loadVectors(name: string): Promise<Vectors> {
  const vectors = JSON.parse(
    await Deno.readTextFile(new URL(`../vectors/model/${name}.json`, import.meta.url)),
  );
  return { ...vectors, network: createConvNetwork(vectors.choices) };
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** `uniform` of make.py: numbers that both sides draw alike. */
function uniform(stream: number, count: number, low: number, high: number): Float32Array {
  const key = mix(stream);
  return Float32Array.from({ length: count }, (_, i) => {
    return low + (high - low) * (mix((i ^ key) >>> 0) / 2 ** 32);
  });
}

/** `draw_weights` of make.py. */
export function drawWeights(network: Network): Weight[] {
  return weightShapes(network).map(({ name, shape }, i) => {
    const bound = Math.sqrt(6 / sizeOf(shape.slice(0, -1)));
    const ranges: Record<string, [number, number]> = {
      kernel: [-bound, bound],
      gamma: [-0.5, 1.5],
      moving_variance: [0.5, 1.5],
    };
    const [low, high] = ranges[name.split("/")[1]] ?? [-0.2, 0.2];
    return { name, shape, values: uniform(100 + i, sizeOf(shape), low, high) };
  });
}

/** Inputs and targets of the vectors. */
export function drawBatch(
  { network, inputRange, batch }: Pick<Vectors, "network" | "inputRange" | "batch">,
) {
  const { numClasses, activation } = outputOf(network);
  const inputs = uniform(1, batch * network.melBands * network.numFrames, ...inputRange);
  const targets = uniform(2, batch * numClasses, 0, 1);
  if (activation === "softmax") {
    for (let b = 0; b < batch; b++) {
      const row = targets.subarray(b * numClasses, (b + 1) * numClasses);
      const sum = Math.fround(row.reduce((a, x) => a + x, 0));
      row.forEach((x, i) => row[i] = x / sum);
    }
  }
  return { inputs, targets };
}

/** ‖actual − expected‖ / ‖expected‖. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assertStrictEquals(actual.length, expected.length);
  let error = 0, norm = 0;
  for (let i = 0; i < expected.length; i++) {
    error += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(error / Math.max(norm, 1e-30));
}

function assertClose(actual: number, expected: number, tolerance: number, what: string): void {
  assert(
    Math.abs(actual - expected) <= tolerance,
    `${what} must be within ${tolerance} of ${expected}: current value is ${actual}`,
  );
}

const numClasses = 5;

/** A small network that every property can be tried on, with odd edges and padded channels. */
export function createSmallNetwork(choices: Partial<ConvNetworkOptions> = {}): Network {
  return createConvNetwork({
    ...{ melBands: 21, numFrames: 30, numClasses, channels: [6, 12], denseUnits: 10 },
    dropoutRate: 0.2,
    ...choices,
  });
}

/** The same, as it is. */
export const smallNetwork: Network = createSmallNetwork();

/** The same with the other global pooling. */
export const meanMaxNetwork: Network = createSmallNetwork({ globalPooling: "mean-max" });

/** A batch of noise for a network, different for each key. */
export function drawNoise(network: Network, batch: number, key = 0) {
  const cells = network.melBands * network.numFrames, { numClasses } = outputOf(network);
  const inputs = uniform(10 + key, batch * cells, -80, 0);
  const targets = new Float32Array(batch * numClasses);
  for (let b = 0; b < batch; b++) targets[b * numClasses + (b + key) % numClasses] = 1;
  return { inputs, targets };
}

/** Options of a plain step. */
export const plainStep: StepOptions = {
  learningRate: 1e-3,
  clipNorm: 0,
  weightDecay: 0,
  dropoutSeed: 1,
};

/** Adam's state before its first step. */
function zeroMoments(slots: readonly WeightShape[]): OptimizerState {
  const zeros = slots.map(({ name, shape }) => ({
    ...{ name, shape },
    values: new Float32Array(sizeOf(shape)),
  }));
  return { steps: 0, firstMoments: zeros, secondMoments: zeros };
}

/** Everything an engine carries, for comparing bit by bit. */
export async function exportAll(engine: Engine) {
  return { weights: await engine.exportWeights(), optimizer: await engine.exportOptimizer() };
}

/** What tfjs's layers say on its CPU backend, from the files of a saved model that is written to `dir`. */
export async function predictByLayers(
  dir: string,
  network: Network,
  weights: readonly Weight[],
  inputs: Float32Array,
): Promise<Float32Array> {
  await writeModel(dir, encodeModel({ card: createCard(network), weights }));
  const { melBands, numFrames } = network;
  await setBackend("cpu");
  const model = await loadLayersModel(io.http(`file://${dir}/model.json`, { fetchFunc: fetch }));
  const batch = tensor(inputs, [inputs.length / (melBands * numFrames), melBands, numFrames, 1]);
  const outputs = model.predict(batch) as Tensor;
  const values = await outputs.data() as Float32Array;
  for (const used of [batch, outputs, model]) used.dispose();
  return values;
}

/** Registers the suite for one engine. */
export function testEngineContract(
  engineName: string,
  create: EngineFactory,
  { gradientTolerance, ignore = false }: ContractOptions,
): void {
  const test = (name: string, run: () => Promise<void>) =>
    Deno.test({
      name: `${engineName}: ${name}`,
      ignore,
      sanitizeOps: true,
      sanitizeResources: true,
      fn: run,
    });
  const using = async (
    network: Network,
    run: (engine: Engine) => Promise<void>,
    weights = createInitialWeights(network, 7),
  ) => {
    const engine = await create(network, weights);
    try {
      await run(engine);
    } finally {
      await engine.dispose();
    }
  };

  for (const name of vectorNames) {
    test(`equals PyTorch in float64 on ${name}`, async () => {
      const vectors = await loadVectors(name), { network, batch, options } = vectors;
      const { inputs, targets } = drawBatch(vectors);
      await using(network, async (engine) => {
        const before = relativeError(await engine.predict(inputs), vectors.predictionsBefore);
        assert(before < 1e-3, `predictions differ by ${before}`);

        // With Adam's moments at zero, the first moment after a step is (1 − β₁) · gradient.
        await engine.step(inputs, targets, { ...options, clipNorm: 0, dropoutSeed: 1 });
        const metrics = await engine.takeMetrics();
        assertClose(metrics.lossSum / batch, vectors.losses[0], 1e-3, "loss");
        assertClose(metrics.correct, vectors.correct, 1e-6, "right answers");
        assertClose(metrics.maxGradientNorm / vectors.norms[0], 1, 5e-3, "share of the norm");
        const { firstMoments } = await engine.exportOptimizer();
        assertEquals(firstMoments.map((moment) => moment.name), Object.keys(vectors.gradients));
        for (const { name: weight, values } of firstMoments) {
          const expected = vectors.gradients[weight];
          const gradient = Array.from(values, (m) => m / (1 - adam.beta1));
          const sampled = gradient.filter((_, i) => i % expected.stride === 0);
          const error = relativeError(sampled, expected.values);
          assert(error < gradientTolerance, `gradient of ${weight} differs by ${error}`);
          const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
          assertClose(norm / expected.norm, 1, gradientTolerance, `share of ${weight}'s norm`);
        }
      }, drawWeights(network));
    });

    test(`follows PyTorch's Adam for ten steps on ${name}`, async () => {
      const vectors = await loadVectors(name), { network, batch, options } = vectors;
      const { inputs, targets } = drawBatch(vectors);
      await using(network, async (engine) => {
        for (const [i, expected] of vectors.losses.entries()) {
          await engine.step(inputs, targets, { ...options, dropoutSeed: i + 1 });
          const { lossSum } = await engine.takeMetrics();
          assertClose(lossSum / batch, expected, 1e-3, `loss of step ${i + 1}`);
        }
        const after = relativeError(await engine.predict(inputs), vectors.predictionsAfter);
        assert(after < 1e-2, `predictions differ by ${after}`);
      }, drawWeights(network));
    });
  }

  test("gives back the weights it was given", async () => {
    const weights = drawWeights(smallNetwork);
    await using(smallNetwork, async (engine) => {
      assertSameBits(await engine.exportWeights(), weights);
    }, weights);
  });

  const goesOn = async (network: Network) => {
    const steps = [0, 1, 2, 3].map((key) => drawNoise(network, 4, key));
    const run = async (engine: Engine, from: number, to: number) => {
      for (let i = from; i < to; i++) {
        await engine.step(steps[i].inputs, steps[i].targets, { ...plainStep, dropoutSeed: i });
      }
    };
    let half: Awaited<ReturnType<typeof exportAll>>, whole: typeof half;
    await using(network, async (engine) => {
      await run(engine, 0, 2);
      half = await exportAll(engine);
      await run(engine, 2, 4);
      whole = await exportAll(engine);
      await engine.importWeights(half.weights);
      await engine.importOptimizer(half.optimizer);
      await run(engine, 2, 4);
      assertSameBits(await exportAll(engine), whole);
    });
    await using(network, async (engine) => {
      await engine.importOptimizer(half.optimizer);
      await run(engine, 2, 4);
      assertSameBits(await exportAll(engine), whole);
    }, half!.weights);
  };
  test("goes on from exported weights and moments as if it had never stopped", async () => {
    await goesOn(smallNetwork);
    await goesOn(meanMaxNetwork);
  });

  test("takes batches of any size, one after the other", async () => {
    await using(smallNetwork, async (engine) => {
      for (const batch of [2, 9, 1, 5]) {
        const { inputs, targets } = drawNoise(smallNetwork, batch, batch);
        await engine.step(inputs, targets, plainStep);
        const probabilities = await engine.predict(inputs);
        assertStrictEquals(probabilities.length, batch * numClasses);
        for (let b = 0; b < batch; b++) {
          const row = probabilities.slice(b * numClasses, (b + 1) * numClasses);
          assertClose(row.reduce((a, x) => a + x), 1, 1e-5, "sum of probabilities");
        }
      }
      const { steps, examples } = await engine.takeMetrics();
      assertEquals({ steps, examples }, { steps: 4, examples: 17 });
      assertStrictEquals((await engine.takeMetrics()).steps, 0);
    });
  });

  test("predicts by the weights it has at the moment", async () => {
    const weights = drawWeights(smallNetwork);
    await using(smallNetwork, async (engine) => {
      const { inputs, targets } = drawNoise(smallNetwork, 3);
      const before = await engine.predict(inputs);
      await engine.step(inputs, targets, { ...plainStep, learningRate: 0.1 });
      const after = await engine.predict(inputs);
      await engine.importWeights(await engine.exportWeights());
      assertSameBits(await engine.predict(inputs), after);
      assertNotEquals(after, before);
      await engine.importWeights(weights);
      assertSameBits(await engine.predict(inputs), before);
    }, weights);
  });

  test("predicts an example alike alone and in a batch", async () => {
    for (const network of [smallNetwork, meanMaxNetwork]) {
      await using(network, async (engine) => {
        const { inputs } = drawNoise(network, 3), cells = inputs.length / 3;
        const together = await engine.predict(inputs);
        const alone = await engine.predict(inputs.slice(cells, 2 * cells));
        assertSameBits(alone, together.slice(numClasses, 2 * numClasses));
      });
    }
  });

  test("depends on the dropout seed", async () => {
    const { inputs, targets } = drawNoise(smallNetwork, 4);
    const losses: number[] = [];
    for (const dropoutSeed of [1, 1, 2]) {
      await using(smallNetwork, async (engine) => {
        await engine.step(inputs, targets, { ...plainStep, dropoutSeed });
        losses.push((await engine.takeMetrics()).lossSum);
      });
    }
    assertStrictEquals(losses[0], losses[1]);
    assertNotStrictEquals(losses[0], losses[2]);
  });

  test("stays finite on silence and on constant input far from zero", async () => {
    const raw = createSmallNetwork({ inputScale: 1, inputOffset: 0 });
    for (const [network, level] of [[smallNetwork, -80], [raw, -40], [raw, 0]] as const) {
      await using(network, async (engine) => {
        const { inputs, targets } = drawNoise(network, 3);
        inputs.fill(level);
        for (let i = 0; i < 3; i++) await engine.step(inputs, targets, plainStep);
        const { weights, optimizer } = await exportAll(engine);
        for (const { name, values } of [...weights, ...optimizer.secondMoments]) {
          assert(values.every(Number.isFinite), `${name} must be finite at level ${level}`);
        }
        assert(Number.isFinite((await engine.takeMetrics()).lossSum));
      });
    }
  });

  test("learns one batch by heart", async () => {
    const network = createSmallNetwork({ dropoutRate: 0 });
    await using(network, async (engine) => {
      const { inputs, targets } = drawNoise(network, 8);
      for (let i = 0; i < 60; i++) {
        await engine.step(inputs, targets, { ...plainStep, learningRate: 1e-2 });
      }
      await engine.takeMetrics();
      await engine.step(inputs, targets, plainStep);
      const { lossSum, correct } = await engine.takeMetrics();
      assertStrictEquals(correct, 8);
      assert(lossSum / 8 < 0.1, `loss is ${lossSum / 8}`);
    });
  });

  test("leaves frozen blocks as they are: they answer as in prediction, the rest follows its gradient", async () => {
    for (const [globalPooling, count] of [["mean", 1], ["mean-max", 2], ["mean-max", 3]] as const) {
      const network = createSmallNetwork({ channels: [6, 12, 8], globalPooling, dropoutRate: 0 });
      const { inputs, targets } = drawNoise(network, 4);
      let weights: Weight[] = [];
      await using(network, async (engine) => {
        for (let i = 0; i < 10; i++) await engine.step(inputs, targets, plainStep);
        weights = await engine.exportWeights();
      });
      const frozen = freezeBlocks(network, count), still = { ...plainStep, learningRate: 0 };
      await using(frozen, async (engine) => {
        const lossOf = async (others: readonly Weight[]) => {
          await engine.importWeights(others);
          await engine.step(inputs, targets, still);
          return (await engine.takeMetrics()).lossSum / 4;
        };
        // Where no block learns, a step says what prediction does.
        const answers = await engine.predict(inputs);
        const losses = answers.filter((_, i) => targets[i] === 1).map((share) => -Math.log(share));
        const stated = losses.reduce((a, b) => a + b) / 4, loss = await lossOf(weights);
        if (count === 3) assertClose(loss, stated, 1e-4, "loss with all blocks frozen");
        else {assert(
            Math.abs(loss - stated) > 1e-3,
            "blocks that learn take the batch's statistics",
          );}

        // Each gradient along itself, by central differences of that loss.
        const slots = weightShapes(frozen).filter(isTrained);
        await engine.importOptimizer(zeroMoments(slots));
        await lossOf(weights);
        const { firstMoments } = await engine.exportOptimizer();
        assertEquals(firstMoments.map(({ name }) => name), slots.map(({ name }) => name));
        for (const { name, values } of firstMoments) {
          const gradient = values.map((m) => m / (1 - adam.beta1));
          const norm = Math.hypot(...gradient), distance = 2e-4;
          const moved = (sign: number) =>
            weights.map((weight) =>
              weight.name !== name ? weight : {
                ...weight,
                values: weight.values.map((x, i) => x + sign * distance * gradient[i] / norm),
              }
            );
          const slope = (await lossOf(moved(1)) - await lossOf(moved(-1))) / (2 * distance);
          assertClose(slope, norm, 0.03 * norm + 2e-3, `slope along the gradient of ${name}`);
        }

        await engine.importWeights(weights);
        for (let i = 0; i < 3; i++) {
          await engine.step(inputs, targets, { ...plainStep, weightDecay: 0.1 });
        }
        const after = await engine.exportWeights();
        weightShapes(frozen).forEach(({ role, name }, i) => {
          const isSame = after[i].values.every((value, k) => value === weights[i].values[k]);
          assertStrictEquals(isSame, role === "frozen", name);
        });
      }, weights);
    }
  });

  test("takes a layer's own learning rate: its first step is that share of the other", async () => {
    const network = createSmallNetwork({ channels: [6, 12], dropoutRate: 0 });
    const { inputs, targets } = drawNoise(network, 4), weights = drawWeights(network);
    const options = { ...plainStep, weightDecay: 0.1 };
    const moved = async (of: Network) => {
      let after: Weight[] = [];
      await using(of, async (engine) => {
        await engine.step(inputs, targets, options);
        after = await engine.exportWeights();
      }, weights);
      return after.map(({ values }, i) => values.map((value, k) => value - weights[i].values[k]));
    };
    const whole = await moved(network), slow = await moved(slowLayers(network, 0.25));
    weightShapes(network).forEach((weight, i) => {
      const share = isTrained(weight) && !weight.name.startsWith("logits/") ? 0.25 : 1;
      slow[i].forEach((value, k) =>
        assertClose(value, share * whole[i][k], 1e-6, `${weight.name}[${k}]`)
      );
    });
  });

  test("its saved model, read by tf.loadLayersModel from disk, gives its probabilities", async () => {
    const choices: Partial<ConvNetworkOptions>[] = [
      {},
      { channels: [5], activation: "sigmoid" },
      { globalPooling: "mean-max" },
    ];
    for (const network of choices.map(createSmallNetwork)) {
      const { inputs, targets } = drawNoise(network, 4), dir = await Deno.makeTempDir();
      let expected: Float32Array, weights: readonly Weight[];
      await using(network, async (engine) => {
        for (let i = 0; i < 5; i++) await engine.step(inputs, targets, plainStep);
        weights = await engine.exportWeights();
        expected = await engine.predict(inputs);
      }, drawWeights(network));
      try {
        const answers = await predictByLayers(`${dir}/best_model`, network, weights!, inputs);
        assertStrictEquals(answers.length, expected!.length);
        answers.forEach((value, i) => assertClose(value, expected[i], 1e-5, `probability ${i}`));
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    }
  });

  test("refuses what does not fit and goes on", async () => {
    await using(smallNetwork, async (engine) => {
      const { inputs, targets } = drawNoise(smallNetwork, 2);
      const wrongWeights = createInitialWeights(createSmallNetwork({ numClasses: 6 }), 1);
      await assertRejects(() => engine.step(inputs.slice(1), targets, plainStep), TypeError);
      await assertRejects(() => engine.step(inputs, targets.slice(1), plainStep), TypeError);
      await assertRejects(() => engine.predict(new Float32Array(0)), TypeError);
      await assertRejects(() => engine.importWeights(wrongWeights), TypeError);
      const { steps, firstMoments } = await engine.exportOptimizer();
      const broken = { steps, firstMoments, secondMoments: firstMoments.slice(1) };
      await assertRejects(() => engine.importOptimizer(broken), TypeError);
      await engine.step(inputs, targets, plainStep);
    });
  });

  test("can be disposed of twice, and refuses calls afterwards", async () => {
    const engine = await create(smallNetwork, createInitialWeights(smallNetwork, 1));
    await engine.dispose();
    await engine.dispose();
    const { inputs, targets } = drawNoise(smallNetwork, 1);
    await assertFails(engine.step(inputs, targets, plainStep), /disposed/);
    await assertFails(engine.predict(inputs), /disposed/);
  });
}
