import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import * as tf from "../../deps/tfjs_core.ts";
import "@tensorflow/tfjs-backend-cpu";
import { models } from "@tensorflow/tfjs-layers";
import { createConvNetwork } from "../../model/conv_network.ts";
import { supportsOnCpu } from "../../model/cpu/supports_on_cpu.ts";
import { createEngine } from "../../model/create_engine.ts";
import { freezeBlocks, slowLayers } from "../../model/kept_layers.ts";
import { layersTopology } from "../../model/layers_topology.ts";
import type { Network, NetworkNode } from "../../model/network.ts";
import { resolveNetwork, weightShapes } from "../../model/resolve_network.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { supportsOnWebGpu } from "../../model/webgpu/supports_on_webgpu.ts";
import { assertFails } from "../assert_failure.ts";
import { assertSameBits } from "../assert_same_bits.ts";

const sizes = {
  ...{ melBands: 9, numFrames: 11, numClasses: 3 },
  ...{ channels: [2, 3], denseUnits: 4 },
};
const small = createConvNetwork({ ...sizes, globalPooling: "mean" });
const meanMax = createConvNetwork({ ...sizes, globalPooling: "mean-max" });

/** A network, the small one where nothing is said, with a node changed. */
function withNode(name: string, change: object, network = small): Network {
  const nodes = network.nodes.map((node) => node.name === name ? { ...node, ...change } : node);
  return { ...network, nodes: nodes as NetworkNode[] };
}

const norm = { op: "batch-norm", epsilon: 1e-5, momentum: 0.9 } as const;
/** A residual block, and a head that takes the mean of the mel bands, then mean and maximum over time. */
const residual: Network = {
  melBands: 8,
  numFrames: 12,
  nodes: [
    { op: "conv", name: "conv_1", channels: 4, kernelSize: [3, 3] },
    { ...norm, name: "norm_1" },
    { op: "relu", name: "relu_1" },
    { op: "conv", name: "conv_2", channels: 4, kernelSize: [3, 5] },
    { ...norm, name: "norm_2" },
    { op: "add", name: "sum", inputs: ["norm_2", "relu_1"] },
    { op: "max-pool", name: "pool", size: [2, 3] },
    { op: "mean", name: "mean_of_bands", axes: [0] },
    { op: "mean", name: "mean_of_time", axes: [0] },
    { op: "max", name: "peak", inputs: ["mean_of_bands"], axes: [0] },
    { op: "add", name: "features_of_clip", inputs: ["mean_of_time", "peak"] },
    { op: "dense", name: "logits", units: 5, activation: "softmax" },
  ],
};

Deno.test("the weights have their names, shapes and roles in canonical order", () => {
  const listed = weightShapes(small).map(({ name, shape, role }) => `${name} [${shape}] ${role}`);
  assertEquals(listed, [
    "conv_1/kernel [3,3,1,2] decayed",
    "batch_norm_1/gamma [2] trained",
    "batch_norm_1/beta [2] trained",
    "batch_norm_1/moving_mean [2] running-statistic",
    "batch_norm_1/moving_variance [2] running-statistic",
    "conv_2/kernel [3,3,2,3] decayed",
    "batch_norm_2/gamma [3] trained",
    "batch_norm_2/beta [3] trained",
    "batch_norm_2/moving_mean [3] running-statistic",
    "batch_norm_2/moving_variance [3] running-statistic",
    "dense/kernel [3,4] decayed",
    "dense/bias [4] trained",
    "logits/kernel [4,3] decayed",
    "logits/bias [3] trained",
  ]);
});

Deno.test("a network is plain data: it survives JSON and a message to a worker", () => {
  for (const network of [small, residual]) {
    assertSameBits(JSON.parse(JSON.stringify(network)), network);
    assertSameBits(structuredClone(network), network);
  }
});

Deno.test("features of the pooling stride are enough, and one row or column less is refused", () => {
  const shape = fc.record({
    channels: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
    rows: fc.integer({ min: 0, max: 40 }),
    columns: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(fc.property(shape, ({ channels, rows, columns }) => {
    const least = 2 ** channels.length;
    const build = (melBands: number, numFrames: number) =>
      createConvNetwork({ melBands, numFrames, numClasses: 2, channels });
    const network = build(least + rows, least + columns);
    const sizes = resolveNetwork(network).flatMap(({ shape }) => shape);
    assert(sizes.every((size) => size >= 1));
    const words = new RegExp(`poolings need features of at least \\[${least}, ${least}\\]`);
    assertFails(() => build(least - 1, least + columns), words);
    assertFails(() => build(least + rows, least - 1), words);
  }));
});

Deno.test("branches are resolved: shapes, strides, and weights of every node", () => {
  const shapes = resolveNetwork(residual).map(({ node, shape }) => [node.name, shape.join()]);
  const { sum, pool, mean_of_bands, peak, features_of_clip } = Object.fromEntries(shapes);
  assertEquals([sum, pool, mean_of_bands], ["8,12,4", "4,4,4", "4,4"]);
  assertEquals([peak, features_of_clip], ["4", "4"]);
  assertStrictEquals(createInitialWeights(residual, 1).length, 12);
});

Deno.test("a frozen node's weights are frozen; engines take whole blocks of them, from the first on", () => {
  const oneOfTwo = withNode("batch_norm_1", { frozen: true });
  const roles = weightShapes(oneOfTwo).filter(({ name }) => name.startsWith("batch_norm_1/"));
  assertEquals(roles.map(({ role }) => role), Array(4).fill("frozen"));
  const network = createConvNetwork({
    melBands: 16,
    numFrames: 16,
    numClasses: 2,
    channels: [4, 4],
  });
  const second = freezeBlocks(network, 2);
  const later = {
    ...network,
    nodes: network.nodes.with(5, second.nodes[5]).with(6, second.nodes[6]),
  };
  for (const supports of [supportsOnCpu, supportsOnWebGpu]) {
    for (
      const [odd, reason] of [
        [oneOfTwo, "a block is frozen as a whole: batch_norm_1 is, conv_1 is not"],
        [withNode("dense", { frozen: true }), "dense layers must be trained: dense is frozen"],
        [later, "blocks are frozen from the first on: that of conv_1/kernel is not"],
      ] as const
    ) {
      const support = supports(odd);
      assert(!support.supported);
      assertStrictEquals(support.reason, reason);
    }
    for (const count of [0, 1, 2]) {
      const support = supports(freezeBlocks(second, count));
      assert(support.supported);
      assertStrictEquals(support.chain.frozenBlocks, count);
    }
  }
  assertEquals(freezeBlocks(second, 0), network);
  assertFails(() => freezeBlocks(network, 3), /so many, from 0 to 2: current value is 3/);
});

Deno.test("all layers but the last may learn at a share of the rate", () => {
  const network = createConvNetwork({ melBands: 16, numFrames: 16, numClasses: 2, channels: [4] });
  const factors = weightShapes(slowLayers(network, 0.5)).map(({ name, learningRateFactor }) => {
    assertStrictEquals(learningRateFactor, name.startsWith("logits/") ? 1 : 0.5, name);
    return learningRateFactor;
  });
  assertStrictEquals(factors.length, 9);
  assertEquals(slowLayers(network, 1), network);
  assertFails(
    () => resolveNetwork(slowLayers(network, 0)),
    /learningRateFactor must be a finite number above 0: current value is 0/,
  );
});

Deno.test("engines say in words why they cannot compute a network", async () => {
  for (
    const [network, reason] of [
      [
        residual,
        "its first node must be rescale: it is conv_1 (conv of features, channels 4, kernelSize 3,3)",
      ],
      [
        withNode("conv_2", { kernelSize: [1, 3] }),
        "the node behind max_pool_1 must be conv 3×3: it is conv_2 (conv of max_pool_1, channels 3, kernelSize 1,3)",
      ],
      [
        withNode("max_pool_2", { size: [2, 1] }),
        "the node behind relu_2 must be max-pool 2×2: it is max_pool_2 (max-pool of relu_2, size 2,1)",
      ],
      [
        withNode("dense", { activation: "linear" }),
        "the node behind global_average_pool must be dense with relu: it is dense (dense of global_average_pool, units 4, activation linear)",
      ],
      [
        withNode("mean_over_mel_bands", { axes: [1] }, meanMax),
        "the node behind max_pool_2 must be mean over both axes or over mel bands: it is mean_over_mel_bands (mean of max_pool_2, axes 1)",
      ],
      [
        withNode("max_over_time", { op: "mean" }, meanMax),
        "the node behind mean_over_time must be max of mean_over_mel_bands: it is max_over_time (mean of mean_over_mel_bands, axes 0)",
      ],
      [
        withNode(
          "global_mean_max_pool",
          { inputs: ["mean_over_time", "max_over_time", "max_over_time"] },
          meanMax,
        ),
        "the node behind max_over_time must be add of mean_over_time and max_over_time: it is global_mean_max_pool (add of mean_over_time and max_over_time and max_over_time)",
      ],
      [
        withNode("dropout", { op: "relu" }),
        "the node behind dense must be dropout: it is dropout (relu of dense, rate 0)",
      ],
      [
        withNode("max_pool_1", { op: "add", inputs: ["relu_1", "batch_norm_1"] }),
        "the node behind relu_1 must be max-pool 2×2: it is max_pool_1 (add of relu_1 and batch_norm_1, size 2,2)",
      ],
    ] as const
  ) {
    for (const supports of [supportsOnCpu, supportsOnWebGpu]) {
      const support = supports(network);
      assert(!support.supported);
      assertStrictEquals(support.reason, reason);
    }
    const weights = createInitialWeights(network, 1);
    for (
      const [backend, engine] of [["auto", "the CPU"], ["cpu", "the CPU"], [
        "webgpu",
        "WebGPU",
      ]] as const
    ) {
      await assertFails(createEngine(network, { weights, backend }), {
        name: "RangeError",
        message: `Cannot compute this network on ${engine} as ${reason}`,
      });
    }
  }
});

Deno.test("an epsilon that stands in no shader is for the CPU alone", () => {
  const odd = withNode("batch_norm_2", { epsilon: 0.25 }), support = supportsOnWebGpu(odd);
  assert(!support.supported);
  assertMatch(support.reason, /must have epsilon 0.00001 and momentum 0.9: one has 0.25 and 0.9/);
  assert(supportsOnCpu(odd).supported);
});

Deno.test("what is no network is refused by the path of the setting", () => {
  const { nodes } = small;
  for (
    const [network, words] of [
      [null, /network must be an object/],
      [{ ...small, melBands: 0.5 }, /network\.melBands must be a whole number/],
      [{ ...small, nodes: [null] }, /network\.nodes must be a list/],
      [withNode("relu_1", { op: "gelu" }), /network\.nodes\[3\]\.op must be rescale, conv, /],
      [withNode("relu_1", { op: "toString" }), /network\.nodes\[3\]\.op must be/],
      [withNode("conv_1", { channels: 0 }), /network\.nodes\[1\]\.channels must be .+ is 0/],
      [withNode("conv_1", { channels: "8" }), /network\.nodes\[1\]\.channels must be .+ is "8"/],
      [withNode("conv_1", { kernelSize: [3] }), /kernelSize must be two whole numbers/],
      [withNode("batch_norm_1", { epsilon: 0 }), /epsilon must be a finite number above 0/],
      [withNode("batch_norm_1", { momentum: 1 }), /momentum must be .+ below 1/],
      [withNode("rescaling", { scale: null }), /scale must be a finite number/],
      [withNode("dropout", { rate: 1 }), /rate must be/],
      [withNode("dropout", { frozen: 1 }), /frozen must be true or false/],
      [withNode("relu_1", { name: "conv_1" }), /nodes\[3\]\.name must be/],
      [withNode("relu_1", { name: "../x" }), /nodes\[3\]\.name must be/],
      [withNode("relu_1", { inputs: ["logits"] }), /nodes\[3\]\.inputs must be one node before it/],
      [withNode("relu_1", { inputs: ["conv_1", "features"] }), /must be one node before it/],
      [withNode("relu_1", { op: "add" }), /must be at least 2 nodes before it/],
      [withNode("relu_1", { op: "add", inputs: ["conv_1", "features"] }), /must be of one shape/],
      [withNode("relu_1", { inputs: ["conv_1"] }), /nodes must be nodes that all lead to the last/],
      [withNode("global_average_pool", { axes: [0, 1, 2] }), /axes must be 0, 1 or both/],
      [withNode("global_average_pool", { axes: [1, 1] }), /axes must be/],
      [withNode("dense", { op: "conv", channels: 2, kernelSize: [1, 1] }), /must be \[mel bands, /],
      [withNode("logits", { activation: "relu" }), /activation must be softmax or sigmoid/],
      [{ ...small, nodes: nodes.slice(0, -1) }, /nodes\[11\]\.op must be dense/],
      [withNode("global_average_pool", { axes: [0] }), /nodes\[12\] must be one axis of outputs/],
    ] as const
  ) {
    const error = assertThrows(() => resolveNetwork(network as Network), RangeError);
    assertMatch(error.message, words);
  }
});

Deno.test("a network with branches is written as layers that tfjs computes", async () => {
  await tf.setBackend("cpu");
  const global: Network = {
    ...residual,
    nodes: residual.nodes.filter(({ name }) => name !== "mean_of_bands").map((node) =>
      node.op === "mean" || node.op === "max" ? { ...node, inputs: ["pool"], axes: [0, 1] } : node
    ),
  };
  type Reduce = (pooled: tf.Tensor) => tf.Tensor;
  const meanAndPeak: Reduce = (x) => tf.add(tf.mean(x, 1), tf.max(x, 1));
  const networks: [Network, Reduce][] = [
    [global, (x) => tf.add(tf.mean(x, [1, 2]), tf.max(x, [1, 2]))],
    [residual, (x) => meanAndPeak(tf.mean(x, 1))],
    [withNode("mean_of_bands", { axes: [1] }, residual), (x) => meanAndPeak(tf.mean(x, 2))],
    [withNode("mean_of_bands", { op: "max" }, residual), (x) => meanAndPeak(tf.max(x, 1))],
  ];
  for (const [network, reduce] of networks) {
    const model = await models.modelFromJSON(JSON.parse(JSON.stringify(layersTopology(network))));
    const weights = createInitialWeights(network, 5);
    const named = Object.fromEntries(
      weights.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape])]),
    );
    model.loadWeights(named);
    const inputs = tf.tensor(
      Float32Array.from({ length: 96 }, (_, i) => (i * 37 % 80) / 40 - 1),
      [1, 8, 12, 1],
    );
    const outputs = await (model.predict(inputs) as tf.Tensor).data();

    const convolve = (x: tf.Tensor, layer: string) =>
      tf.div(
        tf.conv2d(x as tf.Tensor4D, named[`${layer}/kernel`] as tf.Tensor4D, 1, "same"),
        Math.sqrt(1 + 1e-5),
      );
    const straight = tf.relu(convolve(inputs, "conv_1"));
    const sum = tf.add(convolve(straight, "conv_2"), straight);
    const pooled = tf.maxPool(sum as tf.Tensor4D, [2, 3], [2, 3], "valid");
    const logits = tf.add(
      tf.matMul(reduce(pooled) as tf.Tensor2D, named["logits/kernel"] as tf.Tensor2D),
      named["logits/bias"],
    );
    const expected = await tf.softmax(logits as tf.Tensor2D).data();
    outputs.forEach((value, i) => assert(Math.abs(value - expected[i]) < 1e-6, `${value}`));
    model.dispose();
  }
});
