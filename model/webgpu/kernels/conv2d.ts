/**
 * 3×3 convolution, stride 1, zero padding, as an implicit matrix product: pixels × (9 · inputs)
 * times (9 · inputs) × outputs, where the left matrix is never stored.
 *
 * Tiles. A workgroup computes 128 pixels × 64 outputs (32 where the layer has no more), a thread 8 ×
 * 8 of them in 64 registers: 64 multiply-adds for every 16 values it reads from workgroup memory,
 * and 16 · 128 · 64 for every (128 + 64) · 16 from global memory, 43 each. One step covers one tap of
 * the filter and 16 input channels: 12 KiB of workgroup memory, below WebGPU's guaranteed 16 KiB and
 * small enough for several workgroups on one multiprocessor to hide each other's loads. Threads next
 * to each other read the same pixels and neighbouring outputs: broadcasts and whole lines, no bank
 * conflicts. The product of one step is unrolled in the text, so that every accumulator is a register, and
 * tiles are arrays of arrays, so that WebGPU's checks of their indices fall on what is constant.
 */
import { defineKernel } from "../kernel.ts";
import type { Precision } from "../../precision.ts";
import { type Arithmetic, arithmeticOf } from "./arithmetic.ts";
import { dimensionsOf, type ImageShape, pixelsOf } from "./image_shape.ts";
import { unroll } from "./unroll.ts";

/** What one convolution needs besides its tensors. */
export interface Conv2dAttributes {
  /** Shape of the input. */
  readonly input: ImageShape;
  /** Output channels, a multiple of 4. */
  readonly outputs: number;
  /** Index of the filter's first value in its tensor, a multiple of 4. */
  readonly filterOffset: number;
  /** How the products are computed. @default {"float32"} */
  readonly precision?: Precision;
  /** In float16, what the input is scaled by in the products: see `gradientScale`. @default {1} */
  readonly scale?: number;
}

const tilePixels = 128, stepChannels = 16, threadPixels = 8, threadOutputs = 8;

/** The product of the tiles in workgroup memory, one thread's part, unrolled. */
function unrolledProduct(columnThreads: number, sum: string): string {
  const quads = stepChannels / 4;
  const lines: string[] = [];
  for (let quad = 0; quad < quads; quad++) {
    for (let k = 0; k < 4; k++) {
      const row = `filterTile[${quad * 4 + k}]`;
      lines.push(
        `let f${quad}${k}a = ${row}[column];`,
        `let f${quad}${k}b = ${row}[${columnThreads} + column];`,
      );
    }
    for (let i = 0; i < threadPixels; i++) {
      const p = `p${quad}${i}`;
      lines.push(`let ${p} = pixelTile[${i}][row][${quad}];`);
      for (let k = 0; k < 4; k++) {
        lines.push(
          `${sum}${i}a += ${p}.${"xyzw"[k]} * f${quad}${k}a;`,
          `${sum}${i}b += ${p}.${"xyzw"[k]} * f${quad}${k}b;`,
        );
      }
    }
  }
  return lines.join("\n");
}

function source(tileOutputs: number, arithmetic: Arithmetic): string {
  const { quadType } = arithmetic;
  const columnThreads = tileOutputs / threadOutputs, rowThreads = tilePixels / threadPixels;
  const threads = columnThreads * rowThreads, quads = stepChannels / 4;
  // A multiple of rowThreads, so that a thread's loads all go to the same row of their slabs.
  const loadRows = threads / quads, pixelLoads = tilePixels / loadRows;
  const filterLoads = stepChannels * (tileOutputs / 4) / threads;
  /** A line for each value that a thread loads in a step: its variable, its load, its slot in the tile. */
  const loads = (line: (name: string, load: string, slot: string, kept: string) => string) =>
    unroll(pixelLoads, (i) =>
      line(
        `pixel${i}`,
        `loadPixel(place${i}, tap, quad + loadQuad)`,
        `pixelTile[(loadRow + ${i * loadRows}) / ${rowThreads}][loadRow % ${rowThreads}][loadQuad]`,
        arithmetic.loadScaled(`pixel${i}`),
      )) +
    "\n" +
    unroll(filterLoads, (i) => {
      const slot = `(thread + ${i * threads})`, width = tileOutputs / 4;
      return line(
        `filter${i}`,
        `loadFilter(tap, quad * 4 + ${slot} / ${width}, firstQuad + ${slot} % ${width})`,
        `filterTile[${slot} / ${width}][${slot} % ${width}]`,
        arithmetic.load(`filter${i}`),
      );
    });
  return `
var<workgroup> pixelTile : array<array<array<${quadType}, ${quads}>, ${rowThreads}>, ${threadPixels}>;
var<workgroup> filterTile : array<array<${quadType}, ${tileOutputs / 4}>, ${stepChannels}>;

// Row, column of a pixel, and the index of its first quad of channels; off the image where there is none.
struct Place { y : i32, x : i32, quad : i32 }

fn placeOf(pixel : i32) -> Place {
  let line = pixel / uniforms.width;
  let y = select(-2, line % uniforms.height, pixel < uniforms.pixels);
  return Place(y, pixel - line * uniforms.width, pixel * uniforms.inputQuads);
}

// Four channels of a pixel's neighbour under the step's tap, zero outside the image.
fn loadPixel(place : Place, tap : i32, quad : i32) -> vec4<f32> {
  let tapY = tap / 3 - 1;
  let tapX = tap % 3 - 1;
  let y = place.y + tapY;
  let x = place.x + tapX;
  let inside = (y >= 0) & (y < uniforms.height) & (x >= 0) & (x < uniforms.width) &
    (quad < uniforms.inputQuads);
  let value = input[place.quad + (tapY * uniforms.width + tapX) * uniforms.inputQuads + quad];
  return select(vec4<f32>(0.0), value, inside);
}

// Four outputs of one input channel of the filter under the step's tap, zero outside the filter.
fn loadFilter(tap : i32, channel : i32, outputQuad : i32) -> vec4<f32> {
  let inside = (tap < 9) & (channel < uniforms.inputQuads * 4) & (outputQuad < uniforms.outputQuads);
  let value = filters[uniforms.filterQuad +
    (tap * uniforms.inputQuads * 4 + channel) * uniforms.outputQuads + outputQuad];
  return select(vec4<f32>(0.0), value, inside);
}

fn main(index : i32) {
  let thread = i32(localIndex);
  let tile = workgroupIndex();
  let outputTiles = (uniforms.outputQuads + ${tileOutputs / 4 - 1}) / ${tileOutputs / 4};
  let firstPixel = (tile / outputTiles) * ${tilePixels};
  let firstQuad = (tile % outputTiles) * ${tileOutputs / 4};
  let row = thread / ${columnThreads};
  let column = thread % ${columnThreads};
  let loadQuad = thread % ${quads};
  let loadRow = thread / ${quads};
${unroll(pixelLoads, (i) => `let place${i} = placeOf(firstPixel + loadRow + ${i * loadRows});`)}
${unroll(threadPixels, (i) => `var sum${i}a = vec4<f32>(0.0); var sum${i}b = vec4<f32>(0.0);`)}
  let quadsOfTap = (uniforms.inputQuads + ${quads - 1}) / ${quads};
  var tap = 0;
  var quad = 0;
${loads((name, load) => `var ${name} = ${load};`)}
  for (var step = 0; step < 9 * quadsOfTap; step++) {
${loads((_name, _load, slot, kept) => `${slot} = ${kept};`)}
    workgroupBarrier();
    // The next step's values are on their way while this step is computed.
    quad += ${quads};
    let isLast = quad >= uniforms.inputQuads;
    quad = select(quad, 0, isLast);
    tap += i32(isLast);
${loads((name, load) => `${name} = ${load};`)}
${arithmetic.step((sum) => unrolledProduct(columnThreads, sum))}
    workgroupBarrier();
  }
${
    unroll(threadPixels, (i) => {
      const [a, b] = ["a", "b"].map((half) => arithmetic.result(`sum${i}${half}`));
      return `{
    let pixel = firstPixel + row + ${i * rowThreads};
    let quad = firstQuad + column;
    if (pixel < uniforms.pixels) {
      if (quad < uniforms.outputQuads) { result[pixel * uniforms.outputQuads + quad] = ${a}; }
      if (quad + ${columnThreads} < uniforms.outputQuads) {
        result[pixel * uniforms.outputQuads + quad + ${columnThreads}] = ${b};
      }
    }
  }`;
    })
  }
}`;
}

/**
 * Convolves `input` `[batch, height, width, inputs]` with the filter `[3, 3, inputs, outputs]` that
 * lies in `filters` at `filterOffset`: a new tensor `[batch, height, width, outputs]`.
 */
export const conv2d = defineKernel<Conv2dAttributes>({
  name: "MelstreamConv2D",
  inputs: ["input", "filters"],
  plan({ input, outputs, filterOffset, precision, scale = 1 }) {
    const arithmetic = arithmeticOf(precision);
    const tileOutputs = outputs <= 32 ? 32 : 64;
    const pixels = pixelsOf(input);
    return {
      variant: `${tileOutputs}_${arithmetic.name}`,
      outputShape: dimensionsOf({ ...input, channels: outputs }),
      outputComponents: 4,
      inputComponents: [4, 4],
      workgroups: Math.ceil(pixels / tilePixels) * Math.ceil(outputs / tileOutputs),
      workgroupSize: (tilePixels / threadPixels) * (tileOutputs / threadOutputs),
      integers: {
        pixels,
        height: input.height,
        width: input.width,
        inputQuads: input.channels / 4,
        outputQuads: outputs / 4,
        filterQuad: filterOffset / 4,
      },
      floats: arithmetic.uniforms(scale),
      source: () => source(tileOutputs, arithmetic),
    };
  },
});
