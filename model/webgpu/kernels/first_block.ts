/**
 * The first block — convolution of the one-channel input, batch normalisation, ReLU, 2×2 max pooling —
 * without ever storing the convolution's output, the largest map of the network.
 *
 * A convolution of one channel costs 9 multiply-adds a value, less than a read and a write of the value;
 * so whoever needs it computes it. With p the 3×3 patch around a pixel (9 values, zero outside the
 * image), m its mean over the batch's N pixels, C = Σ (p − m)(p − m)ᵀ / N its covariance and w a
 * channel's filter, the output y = wᵀp has
 *
 *   mean(y) = wᵀm,   variance(y) = wᵀC w,
 *
 * so that the statistics of every channel follow from 9 + 45 sums over the input. Backward, with g the
 * gradient by the normalised value (zero but at the maxima), S = Σ g (p − m) and s = 1/√(variance + ε),
 *
 *   ∂β = Σ g,   ∂γ = s · wᵀS,   ∂w = γ s (S − ∂γ · s · C w),
 *
 * which is batch normalisation's backward pass with its two means put in: no second pass over the map.
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import { batchNormEpsilon } from "../../model_spec.ts";
import { defineKernel } from "../kernel.ts";
import type { BatchNormAttributes } from "./batch_norm.ts";
import { dimensionsOf, pixelsOf, pooledShape } from "./image_shape.ts";
import { sumPartials } from "./sum_partials.ts";

/** What the first block needs besides its tensors. */
export interface FirstBlockAttributes extends BatchNormAttributes {
  /** Index of the filter `[3, 3, 1, channels]` in the parameters, a multiple of 4. */
  readonly filterOffset: number;
  /** The network's first layer: input ↦ input · inputScale + inputOffset. */
  readonly inputScale: number;
  /** See `inputScale`. */
  readonly inputOffset: number;
  /**
   * About the mean of the scaled input, the point that the sums are taken around. Any value is
   * right; one near the mean keeps float32's digits.
   */
  readonly pivot: number;
}

const taps = 9, momentSums = taps + taps * (taps + 1) / 2, momentColumns = 56;
const momentThreads = 64, elementThreads = 128, gradientQuads = 8, gradientThreads = 64;
const mostShares = 512, leastPixelsOfShare = 1024, leastWindowsOfShare = 128;
const gradientSums = taps + 1;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const lines = (count: number, line: (i: number) => string) => range(count).map(line).join("\n");

/** Index of the product of taps t ≤ u among the moments. */
const productIndex = (t: number, u: number) => taps + t * taps - t * (t - 1) / 2 + (u - t);

const scaledInput = `
fn inputAt(image : i32, y : i32, x : i32) -> f32 {
  if (y < 0 || y >= uniforms.height || x < 0 || x >= uniforms.width) { return 0.0; }
  return input[(image * uniforms.height + y) * uniforms.width + x] * uniforms.inputScale +
    uniforms.inputOffset;
}`;

const sharesOf = (elements: number, least: number) => {
  const wanted = Math.min(mostShares, Math.ceil(elements / least));
  const share = Math.ceil(elements / wanted);
  return { share, shares: Math.ceil(elements / share) };
};

/** Sums of the patches' values and products around the pivot: `[shares, 56]`. */
const momentPartials = defineKernel<FirstBlockAttributes>({
  name: "MelstreamFirstBlockMoments",
  inputs: ["input"],
  plan({ shape, inputScale, inputOffset, pivot }) {
    const pixels = pixelsOf(shape), { share, shares } = sharesOf(pixels, leastPixelsOfShare);
    return {
      variant: "",
      outputShape: [shares, momentColumns],
      outputComponents: 1,
      inputComponents: [1],
      workgroups: shares,
      workgroupSize: momentThreads,
      integers: { pixels, share, height: shape.height, width: shape.width },
      floats: { inputScale, inputOffset, pivot },
      source: () => `
${scaledInput}
var<workgroup> sums : array<f32, ${momentThreads * momentSums}>;

fn main(index : i32) {
  let thread = i32(localIndex);
  let end = min((workgroupIndex() + 1) * uniforms.share, uniforms.pixels);
${lines(momentSums, (i) => `var sum${i} = 0.0;`)}
  for (var pixel = workgroupIndex() * uniforms.share + thread; pixel < end;
       pixel += ${momentThreads}) {
    let row = pixel / uniforms.width;
    let x = pixel - row * uniforms.width;
    let image = row / uniforms.height;
    let y = row - image * uniforms.height;
${
        lines(
          taps,
          (t) =>
            `let p${t} = inputAt(image, y + ${Math.floor(t / 3) - 1}, x + ${t % 3 - 1}) - ` +
            `uniforms.pivot; sum${t} += p${t};`,
        )
      }
${
        lines(taps, (t) =>
          range(taps - t).map((i) =>
            `sum${productIndex(t, t + i)} += p${t} * p${t + i};`
          ).join(
            "\n",
          ))
      }
  }
${lines(momentSums, (i) => `sums[${i * momentThreads} + thread] = sum${i};`)}
  workgroupBarrier();
  if (thread < ${momentColumns}) {
    var sum = 0.0;
    if (thread < ${momentSums}) {
      for (var i = 0; i < ${momentThreads}; i++) { sum += sums[thread * ${momentThreads} + i]; }
    }
    result[workgroupIndex() * ${momentColumns} + thread] = sum;
  }
}`,
    };
  },
});

/** Mean of a tap and covariance of two from the sums, in shaders that have `moments`. */
const momentSource = `
fn distanceOf(tap : i32) -> f32 { return moments[tap] * uniforms.share; }

fn covarianceOf(a : i32, b : i32) -> f32 {
  let t = min(a, b);
  let u = max(a, b);
  let product = moments[${taps} + t * ${taps} - t * (t - 1) / 2 + u - t] * uniforms.share;
  return product - distanceOf(t) * distanceOf(u);
}`;

const channelThreads = 64;

/** Mean and variance of each channel from the moments of the input. */
const statisticsFromMoments = defineKernel<FirstBlockAttributes>({
  name: "MelstreamFirstBlockStatistics",
  inputs: ["moments", "parameters"],
  plan: ({ shape, filterOffset, meanOffset, varianceOffset, pivot }) => ({
    variant: "",
    outputComponents: 1,
    inputComponents: [1, 1],
    workgroups: Math.ceil(shape.channels / channelThreads),
    workgroupSize: channelThreads,
    integers: { channels: shape.channels, filterOffset, meanOffset, varianceOffset },
    floats: { share: 1 / pixelsOf(shape), pivot },
    source: () => `
${momentSource}
fn main(channel : i32) {
  if (channel >= uniforms.channels) { return; }
  var mean = 0.0;
  var variance = 0.0;
  for (var t = 0; t < ${taps}; t++) {
    let w = parameters[uniforms.filterOffset + t * uniforms.channels + channel];
    var row = 0.0;
    for (var u = 0; u < ${taps}; u++) {
      row += covarianceOf(t, u) * parameters[uniforms.filterOffset + u * uniforms.channels + channel];
    }
    mean += w * (uniforms.pivot + distanceOf(t));
    variance += w * row;
  }
  result[uniforms.meanOffset + channel] = mean;
  result[uniforms.varianceOffset + channel] = max(variance, 0.0);
}`,
  }),
});

/** One quad of channels over one pooling window: its 4×4 input, four convolutions, the best of them. */
const windowSource = `
${scaledInput}
struct Norm { mean : vec4<f32>, inverse : vec4<f32>, gamma : vec4<f32>, beta : vec4<f32> }

fn normOf(quad : i32) -> Norm {
  return Norm(
    statistics[uniforms.meanQuad + quad],
    inverseSqrt(statistics[uniforms.varianceQuad + quad] + ${batchNormEpsilon}),
    parameters[uniforms.gammaQuad + quad],
    parameters[uniforms.betaQuad + quad],
  );
}`;
const loadFilter = lines(
  taps,
  (t) => `let w${t} = parameters[uniforms.filterQuad + ${t} * uniforms.quads + quad];`,
);
const loadPatch = lines(
  16,
  (i) => `let p${i} = inputAt(image, y + ${Math.floor(i / 4) - 1}, x + ${i % 4 - 1});`,
);
/** The patch value that tap t of window place k sees. */
const patchIndex = (k: number, t: number) =>
  (Math.floor(k / 2) + Math.floor(t / 3)) * 4 + k % 2 + t % 3;
const activations = lines(
  4,
  (k) =>
    `let a${k} = (${range(taps).map((t) => `p${patchIndex(k, t)} * w${t}`).join(" + ")} - ` +
    `norm.mean) * norm.inverse * norm.gamma + norm.beta;`,
);

const windowUniforms = (attributes: FirstBlockAttributes) => {
  const { shape } = attributes, pooled = pooledShape(shape);
  return {
    integers: {
      height: shape.height,
      width: shape.width,
      rows: pooled.height,
      columns: pooled.width,
      quads: shape.channels / 4,
      filterQuad: attributes.filterOffset / 4,
      gammaQuad: attributes.gammaOffset / 4,
      betaQuad: attributes.betaOffset / 4,
      meanQuad: attributes.meanOffset / 4,
      varianceQuad: attributes.varianceOffset / 4,
    },
    floats: { inputScale: attributes.inputScale, inputOffset: attributes.inputOffset },
  };
};

/**
 * The block's output `[batch, ⌊height/2⌋, ⌊width/2⌋, channels]`, a new tensor. Inputs: input
 * `[batch, height, width]`, parameters, statistics.
 */
export const firstBlock = defineKernel<FirstBlockAttributes>({
  name: "MelstreamFirstBlock",
  inputs: ["input", "parameters", "statistics"],
  plan(attributes) {
    const { shape } = attributes, pooled = pooledShape(shape);
    const elements = pixelsOf(pooled) * shape.channels / 4;
    const { integers, floats } = windowUniforms(attributes);
    return {
      variant: "",
      outputShape: dimensionsOf(pooled),
      outputComponents: 4,
      inputComponents: [1, 4, 4],
      workgroups: Math.ceil(elements / elementThreads),
      workgroupSize: elementThreads,
      integers: { elements, ...integers },
      floats,
      source: () => `
${windowSource}
fn main(index : i32) {
  if (index >= uniforms.elements) { return; }
  let window = index / uniforms.quads;
  let quad = index - window * uniforms.quads;
  let row = window / uniforms.columns;
  let x = (window - row * uniforms.columns) * 2;
  let image = row / uniforms.rows;
  let y = (row - image * uniforms.rows) * 2;
  let norm = normOf(quad);
${loadFilter}
${loadPatch}
${activations}
  result[index] = max(max(max(a0, a1), max(a2, a3)), vec4<f32>(0.0));
}`,
    };
  },
});

/** S and Σ g of each channel over shares of the windows: `[shares, 10, channels]`. */
const gradientPartials = defineKernel<FirstBlockAttributes>({
  name: "MelstreamFirstBlockGradientSums",
  inputs: ["input", "parameters", "statistics", "moments", "gradient"],
  plan(attributes) {
    const { shape } = attributes, windows = pixelsOf(pooledShape(shape));
    const { share, shares } = sharesOf(windows, leastWindowsOfShare);
    const { integers, floats } = windowUniforms(attributes);
    const windowThreads = gradientThreads / gradientQuads;
    return {
      variant: "",
      outputShape: [shares, gradientSums * shape.channels],
      outputComponents: 4,
      inputComponents: [1, 4, 4, 1, 4],
      workgroups: shares * Math.ceil(shape.channels / 4 / gradientQuads),
      workgroupSize: gradientThreads,
      integers: { windows, windowsOfShare: share, ...integers },
      floats: { ...floats, pivot: attributes.pivot, share: 1 / pixelsOf(shape) },
      source: () => `
${windowSource}
var<workgroup> sums : array<vec4<f32>, ${gradientThreads * gradientSums}>;

fn main(index : i32) {
  let thread = i32(localIndex);
  let tiles = (uniforms.quads + ${gradientQuads - 1}) / ${gradientQuads};
  let share = workgroupIndex() / tiles;
  let quad = (workgroupIndex() % tiles) * ${gradientQuads} + thread % ${gradientQuads};
  let inside = quad < uniforms.quads;
${lines(gradientSums, (i) => `var sum${i} = vec4<f32>(0.0);`)}
  if (inside) {
    let norm = normOf(quad);
${loadFilter}
${lines(taps, (t) => `let m${t} = uniforms.pivot + moments[${t}] * uniforms.share;`)}
    let end = min((share + 1) * uniforms.windowsOfShare, uniforms.windows);
    for (var window = share * uniforms.windowsOfShare + thread / ${gradientQuads}; window < end;
         window += ${windowThreads}) {
      let row = window / uniforms.columns;
      let x = (window - row * uniforms.columns) * 2;
      let image = row / uniforms.rows;
      let y = (row - image * uniforms.rows) * 2;
${loadPatch}
${activations}
      let zero = vec4<f32>(0.0);
      let best = max(max(a0, a1), max(a2, a3));
      let passed = select(zero, gradient[window * uniforms.quads + quad], best > zero);
      // The first of equal maxima gets the gradient.
      let is0 = a0 == best;
      let is1 = a1 == best & !is0;
      let is2 = a2 == best & !(is0 | is1);
      let is3 = !(is0 | is1 | is2);
${lines(4, (k) => `let g${k} = select(zero, passed, is${k});`)}
${
        lines(
          taps,
          (t) =>
            `sum${t} += ${
              range(4).map((k) => `g${k} * (p${patchIndex(k, t)} - m${t})`).join(" + ")
            };`,
        )
      }
      sum${taps} += passed;
    }
  }
${lines(gradientSums, (i) => `sums[${i * gradientThreads} + thread] = sum${i};`)}
  workgroupBarrier();
  // The threads share the sums' columns: quad by quad, sum by sum.
  for (var column = thread; column < ${
        gradientQuads * gradientSums
      }; column += ${gradientThreads}) {
    let lane = column % ${gradientQuads};
    let kind = column / ${gradientQuads};
    let to = (workgroupIndex() % tiles) * ${gradientQuads} + lane;
    if (to < uniforms.quads) {
      var sum = vec4<f32>(0.0);
      for (var i = lane; i < ${gradientThreads}; i += ${gradientQuads}) {
        sum += sums[kind * ${gradientThreads} + i];
      }
      result[(share * ${gradientSums} + kind) * uniforms.quads + to] = sum;
    }
  }
}`,
    };
  },
});

/** The gradients by filter, gamma and beta, from the sums, into the updates. */
const gradientFromSums = defineKernel<FirstBlockAttributes>({
  name: "MelstreamFirstBlockGradient",
  inputs: ["sums", "moments", "parameters"],
  plan: (attributes) => ({
    variant: "",
    outputComponents: 1,
    inputComponents: [1, 1, 1],
    workgroups: Math.ceil(attributes.shape.channels / channelThreads),
    workgroupSize: channelThreads,
    integers: {
      channels: attributes.shape.channels,
      filterOffset: attributes.filterOffset,
      gammaOffset: attributes.gammaOffset,
      betaOffset: attributes.betaOffset,
      varianceOffset: attributes.varianceOffset,
    },
    floats: { share: 1 / pixelsOf(attributes.shape) },
    source: () => `
${momentSource}
fn main(channel : i32) {
  if (channel >= uniforms.channels) { return; }
  let inverse = inverseSqrt(result[uniforms.varianceOffset + channel] + ${batchNormEpsilon});
  var byGamma = 0.0;
  for (var t = 0; t < ${taps}; t++) {
    let at = t * uniforms.channels + channel;
    byGamma += parameters[uniforms.filterOffset + at] * sums[at];
  }
  byGamma *= inverse;
  let scale = parameters[uniforms.gammaOffset + channel] * inverse;
  for (var t = 0; t < ${taps}; t++) {
    var row = 0.0;
    for (var u = 0; u < ${taps}; u++) {
      row += covarianceOf(t, u) * parameters[uniforms.filterOffset + u * uniforms.channels + channel];
    }
    let at = t * uniforms.channels + channel;
    result[uniforms.filterOffset + at] = scale * (sums[at] - byGamma * inverse * row);
  }
  result[uniforms.gammaOffset + channel] = byGamma;
  result[uniforms.betaOffset + channel] = sums[${taps} * uniforms.channels + channel];
}`,
  }),
});

/**
 * Writes the batch's mean and variance of the first convolution's channels into `updates`.
 *
 * @returns The moments of the input, which the backward pass needs; the caller disposes them.
 */
export function firstBlockStatistics(
  input: Tensor,
  parameters: Tensor,
  attributes: FirstBlockAttributes,
  updates: Tensor,
): Tensor {
  const partials = momentPartials([input], attributes);
  const moments = sumPartials([partials], {
    rows: partials.shape[0],
    columns: momentColumns,
    offset: 0,
  });
  partials.dispose();
  statisticsFromMoments([moments, parameters], attributes, updates);
  return moments;
}

/**
 * The backward pass of `firstBlock`: writes the gradients by filter, gamma and beta into `updates`,
 * where the batch's statistics lie.
 *
 * @param gradient By the block's output.
 * @param moments From `firstBlockStatistics` of the same batch.
 */
export function firstBlockGradient(
  input: Tensor,
  parameters: Tensor,
  moments: Tensor,
  gradient: Tensor,
  attributes: FirstBlockAttributes,
  updates: Tensor,
): void {
  const partials = gradientPartials([input, parameters, updates, moments, gradient], attributes);
  const sums = sumPartials([partials], {
    rows: partials.shape[0],
    columns: gradientSums * attributes.shape.channels,
    offset: 0,
  });
  gradientFromSums([sums, moments, parameters], attributes, updates);
  partials.dispose();
  sums.dispose();
}
