/**
 * Mean and variance of each channel over a batch, in two stages: sums over shares of the pixels,
 * then over the shares.
 *
 * The sums are of the distance to one pixel of the batch: taken of the values themselves, the
 * difference of E[x²] and E[x]² would lose the digits that a large mean occupies.
 */
import type { Tensor } from "../../../deps/tfjs_core.ts";
import { defineKernel } from "../kernel.ts";
import { type ImageShape, pixelsOf } from "./image_shape.ts";

/** A block's batch normalisation: the maps it works on and where its values lie. */
export interface BatchNormAttributes {
  /** Shape of the convolution's output. */
  readonly shape: ImageShape;
  /** Index of gamma in the parameters (and of its gradient in the updates), a multiple of 4. */
  readonly gammaOffset: number;
  /** The same for beta. */
  readonly betaOffset: number;
  /** Index of the means in the statistics, a multiple of 4. */
  readonly meanOffset: number;
  /** The same for the variances. */
  readonly varianceOffset: number;
}

/** A workgroup sums 64 channels over a share of the pixels: 16 quads side by side, 16 pixels at a time. */
export const quadThreads = 16, pixelThreads = 16;
const mostShares = 512, leastPixelsOfShare = 128;

/** How the sum over `pixels` is split. */
export function sharesOf(pixels: number): { pixelsOfShare: number; shares: number } {
  const wanted = Math.min(mostShares, Math.ceil(pixels / leastPixelsOfShare));
  const pixelsOfShare = Math.ceil(pixels / wanted);
  return { pixelsOfShare, shares: Math.ceil(pixels / pixelsOfShare) };
}

/** Adds `first` and `second` of a column's threads; thread `quadThreads` and below hold the sums. */
export const addColumns = `
var<workgroup> firstSums : array<vec4<f32>, ${quadThreads * pixelThreads}>;
var<workgroup> secondSums : array<vec4<f32>, ${quadThreads * pixelThreads}>;

struct Pair { first : vec4<f32>, second : vec4<f32> }

fn addColumns(pair : Pair) -> Pair {
  let thread = i32(localIndex);
  firstSums[thread] = pair.first;
  secondSums[thread] = pair.second;
  workgroupBarrier();
  var sum = pair;
  if (thread < ${quadThreads}) {
    for (var row = 1; row < ${pixelThreads}; row++) {
      sum.first += firstSums[thread + row * ${quadThreads}];
      sum.second += secondSums[thread + row * ${quadThreads}];
    }
  }
  return sum;
}`;

/** Sums of (value − pivot) and of its square over shares of the pixels: `[shares, 2, channels]`. */
const statisticsPartials = defineKernel<{ readonly shape: ImageShape }>({
  name: "MelstreamBatchNormPartials",
  inputs: ["values"],
  plan({ shape }) {
    const pixels = pixelsOf(shape), quads = shape.channels / 4;
    const { pixelsOfShare, shares } = sharesOf(pixels);
    return {
      variant: "",
      outputShape: [shares, 2, shape.channels],
      outputComponents: 4,
      inputComponents: [4],
      workgroups: shares * Math.ceil(quads / quadThreads),
      workgroupSize: quadThreads * pixelThreads,
      integers: { pixels, quads, pixelsOfShare },
      source: () => `
${addColumns}
fn main(index : i32) {
  let thread = i32(localIndex);
  let tiles = (uniforms.quads + ${quadThreads - 1}) / ${quadThreads};
  let share = workgroupIndex() / tiles;
  let quad = (workgroupIndex() % tiles) * ${quadThreads} + thread % ${quadThreads};
  let inside = quad < uniforms.quads;
  var sum = Pair(vec4<f32>(0.0), vec4<f32>(0.0));
  if (inside) {
    let pivot = values[(uniforms.pixels / 2) * uniforms.quads + quad];
    let end = min((share + 1) * uniforms.pixelsOfShare, uniforms.pixels);
    for (var pixel = share * uniforms.pixelsOfShare + thread / ${quadThreads}; pixel < end;
         pixel += ${pixelThreads}) {
      let distance = values[pixel * uniforms.quads + quad] - pivot;
      sum.first += distance;
      sum.second += distance * distance;
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

/** Mean and biased variance of each channel from the sums. */
const statisticsFromPartials = defineKernel<BatchNormAttributes>({
  name: "MelstreamBatchNormStatistics",
  inputs: ["values", "partials"],
  plan({ shape, meanOffset, varianceOffset }) {
    const pixels = pixelsOf(shape), quads = shape.channels / 4;
    return {
      variant: "",
      outputComponents: 4,
      inputComponents: [4, 4],
      workgroups: Math.ceil(quads / quadThreads),
      workgroupSize: quadThreads * pixelThreads,
      integers: {
        pixels,
        quads,
        shares: sharesOf(pixels).shares,
        meanQuad: meanOffset / 4,
        varianceQuad: varianceOffset / 4,
      },
      source: () => `
${addColumns}
fn main(index : i32) {
  let thread = i32(localIndex);
  let quad = workgroupIndex() * ${quadThreads} + thread % ${quadThreads};
  let inside = quad < uniforms.quads;
  var sum = Pair(vec4<f32>(0.0), vec4<f32>(0.0));
  if (inside) {
    for (var share = thread / ${quadThreads}; share < uniforms.shares; share += ${pixelThreads}) {
      sum.first += partials[(share * 2) * uniforms.quads + quad];
      sum.second += partials[(share * 2 + 1) * uniforms.quads + quad];
    }
  }
  sum = addColumns(sum);
  if (inside && thread < ${quadThreads}) {
    let distance = sum.first / f32(uniforms.pixels);
    let variance = sum.second / f32(uniforms.pixels) - distance * distance;
    let pivot = values[(uniforms.pixels / 2) * uniforms.quads + quad];
    result[uniforms.meanQuad + quad] = pivot + distance;
    result[uniforms.varianceQuad + quad] = max(variance, vec4<f32>(0.0));
  }
}`,
    };
  },
});

/** Writes mean and biased variance of the channels of `values` into `updates`. */
export function batchNormStatistics(
  values: Tensor,
  attributes: BatchNormAttributes,
  updates: Tensor,
): void {
  const partials = statisticsPartials([values], attributes);
  statisticsFromPartials([values, partials], attributes, updates);
  partials.dispose();
}
