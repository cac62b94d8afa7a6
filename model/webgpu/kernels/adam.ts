/**
 * Adam (Kingma & Ba 2015) in PyTorch's form with decoupled weight decay (Loshchilov & Hutter 2019)
 * and clipping by the global norm, over all parameters at once: two dispatches a step.
 */
import type { Tensor } from "../../../deps/tfjs_core.ts";
import { adam as constants } from "../../engine.ts";
import { batchNormMomentum } from "../../conv_network.ts";
import { defineKernel } from "../kernel.ts";
import { parameterRole } from "../parameter_layout.ts";

/** One step of the optimizer. */
export interface AdamAttributes {
  /** Number of parameters, a multiple of 4. */
  readonly size: number;
  /** This step's number, from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** See `StepOptions`. */
  readonly weightDecay: number;
  /** See `StepOptions`. */
  readonly clipNorm: number;
}

const threads = 128;
/** Number of partial sums of the gradient's square. */
export const normShares = 64;

/**
 * Partial sums of the gradient's square, a new tensor `[normShares]`. Inputs: updates, roles (one
 * for each four parameters).
 */
export const gradientSquares = defineKernel<{ readonly size: number }>({
  name: "MelstreamGradientSquares",
  inputs: ["updates", "roles"],
  plan: ({ size }) => ({
    variant: "",
    outputShape: [normShares],
    outputComponents: 1,
    inputComponents: [4, 1],
    workgroups: normShares,
    workgroupSize: threads,
    integers: { quads: size / 4 },
    source: () => `
var<workgroup> sums : array<f32, ${threads}>;

fn main(index : i32) {
  var sum = 0.0;
  for (var quad = index; quad < uniforms.quads; quad += ${threads * normShares}) {
    if (roles[quad] < ${parameterRole.runningStatistic}.0) {
      sum += dot(updates[quad], updates[quad]);
    }
  }
  sums[localIndex] = sum;
  workgroupBarrier();
  if (localIndex == 0u) {
    for (var i = 1; i < ${threads}; i++) { sum += sums[i]; }
    result[workgroupIndex()] = sum;
  }
}`,
  }),
});

/**
 * One step, in place in the destination: `[3, size]`, the parameters and both moments. Running
 * statistics move towards the batch's, which lie among the updates. Inputs: updates, roles, squares, factors
 * of the learning rate (as the roles, one for each four parameters).
 */
const update = defineKernel<AdamAttributes>({
  name: "MelstreamAdam",
  inputs: ["updates", "roles", "squares", "factors"],
  plan: ({ size, step, learningRate, weightDecay, clipNorm }) => ({
    variant: "",
    outputComponents: 4,
    inputComponents: [4, 1, 4, 1],
    workgroups: Math.ceil(size / 4 / threads),
    workgroupSize: threads,
    integers: { quads: size / 4 },
    floats: {
      clipNorm,
      stepSize: learningRate / (1 - constants.beta1 ** step),
      inverseBias: 1 / (1 - constants.beta2 ** step),
      decay: learningRate * weightDecay,
    },
    source: () => `
fn main(quad : i32) {
  if (quad >= uniforms.quads) { return; }
  // Every thread adds the same few shares: cheaper than a dispatch or a barrier for it.
  var shares = vec4<f32>(0.0);
  for (var i = 0; i < ${normShares / 4}; i++) { shares += squares[i]; }
  let norm = sqrt(dot(shares, vec4<f32>(1.0)));
  let clips = uniforms.clipNorm > 0.0 && norm > uniforms.clipNorm;
  let clipScale = select(1.0, uniforms.clipNorm / norm, clips);
  let role = roles[quad];
  if (role == ${parameterRole.frozen}.0) { return; }
  var value = result[quad];
  if (role == ${parameterRole.runningStatistic}.0) {
    result[quad] = ${batchNormMomentum} * value + ${
      (1 - batchNormMomentum).toFixed(8)
    } * updates[quad];
    return;
  }
  let factor = factors[quad];
  if (role == ${parameterRole.decayed}.0) { value *= 1.0 - factor * uniforms.decay; }
  let gradient = clipScale * updates[quad];
  let first = ${constants.beta1} * result[uniforms.quads + quad] +
    ${(1 - constants.beta1).toFixed(8)} * gradient;
  let second = ${constants.beta2} * result[2 * uniforms.quads + quad] +
    ${(1 - constants.beta2).toFixed(8)} * gradient * gradient;
  result[quad] = value - factor * uniforms.stepSize * first /
    (sqrt(second * uniforms.inverseBias) + ${constants.epsilon});
  result[uniforms.quads + quad] = first;
  result[2 * uniforms.quads + quad] = second;
}`,
  }),
});

/**
 * Moves the parameters by one step.
 *
 * @param state `[3, size]`: parameters, first and second moments; changed in place.
 * @param updates `[size]`: gradients, and the batch's statistics in the places of the running ones.
 * @param roles `[size / 4]`: a `parameterRole` for each four parameters.
 * @param factors `[size / 4]`: what the learning rate is multiplied by for each four parameters.
 * @returns Partial sums of the gradient's square before clipping; the caller disposes them.
 */
export function stepAdam(
  state: Tensor,
  updates: Tensor,
  roles: Tensor,
  factors: Tensor,
  attributes: AdamAttributes,
): Tensor {
  const squares = gradientSquares([updates, roles], attributes);
  update([updates, roles, squares, factors], attributes, state);
  return squares;
}
