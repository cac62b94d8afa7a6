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
import { defineKernel } from "../kernel.ts";
import {
  activations,
  type FirstBlockAttributes,
  loadFilter,
  loadPatch,
  windowSource,
  windowUniforms,
} from "./first_block_shader.ts";
import { dimensionsOf, pixelsOf, pooledShape } from "./image_shape.ts";

const elementThreads = 128;

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
