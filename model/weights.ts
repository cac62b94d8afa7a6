import { createRandom } from "../pipeline/random.ts";
import type { ModelSpec } from "./model_spec.ts";

/** One parameter of the model, in the canonical layout (tfjs's), row-major. */
export interface Weight {
  /** Layer and role: `conv_1/kernel`, `batch_norm_1/gamma`, `dense/bias`. */
  readonly name: string;
  /** Convolution kernels are `[height, width, in, out]`, dense kernels `[in, out]`. */
  readonly shape: readonly number[];
  /** The values, row-major. */
  readonly values: Float32Array;
}

/** Name and shape of one parameter. */
export interface WeightShape {
  /** See `Weight`. */
  readonly name: string;
  /** See `Weight`. */
  readonly shape: readonly number[];
  /** Running statistics follow the batches; everything else follows its gradient. */
  readonly role: "trained" | "running-statistic";
}

/** Number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** Every parameter of the model in its canonical order, which is the order of the saved file. */
export function weightShapes(spec: ModelSpec): WeightShape[] {
  const shapes: WeightShape[] = [];
  const trained = (name: string, ...shape: number[]) =>
    shapes.push({ name, shape, role: "trained" });
  const running = (name: string, ...shape: number[]) =>
    shapes.push({ name, shape, role: "running-statistic" });
  let inputs = 1;
  spec.channels.forEach((outputs, i) => {
    trained(`conv_${i + 1}/kernel`, 3, 3, inputs, outputs);
    trained(`batch_norm_${i + 1}/gamma`, outputs);
    trained(`batch_norm_${i + 1}/beta`, outputs);
    running(`batch_norm_${i + 1}/moving_mean`, outputs);
    running(`batch_norm_${i + 1}/moving_variance`, outputs);
    inputs = outputs;
  });
  trained("dense/kernel", inputs, spec.denseUnits);
  trained("dense/bias", spec.denseUnits);
  trained("logits/kernel", spec.denseUnits, spec.numClasses);
  trained("logits/bias", spec.numClasses);
  return shapes;
}

/**
 * The weights that training starts from: the same for every engine, a function of the seed alone.
 *
 * Convolutions are He-uniform, ±√(6 / fan-in) (He et al. 2015, for ReLU); dense layers are uniform
 * in ±√(1 / fan-in), biases zero; batch normalisation starts as the identity.
 */
export function createInitialWeights(spec: ModelSpec, seed: number): Weight[] {
  return weightShapes(spec).map(({ name, shape }) => {
    const values = new Float32Array(sizeOf(shape));
    const role = name.slice(name.indexOf("/") + 1);
    if (role === "gamma" || role === "moving_variance") values.fill(1);
    if (role === "kernel") {
      const fanIn = sizeOf(shape.slice(0, -1));
      const bound = Math.sqrt((name.startsWith("conv") ? 6 : 1) / fanIn);
      const random = createRandom(seed, "initial-weights", name);
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
export function findWeight(weights: readonly Weight[], { name, shape }: WeightShape): Weight {
  const weight = weights.find((candidate) => candidate.name === name);
  if (!weight || weight.shape.join() !== shape.join()) {
    throw new TypeError(
      `Cannot use these weights as ${name} must have shape [${shape}]: current value is ` +
        (weight ? `[${weight.shape}]` : "missing"),
    );
  }
  return weight;
}
