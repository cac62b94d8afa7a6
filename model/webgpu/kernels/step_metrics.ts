import { defineKernel } from "../kernel.ts";
import { normShares } from "./adam.ts";
import { type ClassifierAttributes, rowLayout } from "./classifier.ts";

/** Values of the sums: loss, right answers, largest norm, unused. */
export const metricsSize = 4;

/**
 * Adds a step to the sums in the destination `[metricsSize]`: losses, right answers, and the largest norm
 * of the gradient. Inputs: the classifier's rows, `gradientSquares`.
 */
export const addStepMetrics = defineKernel<ClassifierAttributes>({
  name: "MelstreamAddStepMetrics",
  inputs: ["rows", "squares"],
  plan(attributes) {
    const { size, loss, correct } = rowLayout(attributes);
    return {
      variant: "",
      outputComponents: 1,
      inputComponents: [1, 1],
      workgroups: 1,
      workgroupSize: normShares,
      integers: { batch: attributes.input.batch, rowSize: size, loss, correct },
      source: () => `
var<workgroup> sums : array<vec3<f32>, ${normShares}>;

fn main(index : i32) {
  var sum = vec3<f32>(0.0, 0.0, squares[index]);
  for (var example = index; example < uniforms.batch; example += ${normShares}) {
    sum.x += rows[example * uniforms.rowSize + uniforms.loss];
    sum.y += rows[example * uniforms.rowSize + uniforms.correct];
  }
  sums[index] = sum;
  workgroupBarrier();
  if (index == 0) {
    for (var i = 1; i < ${normShares}; i++) { sum += sums[i]; }
    result[0] += sum.x;
    result[1] += sum.y;
    result[2] = max(result[2], sqrt(sum.z));
  }
}`,
    };
  },
});
