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
import type { Precision } from "../../precision.ts";
import { type Arithmetic, arithmeticOf, gradientScale } from "./arithmetic.ts";
import { type ImageShape, pixelsOf } from "./image_shape.ts";
import { unroll } from "./unroll.ts";

/** What one filter gradient needs besides its tensors. */
export interface Conv2dFilterGradientAttributes {
  /** Shape of the convolution's input. */
  readonly input: ImageShape;
  /** Output channels, a multiple of 4. */
  readonly outputs: number;
  /** How the products are computed. @default {"float32"} */
  readonly precision?: Precision;
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
function unrolledProduct(sum: string): string {
  const lines: string[] = [];
  for (let k = 0; k < stepPixels; k++) {
    for (const [name, tile, lane] of [["r", "rowTile", "row"], ["g", "gradientTile", "column"]]) {
      lines.push(
        `let ${name}${k}a = ${tile}[${k}][${lane}];`,
        `let ${name}${k}b = ${tile}[${k}][8 + ${lane}];`,
      );
    }
    for (let i = 0; i < 8; i++) {
      const r = `r${k}${i < 4 ? "a" : "b"}.${"xyzw"[i % 4]}`;
      lines.push(`${sum}${i}a += ${r} * g${k}a;`, `${sum}${i}b += ${r} * g${k}b;`);
    }
  }
  return lines.join("\n");
}

function source(arithmetic: Arithmetic): string {
  const { quadType } = arithmetic;
  return `
var<workgroup> rowTile : array<array<${quadType}, ${tileRows / 4}>, ${stepPixels}>;
var<workgroup> gradientTile : array<array<${quadType}, ${tileOutputs / 4}>, ${stepPixels}>;

// A pixel and where it lies in its image.
struct Cursor { pixel : i32, y : i32, x : i32 }

fn cursorAt(pixel : i32) -> Cursor {
  let line = pixel / uniforms.width;
  return Cursor(pixel, line % uniforms.height, pixel - line * uniforms.width);
}

// ${stepPixels} pixels further, without a division: some lines and columns, of which each may turn over once.
fn advance(start : Cursor) -> Cursor {
  let x = start.x + uniforms.stepColumns;
  let turns = x >= uniforms.width;
  let y = start.y + uniforms.stepLines + i32(turns);
  return Cursor(
    start.pixel + ${stepPixels},
    select(y, y - uniforms.height, y >= uniforms.height),
    select(x, x - uniforms.width, turns),
  );
}

// The quad of rows of the left matrix that a thread loads: a tap of the filter and four channels.
struct Row { tapY : i32, tapX : i32, neighbour : i32, isInside : bool }

fn loadRow(row : Row, cursor : Cursor) -> vec4<f32> {
  let y = cursor.y + row.tapY;
  let x = cursor.x + row.tapX;
  let inside = row.isInside & (cursor.pixel < uniforms.pixels) & (y >= 0) & (y < uniforms.height) &
    (x >= 0) & (x < uniforms.width);
  let value = input[cursor.pixel * uniforms.inputQuads + row.neighbour];
  return select(vec4<f32>(0.0), value, inside);
}

fn loadGradient(quad : i32, cursor : Cursor) -> vec4<f32> {
  let inside = (quad < uniforms.outputQuads) & (cursor.pixel < uniforms.pixels);
  return select(vec4<f32>(0.0), gradient[cursor.pixel * uniforms.outputQuads + quad], inside);
}

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
  let quadOfRows = firstRow + thread % 16;
  let quadOfOutputs = firstQuad + thread % 16;
  let tap = quadOfRows / uniforms.inputQuads;
  let tapY = tap / 3 - 1;
  let tapX = tap % 3 - 1;
  let channelQuad = quadOfRows - tap * uniforms.inputQuads;
  let neighbour = (tapY * uniforms.width + tapX) * uniforms.inputQuads + channelQuad;
  let loadedRow = Row(tapY, tapX, neighbour, quadOfRows < rows);
${
    unroll(4, (i) => `
  var cursor${i} = cursorAt(share * uniforms.steps * ${stepPixels} + thread / 16 + ${i * 4});
  var nextRow${i} = loadRow(loadedRow, cursor${i});
  var nextGradient${i} = loadGradient(quadOfOutputs, cursor${i});`)
  }
${unroll(8, (i) => `var sum${i}a = vec4<f32>(0.0); var sum${i}b = vec4<f32>(0.0);`)}
  for (var step = 0; step < uniforms.steps; step++) {
${
    unroll(4, (i) =>
      `rowTile[thread / 16 + ${i * 4}][thread % 16] = ${arithmetic.load(`nextRow${i}`)};
    gradientTile[thread / 16 + ${i * 4}][thread % 16] = ${
        arithmetic.loadScaled(`nextGradient${i}`)
      };`)
  }
    workgroupBarrier();
    // The next step's values are on their way while this step is computed.
${
    unroll(4, (i) =>
      `cursor${i} = advance(cursor${i});
    nextRow${i} = loadRow(loadedRow, cursor${i});
    nextGradient${i} = loadGradient(quadOfOutputs, cursor${i});`)
  }
${arithmetic.step(unrolledProduct)}
    workgroupBarrier();
  }
  let firstResult = share * rows * 4 * uniforms.outputQuads;
${
    unroll(8, (i) => {
      const [a, b] = ["a", "b"].map((half) => arithmetic.result(`sum${i}${half}`));
      return `{
    let quad = firstRow + row + ${i < 4 ? 0 : 8};
    let output = firstQuad + column;
    if (quad < rows) {
      let place = firstResult + (quad * 4 + ${i % 4}) * uniforms.outputQuads + output;
      if (output < uniforms.outputQuads) { result[place] = ${a}; }
      if (output + 8 < uniforms.outputQuads) { result[place + 8] = ${b}; }
    }
  }`;
    })
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
    const { input, outputs, precision } = attributes;
    const arithmetic = arithmeticOf(precision);
    const { tiles, steps, shares } = sharesOf(attributes);
    return {
      variant: arithmetic.name,
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
        stepLines: Math.floor(stepPixels / input.width) % input.height,
        stepColumns: stepPixels % input.width,
      },
      floats: arithmetic.uniforms(gradientScale(input)),
      source: () => source(arithmetic),
    };
  },
});
