/**
 * The model's parameters as the kernels keep them: one run of floats per parameter, channels, units
 * and classes padded with zeros to multiples of 8. A padded channel has gamma and beta zero, so all
 * that comes out of it, its gradients and its moments stay zero.
 *
 * Kernels (which decay) come first, then what does not decay.
 */
import { isTrained, sizeOf, type WeightRole, type WeightShape } from "../operations.ts";
import type { Weight } from "../weights.ts";

/** Channels, units and classes as the kernels see them. */
export function padded(count: number): number {
  return Math.ceil(count / 8) * 8;
}

/** One parameter: its canonical shape, and where it lies among the floats of its kind. */
export interface ParameterSlot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: WeightRole;
  readonly learningRateFactor: number;
  /** Index of its first float in the trained parameters, or in the running statistics. */
  readonly offset: number;
  /** Matrices of the canonical tensor (9 taps of a convolution, else 1). */
  readonly matrices: number;
  readonly rows: number;
  readonly columns: number;
  readonly paddedRows: number;
  readonly paddedColumns: number;
  /** Floats that it takes up. */
  readonly floats: number;
}

/** Where every parameter lies. */
export interface ParameterLayout {
  /** In canonical order. */
  readonly slots: readonly ParameterSlot[];
  /** Floats of all trained parameters. */
  readonly trainedFloats: number;
  /** Floats of all running statistics. */
  readonly runningFloats: number;
}

/** Lays out the weights of a model. */
export function createParameterLayout(weights: readonly WeightShape[]): ParameterLayout {
  const shapes = weights.map(({ name, shape, role, learningRateFactor }) => {
    const columns = shape[shape.length - 1], rows = shape.length > 1 ? shape[shape.length - 2] : 1;
    const matrices = sizeOf(shape.slice(0, -2)), paddedColumns = padded(columns);
    const paddedRows = rows === 1 ? 1 : padded(rows),
      floats = matrices * paddedRows * paddedColumns;
    return {
      ...{ name, shape, role, learningRateFactor },
      ...{ matrices, rows, columns, paddedRows, paddedColumns, floats },
    };
  });
  let trainedFloats = 0, runningFloats = 0;
  const offsets = new Map<string, number>();
  for (const decayed of [true, false]) {
    for (const shape of shapes.filter(({ role }) => (role === "decayed") === decayed)) {
      offsets.set(shape.name, isTrained(shape) ? trainedFloats : runningFloats);
      if (isTrained(shape)) trainedFloats += shape.floats;
      else runningFloats += shape.floats;
    }
  }
  const slots = shapes.map((shape) => ({ ...shape, offset: offsets.get(shape.name)! }));
  return { slots, trainedFloats, runningFloats };
}

/** Copies a canonical parameter to its padded place in `memory`; the padding becomes zero. */
export function writeParameter(slot: ParameterSlot, values: Float32Array, memory: Float32Array) {
  const { matrices, rows, columns, paddedRows, paddedColumns, floats } = slot;
  memory.fill(0, slot.offset, slot.offset + floats);
  for (let m = 0; m < matrices; m++) {
    for (let r = 0; r < rows; r++) {
      const from = (m * rows + r) * columns;
      const to = slot.offset + (m * paddedRows + r) * paddedColumns;
      memory.set(values.subarray(from, from + columns), to);
    }
  }
}

/** Copies a parameter out of its padded place in `memory`. */
export function readParameter(slot: ParameterSlot, memory: Float32Array): Weight {
  const { matrices, rows, columns, paddedRows, paddedColumns } = slot;
  const values = new Float32Array(matrices * rows * columns);
  for (let m = 0; m < matrices; m++) {
    for (let r = 0; r < rows; r++) {
      const from = slot.offset + (m * paddedRows + r) * paddedColumns;
      values.set(memory.subarray(from, from + columns), (m * rows + r) * columns);
    }
  }
  return { name: slot.name, shape: slot.shape, values };
}
