import { defineKernel } from "../kernel.ts";

/** Which filter to rotate. */
export interface RotateFilterAttributes {
  readonly inputs: number;
  readonly outputs: number;
  /** Index of the filter's first value in its tensor. */
  readonly filterOffset: number;
}

const workgroupSize = 64;

/**
 * Turns a filter `[3, 3, inputs, outputs]` by half a turn and exchanges its channels: a new tensor
 * `[3, 3, outputs, inputs]`. The gradient of a convolution by its input is the convolution of the
 * output's gradient with it.
 */
export const rotateFilter = defineKernel<RotateFilterAttributes>({
  name: "MelstreamRotateFilter",
  inputs: ["filters"],
  plan: ({ inputs, outputs, filterOffset }) => ({
    variant: "",
    outputShape: [3, 3, outputs, inputs],
    outputComponents: 1,
    inputComponents: [1],
    workgroups: Math.ceil(9 * inputs * outputs / workgroupSize),
    workgroupSize,
    integers: { inputs, outputs, filterOffset },
    source: () => `
fn main(index : i32) {
  if (index >= 9 * uniforms.inputs * uniforms.outputs) { return; }
  let row = index / uniforms.inputs;
  let channel = index - row * uniforms.inputs;
  let tap = row / uniforms.outputs;
  let output = row - tap * uniforms.outputs;
  result[index] = filters[uniforms.filterOffset +
    ((8 - tap) * uniforms.inputs + channel) * uniforms.outputs + output];
}`,
  }),
});
