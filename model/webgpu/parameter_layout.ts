import type { BlockChain } from "../match_blocks.ts";
import { isTrained, sizeOf, type WeightRole, type WeightShape } from "../operations.ts";
import { findWeight, type Weight } from "../weights.ts";

/** Where one weight lies in the flat buffer, in float32 values. */
export interface Slot extends WeightShape {
  /** Index of its first value: a multiple of 4, so that kernels can read four at a time. */
  readonly offset: number;
  /** Its shape in the buffer: channels padded to a multiple of 4 with zeros. */
  readonly paddedShape: readonly number[];
}

/**
 * All weights in one flat buffer, so that Adam is one dispatch over all of them.
 *
 * Channels are padded to a multiple of 4: a kernel then reads and writes whole `vec4`s with no case
 * for odd widths. The padding stays zero: a padded channel has gamma and beta zero, so its output
 * and its gradients are zero.
 */
export interface ParameterLayout {
  readonly slots: readonly Slot[];
  /** Number of values, padding included: a multiple of 4. */
  readonly size: number;
  /** The slot of a weight, by name. */
  slot(name: string): Slot;
  /** All weights, or those that are trained, as a flat buffer; what is not given is zero. */
  pack(weights: readonly Weight[], which?: "trained"): Float32Array<ArrayBuffer>;
  /** The inverse of `pack`. */
  unpack(buffer: Float32Array, which?: "trained"): Weight[];
  /** What Adam does with each four values: see `parameterRole`. */
  roles(): Float32Array<ArrayBuffer>;
  /** What the learning rate is multiplied by for each four values. */
  learningRateFactors(): Float32Array<ArrayBuffer>;
}

/** What the optimizer does with a value; kernels compare with these numbers. */
export const parameterRole = { trained: 0, decayed: 1, runningStatistic: 2, frozen: 3 } as const;

const roleNumbers: Readonly<Record<WeightRole, number>> = {
  trained: parameterRole.trained,
  decayed: parameterRole.decayed,
  "running-statistic": parameterRole.runningStatistic,
  frozen: parameterRole.frozen,
};

/** The next multiple of 4. */
export const padTo4 = (n: number): number => Math.ceil(n / 4) * 4;

/** The shape that a weight has in the buffer. */
function padShape({ name, shape }: WeightShape, { hidden, logits }: BlockChain): number[] {
  if (shape.length === 4) {
    const [height, width, inputs, outputs] = shape;
    return [height, width, inputs === 1 ? 1 : padTo4(inputs), padTo4(outputs)];
  }
  if (name === hidden.kernel) return [padTo4(shape[0]), shape[1]];
  if ([hidden.bias, logits.kernel, logits.bias].includes(name)) return [...shape];
  return [padTo4(shape[0])]; // of a batch normalisation
}

/** Calls back with (index in the weight, index in the padded weight) of each run along the last axis. */
function forEachRow(slot: Slot, visit: (from: number, to: number, length: number) => void): void {
  const { shape, paddedShape } = slot;
  const length = shape[shape.length - 1], paddedLength = paddedShape[shape.length - 1];
  const inputs = shape.length > 1 ? shape[shape.length - 2] : 1;
  const paddedInputs = shape.length > 1 ? paddedShape[shape.length - 2] : 1;
  const rows = sizeOf(shape) / length;
  for (let row = 0; row < rows; row++) {
    const tap = Math.floor(row / inputs), input = row % inputs;
    visit(row * length, slot.offset + (tap * paddedInputs + input) * paddedLength, length);
  }
}

/** Lays out the weights of a model. */
export function createParameterLayout(chain: BlockChain): ParameterLayout {
  let size = 0;
  const slots = chain.weights.map((shape): Slot => {
    const paddedShape = padShape(shape, chain), offset = size;
    size += padTo4(sizeOf(paddedShape));
    return { ...shape, offset, paddedShape };
  });
  const slotsOf = (which?: "trained") => which ? slots.filter(isTrained) : slots;
  const forEachFour = (say: (slot: Slot) => number) => {
    const values = new Float32Array(size / 4);
    for (const slot of slots) {
      const { offset, paddedShape } = slot, end = offset + padTo4(sizeOf(paddedShape));
      values.fill(say(slot), offset / 4, end / 4);
    }
    return values;
  };
  return {
    slots,
    size,
    slot(name) {
      const found = slots.find((slot) => slot.name === name);
      if (!found) {
        throw new RangeError(`Cannot find weight ${name}: the model has none of that name`);
      }
      return found;
    },
    pack(weights, which) {
      const buffer = new Float32Array(size);
      for (const slot of slotsOf(which)) {
        const { values } = findWeight(weights, slot);
        forEachRow(
          slot,
          (from, to, length) => buffer.set(values.subarray(from, from + length), to),
        );
      }
      return buffer;
    },
    unpack(buffer, which) {
      return slotsOf(which).map((slot) => {
        const values = new Float32Array(sizeOf(slot.shape));
        forEachRow(slot, (from, to, length) => values.set(buffer.subarray(to, to + length), from));
        return { name: slot.name, shape: slot.shape, values };
      });
    },
    roles: () => forEachFour(({ role }) => roleNumbers[role]),
    learningRateFactors: () => forEachFour(({ learningRateFactor }) => learningRateFactor),
  };
}
