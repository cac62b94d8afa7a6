/**
 * The element type of the big products, in one place. In float16 the tiles in workgroup memory and the
 * multiply-adds of one step (16 products a sum) have 11 bits; the sums over the steps, and all that is
 * stored, stay float32. That halves the traffic of the tiles, and GPUs with packed float16 do two
 * multiply-adds in the time of one.
 *
 * Gradients are too small for float16's range: a convolution's is about 1 / pixels, as the loss is a mean
 * and batch normalisation spreads it. So they are scaled by a power of two on their way into a tile, and
 * the result is scaled back.
 */
import type { Precision } from "../../precision.ts";
import { type ImageShape, pixelsOf } from "./image_shape.ts";

/** A product's arithmetic, as text of its shader. */
export interface Arithmetic {
  /** Names its pipelines. */
  readonly name: Precision;
  /** The type of four values in a tile. */
  readonly quadType: string;
  /** Four loaded values as they go into a tile. */
  load(values: string): string;
  /** The same for the operand that `scale` is of. */
  loadScaled(values: string): string;
  /** One step: `product` adds to four values each of `NAME0a`, `NAME0b`, `NAME1a`, … for the name it gets. */
  step(product: (name: string) => string): string;
  /** A sum as the result has it. */
  result(sum: string): string;
  /** The uniforms it reads. */
  uniforms(scale: number): Record<string, number>;
}

/** Sums of a thread: `0a`, `0b` to `7b`. */
const sums = Array.from({ length: 16 }, (_, i) => `${i >> 1}${"ab"[i & 1]}`);

const arithmetics: Readonly<Record<Precision, Arithmetic>> = {
  float32: {
    name: "float32",
    quadType: "vec4<f32>",
    load: (values) => values,
    loadScaled: (values) => values,
    step: (product) => product("sum"),
    result: (sum) => sum,
    uniforms: () => ({}),
  },
  float16: {
    name: "float16",
    quadType: "vec4<f16>",
    load: (values) => `vec4<f16>(${values})`,
    loadScaled: (values) => `vec4<f16>(uniforms.scale * ${values})`,
    step: (product) =>
      [
        ...sums.map((sum) => `var part${sum} = vec4<f16>(0.0h);`),
        product("part"),
        ...sums.map((sum) => `sum${sum} += vec4<f32>(part${sum});`),
      ].join("\n"),
    result: (sum) => `uniforms.inverseScale * ${sum}`,
    uniforms: (scale) => ({ scale, inverseScale: 1 / scale }),
  },
};

/** The arithmetic of a precision. */
export const arithmeticOf = (precision: Precision = "float32"): Arithmetic =>
  arithmetics[precision];

/**
 * What scales a gradient by a convolution's output into float16's middle: pixels / 16, as a power of two.
 * It leaves room for values a million times the mean, and as much below it.
 */
export function gradientScale(output: ImageShape): number {
  return 2 ** Math.max(0, Math.round(Math.log2(pixelsOf(output))) - 4);
}
