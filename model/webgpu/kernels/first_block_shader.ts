/** What the shaders of the first block share; `first_block.ts` says what they compute. */
import { batchNormEpsilon } from "../../conv_network.ts";
import type { BatchNormAttributes } from "./batch_norm.ts";
import { pooledShape } from "./image_shape.ts";
import { unroll } from "./unroll.ts";

/** What the first block needs besides its tensors. */
export interface FirstBlockAttributes extends BatchNormAttributes {
  /** Index of the filter `[3, 3, 1, channels]` in the parameters, a multiple of 4. */
  readonly filterOffset: number;
  /** The network's first layer: input ↦ input · inputScale + inputOffset. */
  readonly inputScale: number;
  /** See `inputScale`. */
  readonly inputOffset: number;
  /**
   * About the mean of the scaled input, the point that the sums are taken around. Any value is
   * right; one near the mean keeps float32's digits.
   */
  readonly pivot: number;
}

/** Values of a patch. */
export const taps = 9;

/** Columns of the moments: the taps' sums, their products t ≤ u row by row, and padding. */
export const momentSums = taps + taps * (taps + 1) / 2, momentColumns = 56;

/** Threads of the kernels that take a channel each. */
export const channelThreads = 64;

/** Splits `elements` into at most 512 shares of at least `least`. */
export function sharesOf(elements: number, least: number): { share: number; shares: number } {
  const share = Math.ceil(elements / Math.min(512, Math.ceil(elements / least)));
  return { share, shares: Math.ceil(elements / share) };
}

/** The scaled input, zero outside the image. */
export const scaledInput = `
fn inputAt(image : i32, y : i32, x : i32) -> f32 {
  let inside = (y >= 0) & (y < uniforms.height) & (x >= 0) & (x < uniforms.width);
  let value = input[(image * uniforms.height + y) * uniforms.width + x];
  return select(0.0, value * uniforms.inputScale + uniforms.inputOffset, inside);
}`;

/** Mean distance of a tap from the pivot, and covariance of two, in shaders that have `moments`. */
export const momentSource = `
fn distanceOf(tap : i32) -> f32 { return moments[tap] * uniforms.share; }

fn covarianceOf(a : i32, b : i32) -> f32 {
  let t = min(a, b);
  let u = max(a, b);
  let product = moments[${taps} + t * ${taps} - t * (t - 1) / 2 + u - t] * uniforms.share;
  return product - distanceOf(t) * distanceOf(u);
}`;

/** One quad of channels over one pooling window: its 4×4 input, four convolutions, the best of them. */
export const windowSource = `
${scaledInput}
struct Norm { mean : vec4<f32>, inverse : vec4<f32>, gamma : vec4<f32>, beta : vec4<f32> }

fn normOf(quad : i32) -> Norm {
  return Norm(
    statistics[uniforms.meanQuad + quad],
    inverseSqrt(statistics[uniforms.varianceQuad + quad] + ${batchNormEpsilon}),
    parameters[uniforms.gammaQuad + quad],
    parameters[uniforms.betaQuad + quad],
  );
}`;

/** Loads the quad's filter: w0 to w8. */
export const loadFilter = unroll(
  taps,
  (t) => `let w${t} = parameters[uniforms.filterQuad + ${t} * uniforms.quads + quad];`,
);

/** Loads the window's 4×4 input: p0 to p15. */
export const loadPatch = unroll(
  16,
  (i) => `let p${i} = inputAt(image, y + ${Math.floor(i / 4) - 1}, x + ${i % 4 - 1});`,
);
/** The patch value that tap t of window place k sees. */
export const patchIndex = (k: number, t: number) =>
  (Math.floor(k / 2) + Math.floor(t / 3)) * 4 + k % 2 + t % 3;

/** Computes the window's four activations before ReLU: a0 to a3. */
export const activations = unroll(
  4,
  (k) =>
    `let a${k} = (${
      Array.from({ length: taps }, (_, t) => `p${patchIndex(k, t)} * w${t}`).join(" + ")
    } - ` +
    `norm.mean) * norm.inverse * norm.gamma + norm.beta;`,
);

/** Uniforms of the shaders that walk over windows. */
export function windowUniforms(attributes: FirstBlockAttributes) {
  const { shape } = attributes, pooled = pooledShape(shape);
  return {
    integers: {
      height: shape.height,
      width: shape.width,
      rows: pooled.height,
      columns: pooled.width,
      quads: shape.channels / 4,
      filterQuad: attributes.filterOffset / 4,
      gammaQuad: attributes.gammaOffset / 4,
      betaQuad: attributes.betaOffset / 4,
      meanQuad: attributes.meanOffset / 4,
      varianceQuad: attributes.varianceOffset / 4,
    },
    floats: { inputScale: attributes.inputScale, inputOffset: attributes.inputOffset },
  };
}
