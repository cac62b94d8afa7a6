import { createRandom } from "../pipeline/random.ts";
import type { Network } from "./network.ts";
import { sizeOf, type WeightShape } from "./operations.ts";
import { weightShapes } from "./resolve_network.ts";

/** One parameter of the model, in the canonical layout (tfjs's), row-major. */
export interface Weight {
  /** Layer and role: `conv_1/kernel`, `batch_norm_1/gamma`, `dense/bias`. */
  readonly name: string;
  /** Convolution kernels are `[height, width, in, out]`, dense kernels `[in, out]`. */
  readonly shape: readonly number[];
  /** The values, row-major. */
  readonly values: Float32Array;
}

/**
 * The weights that training starts from: the same for every engine, a function of the seed alone.
 * `operations.ts` says how each begins.
 */
export function createInitialWeights(network: Network, seed: number): Weight[] {
  return weightShapes(network).map(({ name, shape, initial }) => {
    const values = new Float32Array(sizeOf(shape));
    if ("fill" in initial) {
      values.fill(initial.fill);
    } else {
      const random = createRandom(seed, "initial-weights", name), { bound } = initial;
      for (let i = 0; i < values.length; i++) values[i] = random.uniform(-bound, bound);
    }
    return { name, shape, values };
  });
}

/**
 * Finds one weight and checks its shape.
 *
 * @throws {TypeError} where it is missing or has another shape.
 */
export function findWeight(
  weights: readonly Weight[],
  { name, shape }: Pick<WeightShape, "name" | "shape">,
): Weight {
  const weight = weights.find((candidate) => candidate.name === name);
  if (!weight || weight.shape.join() !== shape.join()) {
    throw new TypeError(
      `Cannot use these weights as ${name} must have shape [${shape}]: current value is ` +
        (weight ? `[${weight.shape}]` : "missing"),
    );
  }
  return weight;
}
