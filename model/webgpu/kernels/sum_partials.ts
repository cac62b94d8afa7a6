import { defineKernel } from "../kernel.ts";

/** Which sums to take. */
export interface SumPartialsAttributes {
  /** Number of partial sums of each value. */
  readonly rows: number;
  /** Number of values, a multiple of 4. */
  readonly columns: number;
  /** Index in the destination of the first sum, a multiple of 4. */
  readonly offset: number;
}

/**
 * A workgroup adds 16 quads of columns, 16 threads to each: whole lines, and short chains of sums. Where there
 * are few rows a thread takes a column by itself.
 */
const shapeOf = (rows: number) =>
  rows > 16 ? { columnThreads: 16, rowThreads: 16 } : { columnThreads: 128, rowThreads: 1 };

/**
 * Adds `partials` `[rows, columns]` along its rows, in a fixed order, into `columns` values of the
 * destination from `offset` on.
 */
export const sumPartials = defineKernel<SumPartialsAttributes>({
  name: "MelstreamSumPartials",
  inputs: ["partials"],
  plan({ rows, columns, offset }) {
    const { columnThreads, rowThreads } = shapeOf(rows);
    return {
      variant: `${rowThreads}`,
      outputShape: [columns],
      outputComponents: 4,
      inputComponents: [4],
      workgroups: Math.ceil(columns / 4 / columnThreads),
      workgroupSize: columnThreads * rowThreads,
      integers: { rows, quads: columns / 4, firstQuad: offset / 4 },
      source: () => `
${rowThreads > 1 ? `var<workgroup> sums : array<vec4<f32>, ${columnThreads * rowThreads}>;` : ""}

fn main(index : i32) {
  let thread = i32(localIndex);
  let quad = workgroupIndex() * ${columnThreads} + thread % ${columnThreads};
  let inside = quad < uniforms.quads;
  var sum = vec4<f32>(0.0);
  if (inside) {
    for (var row = thread / ${columnThreads}; row < uniforms.rows; row += ${rowThreads}) {
      sum += partials[row * uniforms.quads + quad];
    }
  }
${
        rowThreads > 1
          ? `  sums[thread] = sum;
  workgroupBarrier();
  if (thread >= ${columnThreads}) { return; }
  for (var row = 1; row < ${rowThreads}; row++) {
    sum += sums[thread + row * ${columnThreads}];
  }`
          : ""
      }
  if (inside) { result[uniforms.firstQuad + quad] = sum; }
}`,
    };
  },
});
