import type { Tensor } from "../../../deps/tfjs_core.ts";
import { batchNormEpsilon } from "../../conv_network.ts";
import { defineKernel } from "../kernel.ts";
import {
  activations,
  channelThreads,
  type FirstBlockAttributes,
  loadFilter,
  loadPatch,
  momentSource,
  patchIndex,
  sharesOf,
  taps,
  windowSource,
  windowUniforms,
} from "./first_block_shader.ts";
import { pixelsOf, pooledShape } from "./image_shape.ts";
import { sumPartials } from "./sum_partials.ts";
import { unroll } from "./unroll.ts";

/** A workgroup takes 8 quads of channels, 8 windows at a time. */
const gradientQuads = 8, gradientThreads = 64, leastWindowsOfShare = 128;
/** Sums of a channel: S of each tap, and Σ g. */
const gradientSums = taps + 1;

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
${unroll(gradientSums, (i) => `var sum${i} = vec4<f32>(0.0);`)}
  if (inside) {
    let norm = normOf(quad);
${loadFilter}
${unroll(taps, (t) => `let m${t} = uniforms.pivot + moments[${t}] * uniforms.share;`)}
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
      let is1 = (a1 == best) & !is0;
      let is2 = (a2 == best) & !(is0 | is1);
      let is3 = !(is0 | is1 | is2);
${unroll(4, (k) => `let g${k} = select(zero, passed, is${k});`)}
${
        unroll(
          taps,
          (t) =>
            `sum${t} += ${
              [0, 1, 2, 3].map((k) => `g${k} * (p${patchIndex(k, t)} - m${t})`).join(" + ")
            };`,
        )
      }
      sum${taps} += passed;
    }
  }
${unroll(gradientSums, (i) => `sums[${i * gradientThreads} + thread] = sum${i};`)}
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
