/**
 * Gradient of a 3×3 convolution by its filter, as an implicit matrix product: (9 · inputs) × pixels
 * times pixels × outputs.
 *
 * The result is small and the sum is long (a batch's pixels), so the sum is split: a workgroup takes
 * 64 rows of (tap, input) × 64 outputs over a share of the pixels and writes a partial sum;
 * `sumPartials` adds the shares, always in the same order. Shares are chosen so that some 1,000
 * workgroups run, and short enough that float32 sums stay accurate. Tiles as in `conv2d`: 64 threads
 * of 8 × 8 sums, 16 pixels a step, 8 KiB of workgroup memory. Both tiles lie channels last in global
 * memory, so that their loads are whole lines.
 */
import { defineKernel } from "../kernel.ts";
import { type ImageShape, pixelsOf } from "./image_shape.ts";

/** What one filter gradient needs besides its tensors. */
export interface Conv2dFilterGradientAttributes {
  /** Shape of the convolution's input. */
  readonly input: ImageShape;
  /** Output channels, a multiple of 4. */
  readonly outputs: number;
}

const tileRows = 64, tileOutputs = 64, stepPixels = 16, threads = 64;
const targetWorkgroups = 1024, leastPixelsOfShare = 256;

/** How the sum over pixels is split. */
export function sharesOf({ input, outputs }: Conv2dFilterGradientAttributes) {
  const tiles = Math.ceil(9 * input.channels / tileRows) * Math.ceil(outputs / tileOutputs);
  const pixels = pixelsOf(input);
  const wanted = Math.min(
    Math.ceil(targetWorkgroups / tiles),
    Math.ceil(pixels / leastPixelsOfShare),
  );
  const steps = Math.ceil(pixels / wanted / stepPixels);
  return { tiles, steps, shares: Math.ceil(pixels / (steps * stepPixels)) };
}

/** The product of the tiles in workgroup memory, one thread's part, unrolled. */
function unrolledProduct(): string {
  const lines: string[] = [];
  for (let k = 0; k < stepPixels; k++) {
    for (const [name, tile, lane] of [["r", "rowTile", "row"], ["g", "gradientTile", "column"]]) {
      lines.push(
        `let ${name}${k}a = ${tile}[${k * 16} + ${lane}];`,
        `let ${name}${k}b = ${tile}[${k * 16 + 8} + ${lane}];`,
      );
    }
    for (let i = 0; i < 8; i++) {
      const r = `r${k}${i < 4 ? "a" : "b"}.${"xyzw"[i % 4]}`;
      lines.push(`sum${i}a += ${r} * g${k}a;`, `sum${i}b += ${r} * g${k}b;`);
    }
  }
  return lines.join("\n");
}

function source(): string {
  const each = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join("\n");
  return `
var<workgroup> rowTile : array<vec4<f32>, ${stepPixels * tileRows / 4}>;
var<workgroup> gradientTile : array<vec4<f32>, ${stepPixels * tileOutputs / 4}>;

fn main(index : i32) {
  let thread = i32(localIndex);
  let outputTiles = (uniforms.outputQuads + 15) / 16;
  let rows = 9 * uniforms.inputQuads;
  let tiles = ((rows + 15) / 16) * outputTiles;
  let share = workgroupIndex() / tiles;
  let tile = workgroupIndex() % tiles;
  let firstRow = (tile / outputTiles) * 16;
  let firstQuad = (tile % outputTiles) * 16;
  let row = thread / 8;
  let column = thread % 8;
  // Each thread loads one quad of rows and one of outputs, for every fourth pixel.
  let loadPixel = thread / 16;
  let loadRow = firstRow + thread % 16;
  let loadQuad = firstQuad + thread % 16;
  let tap = loadRow / uniforms.inputQuads;
  let channelQuad = loadRow - tap * uniforms.inputQuads;
  let tapY = tap / 3 - 1;
  let tapX = tap % 3 - 1;
  let neighbour = (tapY * uniforms.width + tapX) * uniforms.inputQuads + channelQuad;
${
    each(4, (i) => `
  var pixel${i} = share * uniforms.steps * ${stepPixels} + loadPixel + ${i * 4};
  let line${i} = pixel${i} / uniforms.width;
  var x${i} = pixel${i} - line${i} * uniforms.width + tapX;
  var y${i} = line${i} % uniforms.height + tapY;`)
  }
${each(8, (i) => `var sum${i}a = vec4<f32>(0.0); var sum${i}b = vec4<f32>(0.0);`)}
  for (var step = 0; step < uniforms.steps; step++) {
${
    each(4, (i) =>
      `{
      let inside = pixel${i} < uniforms.pixels;
      var value = vec4<f32>(0.0);
      if (inside && loadRow < rows && x${i} >= 0 && x${i} < uniforms.width &&
          y${i} >= 0 && y${i} < uniforms.height) {
        value = input[pixel${i} * uniforms.inputQuads + neighbour];
      }
      rowTile[thread + ${i * threads}] = value;
      value = vec4<f32>(0.0);
      if (inside && loadQuad < uniforms.outputQuads) {
        value = gradient[pixel${i} * uniforms.outputQuads + loadQuad];
      }
      gradientTile[thread + ${i * threads}] = value;
      // The next pixel of this thread, ${stepPixels} further, without a division.
      pixel${i} += ${stepPixels};
      x${i} += ${stepPixels};
      while (x${i} - tapX >= uniforms.width) {
        x${i} -= uniforms.width;
        y${i} += 1;
        if (y${i} - tapY >= uniforms.height) { y${i} -= uniforms.height; }
      }
    }`)
  }
    workgroupBarrier();
${unrolledProduct()}
    workgroupBarrier();
  }
  let firstResult = share * rows * 4 * uniforms.outputQuads;
${
    each(8, (i) =>
      `{
    let quad = firstRow + row + ${i < 4 ? 0 : 8};
    let output = firstQuad + column;
    if (quad < rows) {
      let place = firstResult + (quad * 4 + ${i % 4}) * uniforms.outputQuads + output;
      if (output < uniforms.outputQuads) { result[place] = sum${i}a; }
      if (output + 8 < uniforms.outputQuads) { result[place + 8] = sum${i}b; }
    }
  }`)
  }
}`;
}

/**
 * Partial sums of the filter's gradient: a new tensor `[shares, 9 · inputs · outputs]`, from `input`
 * `[batch, height, width, inputs]` and `gradient` `[batch, height, width, outputs]`.
 */
export const conv2dFilterGradient = defineKernel<Conv2dFilterGradientAttributes>({
  name: "MelstreamConv2DFilterGradient",
  inputs: ["input", "gradient"],
  plan(attributes) {
    const { input, outputs } = attributes;
    const { tiles, steps, shares } = sharesOf(attributes);
    return {
      variant: "",
      outputShape: [shares, 9 * input.channels * outputs],
      outputComponents: 4,
      inputComponents: [4, 4],
      workgroups: tiles * shares,
      workgroupSize: threads,
      integers: {
        pixels: pixelsOf(input),
        height: input.height,
        width: input.width,
        inputQuads: input.channels / 4,
        outputQuads: outputs / 4,
        steps,
      },
      source,
    };
  },
});
