/**
 * The end of the network: global pooling, dense layer with ReLU and dropout, dense layer,
 * softmax or sigmoid, loss — and back again. A thousandth of the arithmetic, but some thirty
 * operations: one workgroup an example runs them all in one dispatch, passing results on through the
 * output buffer.
 */
import type { GlobalPooling } from "../../conv_network.ts";
import { defineKernel } from "../kernel.ts";
import { poolChannel, positionShare } from "./global_pooling_shader.ts";
import { dimensionsOf, type ImageShape } from "./image_shape.ts";

/** What the classifier needs besides its tensors. */
export interface ClassifierAttributes {
  /** Shape of the last block's output. */
  readonly input: ImageShape;
  readonly globalPooling: GlobalPooling;
  readonly units: number;
  readonly classes: number;
  readonly activation: "softmax" | "sigmoid";
  /** Where the layers' weights lie in the parameters, and their gradients in the updates. */
  readonly offsets: {
    readonly denseKernel: number;
    readonly denseBias: number;
    readonly logitsKernel: number;
    readonly logitsBias: number;
  };
}

/** A training step's dropout. */
export interface DropoutAttributes {
  readonly dropoutRate: number;
  /** See `createDropoutMask`, whose mask the shader draws again, bit for bit. */
  readonly dropoutSeed: number;
}

const threads = 128;

/** What the classifier writes for each example, and at which index of its row. */
export function rowLayout({ input, globalPooling, units, classes }: ClassifierAttributes) {
  let size = 0;
  const reserve = (count: number) => (size += count) - count;
  const layout = {
    pooled: reserve(input.channels),
    // With `mean-max`: which frame has the maximum.
    peak: reserve(globalPooling === "mean" ? 0 : input.channels),
    hidden: reserve(units),
    logits: reserve(classes),
    probabilities: reserve(classes),
    pooledGradient: reserve(input.channels),
    hiddenGradient: reserve(units),
    logitsGradient: reserve(classes),
    loss: reserve(1),
    correct: reserve(1),
  };
  return { ...layout, size };
}

const layoutUniforms = (attributes: ClassifierAttributes) => {
  const { size, ...indices } = rowLayout(attributes);
  const fields = Object.entries(indices).map(([name, index]) => [`${name}At`, index]);
  return { rowSize: size, ...Object.fromEntries(fields) as Record<string, number> };
};

/** What the shaders' text depends on. */
const variantOf = ({ globalPooling, activation }: ClassifierAttributes) =>
  `${globalPooling}_${activation}`;

const pixelUniforms = ({ input: { height, width } }: ClassifierAttributes) => ({
  pixels: height * width,
  columns: width,
});

const sizeUniforms = ({ input, units, classes, offsets }: ClassifierAttributes) => ({
  channels: input.channels,
  units,
  classes,
  ...offsets,
});

/** Runs `body` for each i below `count`, spread over the workgroup's threads; then all see the results. */
const forEach = (count: string, body: string) => `
  for (var i = thread; i < ${count}; i += ${threads}) {
    ${body}
  }
  storageBarrier();
  workgroupBarrier();`;

/** Up to the probabilities; `dropped` turns the activation of unit i. */
const forward = ({ globalPooling, activation }: ClassifierAttributes, dropped: string) => `
${forEach("uniforms.channels", poolChannel[globalPooling])}
${
  forEach(
    "uniforms.units",
    `var sum = parameters[uniforms.denseBias + i];
    for (var c = 0; c < uniforms.channels; c++) {
      sum += result[row + uniforms.pooledAt + c] *
        parameters[uniforms.denseKernel + c * uniforms.units + i];
    }
    sum = max(sum, 0.0);
    result[row + uniforms.hiddenAt + i] = ${dropped};`,
  )
}
${
  forEach(
    "uniforms.classes",
    `var sum = parameters[uniforms.logitsBias + i];
    for (var u = 0; u < uniforms.units; u++) {
      sum += result[row + uniforms.hiddenAt + u] *
        parameters[uniforms.logitsKernel + u * uniforms.classes + i];
    }
    result[row + uniforms.logitsAt + i] = sum;`,
  )
}
  // Every thread finds the same sum: cheaper than passing it around.
  var highest = result[row + uniforms.logitsAt];
  for (var c = 1; c < uniforms.classes; c++) {
    highest = max(highest, result[row + uniforms.logitsAt + c]);
  }
  var sumOfExponentials = 0.0;
  for (var c = 0; c < uniforms.classes; c++) {
    sumOfExponentials += exp(result[row + uniforms.logitsAt + c] - highest);
  }
${
  forEach(
    "uniforms.classes",
    `let logit = result[row + uniforms.logitsAt + i];
    result[row + uniforms.probabilitiesAt + i] = ${
      activation === "softmax"
        ? "exp(logit - highest) / sumOfExponentials"
        // 1 / (1 + e^−z), written so that no exponential overflows
        : "select(exp(logit), 1.0, logit > 0.0) / (1.0 + exp(-abs(logit)))"
    };`,
  )
}`;

/** Loss and correctness of the example, by one thread. */
const loss = {
  softmax: `
    let logSum = highest + log(sumOfExponentials);
    var bestOutput = 0;
    var bestTarget = 0;
    for (var c = 0; c < uniforms.classes; c++) {
      let logit = result[row + uniforms.logitsAt + c];
      let wanted = targets[example * uniforms.classes + c];
      loss += wanted * (logSum - logit);
      if (logit > result[row + uniforms.logitsAt + bestOutput]) { bestOutput = c; }
      if (wanted > targets[example * uniforms.classes + bestTarget]) { bestTarget = c; }
    }
    correct = select(0.0, 1.0, bestOutput == bestTarget);`,
  sigmoid: `
    for (var c = 0; c < uniforms.classes; c++) {
      let logit = result[row + uniforms.logitsAt + c];
      let wanted = targets[example * uniforms.classes + c];
      loss += max(logit, 0.0) - wanted * logit + log(1.0 + exp(-abs(logit)));
      correct += select(0.0, 1.0, (logit > 0.0) == (wanted > 0.5));
    }
    loss /= f32(uniforms.classes);
    correct /= f32(uniforms.classes);`,
};

const backward = (activation: ClassifierAttributes["activation"]) => `
  if (thread == 0) {
    var loss = 0.0;
    var correct = 0.0;
${loss[activation]}
    result[row + uniforms.lossAt] = loss;
    result[row + uniforms.correctAt] = correct;
  }
  var sumOfTargets = 0.0;
  for (var c = 0; c < uniforms.classes; c++) {
    sumOfTargets += targets[example * uniforms.classes + c];
  }
${
  forEach(
    "uniforms.classes",
    `let probability = result[row + uniforms.probabilitiesAt + i];
    let wanted = targets[example * uniforms.classes + i];
    result[row + uniforms.logitsGradientAt + i] = ${
      activation === "softmax"
        ? "(probability * sumOfTargets - wanted) * uniforms.share"
        : "(probability - wanted) * uniforms.share / f32(uniforms.classes)"
    };`,
  )
}
${
  forEach(
    "uniforms.units",
    `var sum = 0.0;
    for (var c = 0; c < uniforms.classes; c++) {
      sum += result[row + uniforms.logitsGradientAt + c] *
        parameters[uniforms.logitsKernel + i * uniforms.classes + c];
    }
    let isActive = result[row + uniforms.hiddenAt + i] > 0.0;
    result[row + uniforms.hiddenGradientAt + i] = select(0.0, sum * uniforms.kept, isActive);`,
  )
}
${
  forEach(
    "uniforms.channels",
    `var sum = 0.0;
    for (var u = 0; u < uniforms.units; u++) {
      sum += result[row + uniforms.hiddenGradientAt + u] *
        parameters[uniforms.denseKernel + i * uniforms.units + u];
    }
    result[row + uniforms.pooledGradientAt + i] = sum;`,
  )
}`;

const exampleOf = `
  let thread = i32(localIndex);
  let example = workgroupIndex();
  let row = example * uniforms.rowSize;`;

/**
 * Forward, loss and backward of a batch: a new tensor `[batch, rowLayout().size]`. Gradients are of
 * the mean loss. Inputs: the last block's output, the parameters, the targets `[batch, classes]`.
 */
export const trainClassifier = defineKernel<ClassifierAttributes & DropoutAttributes>({
  name: "MelstreamTrainClassifier",
  inputs: ["input", "parameters", "targets"],
  plan(attributes) {
    const { input, activation, dropoutRate, dropoutSeed } = attributes;
    return {
      variant: variantOf(attributes),
      outputShape: [input.batch, rowLayout(attributes).size],
      outputComponents: 1,
      inputComponents: [1, 1, 1],
      workgroups: input.batch,
      workgroupSize: threads,
      integers: {
        ...pixelUniforms(attributes),
        ...sizeUniforms(attributes),
        ...layoutUniforms(attributes),
        dropoutKey: Math.imul(dropoutSeed, 0x9e3779b1),
        dropoutThreshold: Math.ceil(dropoutRate * 2 ** 32) | 0,
      },
      floats: { share: 1 / input.batch, kept: 1 / (1 - dropoutRate) },
      source: () => `
fn mix(value : u32) -> u32 {
  var h = (value ^ (value >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}

fn drop(activation : f32, example : i32, unit : i32) -> f32 {
  let hash = mix(mix(u32(example * uniforms.units + unit)) ^ bitcast<u32>(uniforms.dropoutKey));
  return select(0.0, activation * uniforms.kept, hash >= bitcast<u32>(uniforms.dropoutThreshold));
}

fn main(index : i32) {
${exampleOf}
${forward(attributes, "drop(sum, example, i)")}
${backward(activation)}
}`,
    };
  },
});

/**
 * Forward pass alone, without dropout: a new tensor `[batch, rowLayout().size]` of which what a
 * backward pass would write is undefined. Inputs: the last block's output, the parameters.
 */
export const classify = defineKernel<ClassifierAttributes>({
  name: "MelstreamClassify",
  inputs: ["input", "parameters"],
  plan(attributes) {
    const { input } = attributes;
    return {
      variant: variantOf(attributes),
      outputShape: [input.batch, rowLayout(attributes).size],
      outputComponents: 1,
      inputComponents: [1, 1],
      workgroups: input.batch,
      workgroupSize: threads,
      integers: {
        ...pixelUniforms(attributes),
        ...sizeUniforms(attributes),
        ...layoutUniforms(attributes),
      },
      source: () => `
fn main(index : i32) {
${exampleOf}
${forward(attributes, "sum")}
}`,
    };
  },
});

/** Writes the gradients of the two dense layers into the updates. Inputs: the classifier's rows. */
export const classifierGradient = defineKernel<ClassifierAttributes>({
  name: "MelstreamClassifierGradient",
  inputs: ["rows"],
  plan(attributes) {
    const { input, units, classes } = attributes;
    const elements = (input.channels + 1) * units + (units + 1) * classes;
    return {
      variant: "",
      outputComponents: 1,
      inputComponents: [1],
      workgroups: Math.ceil(elements / threads),
      workgroupSize: threads,
      integers: {
        batch: input.batch,
        elements,
        ...sizeUniforms(attributes),
        ...layoutUniforms(attributes),
      },
      // A bias is a row of the kernel whose input is one.
      source: () => `
fn sumOver(inputAt : i32, gradientAt : i32, isBias : bool) -> f32 {
  var sum = 0.0;
  for (var example = 0; example < uniforms.batch; example++) {
    let row = example * uniforms.rowSize;
    var value = 1.0;
    if (!isBias) { value = rows[row + inputAt]; }
    sum += value * rows[row + gradientAt];
  }
  return sum;
}

fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let denseSize = (uniforms.channels + 1) * uniforms.units;
  if (index < denseSize) {
    let channel = index / uniforms.units;
    let unit = index - channel * uniforms.units;
    let isBias = channel == uniforms.channels;
    let at = select(uniforms.denseKernel + index, uniforms.denseBias + unit, isBias);
    result[at] = sumOver(uniforms.pooledAt + channel, uniforms.hiddenGradientAt + unit, isBias);
  } else {
    let unit = (index - denseSize) / uniforms.classes;
    let output = index - denseSize - unit * uniforms.classes;
    let isBias = unit == uniforms.units;
    let at = select(uniforms.logitsKernel + index - denseSize, uniforms.logitsBias + output, isBias);
    result[at] = sumOver(uniforms.hiddenAt + unit, uniforms.logitsGradientAt + output, isBias);
  }
}`,
    };
  },
});

/** The gradient by the last block's output, a new tensor of its shape. Inputs: the classifier's rows. */
export const spreadGradient = defineKernel<ClassifierAttributes>({
  name: "MelstreamSpreadGradient",
  inputs: ["rows"],
  plan(attributes) {
    const { input, globalPooling } = attributes, { height, width } = input;
    const pixels = height * width, elements = input.batch * pixels * input.channels;
    const { size, peak, pooledGradient } = rowLayout(attributes);
    return {
      variant: globalPooling,
      outputShape: dimensionsOf(input),
      outputComponents: 1,
      inputComponents: [1],
      workgroups: Math.ceil(elements / threads),
      workgroupSize: threads,
      integers: {
        elements,
        exampleSize: pixels * input.channels,
        channels: input.channels,
        columns: width,
        rowSize: size,
        peak,
        pooledGradient,
      },
      floats: { share: 1 / pixels, peakShare: 1 / height },
      source: () => `
fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let example = index / uniforms.exampleSize;
  let channel = index % uniforms.channels;
  let row = example * uniforms.rowSize;
  ${positionShare[globalPooling]}
  result[index] = rows[row + uniforms.pooledGradient + channel] * share;
}`,
    };
  },
});
