import type { Tensor } from "../../../deps/tfjs_core.ts";
import { defineKernel } from "../kernel.ts";
import {
  channelThreads,
  type FirstBlockAttributes,
  momentColumns,
  momentSource,
  momentSums,
  scaledInput,
  sharesOf,
  taps,
} from "./first_block_shader.ts";
import { pixelsOf } from "./image_shape.ts";
import { sumPartials } from "./sum_partials.ts";
import { unroll } from "./unroll.ts";

const momentThreads = 64, leastPixelsOfShare = 1024;

/** Index of the product of taps t ≤ u among the moments. */
const productIndex = (t: number, u: number) => taps + t * taps - t * (t - 1) / 2 + (u - t);

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
${unroll(momentSums, (i) => `var sum${i} = 0.0;`)}
  for (var pixel = workgroupIndex() * uniforms.share + thread; pixel < end;
       pixel += ${momentThreads}) {
    let row = pixel / uniforms.width;
    let x = pixel - row * uniforms.width;
    let image = row / uniforms.height;
    let y = row - image * uniforms.height;
${
        unroll(
          taps,
          (t) =>
            `let p${t} = inputAt(image, y + ${Math.floor(t / 3) - 1}, x + ${t % 3 - 1}) - ` +
            `uniforms.pivot; sum${t} += p${t};`,
        )
      }
${
        unroll(taps, (t) =>
          unroll(taps - t, (i) => `sum${productIndex(t, t + i)} += p${t} * p${t + i};`))
      }
  }
${unroll(momentSums, (i) => `sums[${i * momentThreads} + thread] = sum${i};`)}
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
