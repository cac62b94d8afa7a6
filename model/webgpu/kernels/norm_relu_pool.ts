/**
 * Batch normalisation, ReLU and 2×2 max pooling in one pass, forward and backward.
 *
 * Nothing between the convolution's output and the pooled map is stored: the backward pass
 * normalises again and finds the maximum again, which costs less than reading what was stored would.
 * A thread takes four channels of one pooling window; neighbours take neighbouring channels, so
 * that every access is a whole line.
 */
import type { Tensor } from "../../../deps/tfjs_core.ts";
import { batchNormEpsilon } from "../../conv_network.ts";
import { defineKernel } from "../kernel.ts";
import {
  addColumns,
  type BatchNormAttributes,
  pixelThreads,
  quadThreads,
  sharesOf,
} from "./batch_norm.ts";
import { dimensionsOf, pixelsOf, pooledShape } from "./image_shape.ts";
import { sumPartials } from "./sum_partials.ts";
import { unroll } from "./unroll.ts";

const elementThreads = 128;

/** What the shaders share: one quad of channels, normalised, and the best of a window. */
const windowSource = `
struct Norm { mean : vec4<f32>, inverse : vec4<f32>, gamma : vec4<f32>, beta : vec4<f32> }

fn normOf(quad : i32) -> Norm {
  return Norm(
    statistics[uniforms.meanQuad + quad],
    inverseSqrt(statistics[uniforms.varianceQuad + quad] + ${batchNormEpsilon}),
    parameters[uniforms.gammaQuad + quad],
    parameters[uniforms.betaQuad + quad],
  );
}

// The largest activation of a window before ReLU, the normalised value behind it, and its place.
struct Best { activation : vec4<f32>, normed : vec4<f32>, place : vec4<i32> }

fn bestOf(norm : Norm, line : i32, x : i32, quad : i32) -> Best {
  let first = (line * uniforms.width + x) * uniforms.quads + quad;
  var best = Best(vec4<f32>(-3.4e38), vec4<f32>(0.0), vec4<i32>(0));
${
  unroll(4, (k) =>
    `{
    let value = values[first + (${k >> 1} * uniforms.width + ${k % 2}) * uniforms.quads];
    let normed = (value - norm.mean) * norm.inverse;
    let activation = normed * norm.gamma + norm.beta;
    let better = activation > best.activation;
    best.activation = select(best.activation, activation, better);
    best.normed = select(best.normed, normed, better);
    best.place = select(best.place, vec4<i32>(${k}), better);
  }`)
}
  return best;
}`;

const offsetsOf = (attributes: BatchNormAttributes) => ({
  gammaQuad: attributes.gammaOffset / 4,
  betaQuad: attributes.betaOffset / 4,
  meanQuad: attributes.meanOffset / 4,
  varianceQuad: attributes.varianceOffset / 4,
});

/**
 * `values` `[batch, height, width, channels]` normalised by `statistics`, through ReLU and pooling: a
 * new tensor `[batch, ⌊height/2⌋, ⌊width/2⌋, channels]`. Inputs: values, parameters, statistics.
 */
export const normReluPool = defineKernel<BatchNormAttributes>({
  name: "MelstreamNormReluPool",
  inputs: ["values", "parameters", "statistics"],
  plan(attributes) {
    const { shape } = attributes, pooled = pooledShape(shape);
    const elements = pixelsOf(pooled) * shape.channels / 4;
    return {
      variant: "",
      outputShape: dimensionsOf(pooled),
      outputComponents: 4,
      inputComponents: [4, 4, 4],
      workgroups: Math.ceil(elements / elementThreads),
      workgroupSize: elementThreads,
      integers: {
        elements,
        height: shape.height,
        width: shape.width,
        rows: pooled.height,
        columns: pooled.width,
        quads: shape.channels / 4,
        ...offsetsOf(attributes),
      },
      source: () => `
${windowSource}
fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let window = index / uniforms.quads;
  let quad = index - window * uniforms.quads;
  let row = window / uniforms.columns;
  let x = (window - row * uniforms.columns) * 2;
  let image = row / uniforms.rows;
  let line = image * uniforms.height + (row - image * uniforms.rows) * 2;
  let best = bestOf(normOf(quad), line, x, quad);
  result[index] = max(best.activation, vec4<f32>(0.0));
}`,
    };
  },
});

/** Sums of gradient · normed and of gradient over shares of the windows: `[shares, 2, channels]`. */
const gradientPartials = defineKernel<BatchNormAttributes>({
  name: "MelstreamNormReluPoolGradientSums",
  inputs: ["values", "parameters", "statistics", "gradient"],
  plan(attributes) {
    const { shape } = attributes, pooled = pooledShape(shape);
    const windows = pixelsOf(pooled), quads = shape.channels / 4;
    const { pixelsOfShare, shares } = sharesOf(windows);
    return {
      variant: "",
      outputShape: [shares, 2, shape.channels],
      outputComponents: 4,
      inputComponents: [4, 4, 4, 4],
      workgroups: shares * Math.ceil(quads / quadThreads),
      workgroupSize: quadThreads * pixelThreads,
      integers: {
        windows,
        windowsOfShare: pixelsOfShare,
        height: shape.height,
        width: shape.width,
        rows: pooled.height,
        columns: pooled.width,
        quads,
        ...offsetsOf(attributes),
      },
      source: () => `
${addColumns}
${windowSource}
fn main(index : i32) {
  let thread = i32(localIndex);
  let tiles = (uniforms.quads + ${quadThreads - 1}) / ${quadThreads};
  let share = workgroupIndex() / tiles;
  let quad = (workgroupIndex() % tiles) * ${quadThreads} + thread % ${quadThreads};
  let inside = quad < uniforms.quads;
  var sum = Pair(vec4<f32>(0.0), vec4<f32>(0.0));
  if (inside) {
    let norm = normOf(quad);
    let end = min((share + 1) * uniforms.windowsOfShare, uniforms.windows);
    for (var window = share * uniforms.windowsOfShare + thread / ${quadThreads}; window < end;
         window += ${pixelThreads}) {
      let row = window / uniforms.columns;
      let x = (window - row * uniforms.columns) * 2;
      let image = row / uniforms.rows;
      let line = image * uniforms.height + (row - image * uniforms.rows) * 2;
      let best = bestOf(norm, line, x, quad);
      let passed = select(
        vec4<f32>(0.0),
        gradient[window * uniforms.quads + quad],
        best.activation > vec4<f32>(0.0),
      );
      sum.first += passed * best.normed;
      sum.second += passed;
    }
  }
  sum = addColumns(sum);
  if (inside && thread < ${quadThreads}) {
    result[(share * 2) * uniforms.quads + quad] = sum.first;
    result[(share * 2 + 1) * uniforms.quads + quad] = sum.second;
  }
}`,
    };
  },
});

/** The gradient by the convolution's output, once the sums over the batch are in the updates. */
const gradientByValues = defineKernel<BatchNormAttributes>({
  name: "MelstreamNormReluPoolGradient",
  inputs: ["values", "parameters", "statistics", "gradient"],
  plan(attributes) {
    const { shape } = attributes, pooled = pooledShape(shape);
    // Windows that reach over an odd edge count too: their pixels have a gradient, though no output.
    const blockRows = Math.ceil(shape.height / 2), blockColumns = Math.ceil(shape.width / 2);
    const elements = shape.batch * blockRows * blockColumns * shape.channels / 4;
    return {
      variant: "",
      outputShape: dimensionsOf(shape),
      outputComponents: 4,
      inputComponents: [4, 4, 4, 4],
      workgroups: Math.ceil(elements / elementThreads),
      workgroupSize: elementThreads,
      integers: {
        elements,
        blockRows,
        blockColumns,
        height: shape.height,
        width: shape.width,
        rows: pooled.height,
        columns: pooled.width,
        quads: shape.channels / 4,
        ...offsetsOf(attributes),
      },
      floats: { share: 1 / pixelsOf(shape) },
      source: () => `
${windowSource}
fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let block = index / uniforms.quads;
  let quad = index - block * uniforms.quads;
  let blockRow = block / uniforms.blockColumns;
  let column = block - blockRow * uniforms.blockColumns;
  let image = blockRow / uniforms.blockRows;
  let row = blockRow - image * uniforms.blockRows;
  let line = image * uniforms.height + row * 2;
  let norm = normOf(quad);
  var passed = vec4<f32>(0.0);
  var place = vec4<i32>(-1);
  if (row < uniforms.rows && column < uniforms.columns) {
    let best = bestOf(norm, line, column * 2, quad);
    let window = ((image * uniforms.rows + row) * uniforms.columns + column) * uniforms.quads + quad;
    passed = select(vec4<f32>(0.0), gradient[window], best.activation > vec4<f32>(0.0));
    place = best.place;
  }
  let scale = norm.gamma * norm.inverse;
  let meanProduct = statistics[uniforms.gammaQuad + quad] * uniforms.share;
  let meanPassed = statistics[uniforms.betaQuad + quad] * uniforms.share;
  for (var k = 0; k < 4; k++) {
    if (row * 2 + k / 2 < uniforms.height && column * 2 + k % 2 < uniforms.width) {
      let at = ((line + k / 2) * uniforms.width + column * 2 + k % 2) * uniforms.quads + quad;
      let normed = (values[at] - norm.mean) * norm.inverse;
      let here = select(vec4<f32>(0.0), passed, place == vec4<i32>(k));
      result[at] = scale * (here - meanPassed - normed * meanProduct);
    }
  }
}`,
    };
  },
});

/**
 * The backward pass of `normReluPool` with the batch's own statistics, which lie in `updates`: the
 * gradients by gamma and beta go to their places in `updates`; returns the gradient by `values`.
 *
 * @param gradient By the pooled map, `[batch, ⌊height/2⌋, ⌊width/2⌋, channels]`.
 */
export function normReluPoolGradient(
  values: Tensor,
  parameters: Tensor,
  gradient: Tensor,
  attributes: BatchNormAttributes,
  updates: Tensor,
): Tensor {
  const { shape, gammaOffset, betaOffset } = attributes;
  if (betaOffset !== gammaOffset + shape.channels) {
    throw new RangeError(
      `Cannot sum the gradients of gamma and beta as beta must follow gamma in the buffer: ` +
        `current offsets are ${gammaOffset} and ${betaOffset}`,
    );
  }
  const inputs = [values, parameters, updates, gradient];
  const partials = gradientPartials(inputs, attributes);
  sumPartials([partials], {
    rows: partials.shape[0],
    columns: 2 * shape.channels,
    offset: gammaOffset,
  }, updates);
  partials.dispose();
  return gradientByValues(inputs, attributes);
}
