import type { Predictor } from "./ensemble.ts";
import { type Network, outputOf } from "./network.ts";
import { poolingStride } from "./resolve_network.ts";

/**
 * How far each look beside the first one is rotated to the right, in frames. The network is not indifferent to
 * shifts below its pooling stride, so they divide that stride evenly.
 */
export function lookShifts(network: Network, shifts: number): number[] {
  const [, stride] = poolingStride(network);
  return Array.from({ length: shifts }, (_, k) => Math.round((k + 1) * stride / (shifts + 1)));
}

/**
 * Class probabilities averaged over looks at the features as they are and shifted in time.
 *
 * @param inputs `[batch, melBands, numFrames]`; rotated in place where there are shifts.
 * @param shifts Looks beside the first one; 0 is `engine.predict` alone.
 * @returns `[batch, numClasses]`.
 * @throws {Error} where a probability is not finite: none of those leaves the program.
 */
export async function predictShifted(
  engine: Predictor,
  inputs: Float32Array,
  shifts: number,
): Promise<Float32Array> {
  const probabilities = await engine.predict(inputs);
  checkFinite(probabilities, engine);
  if (shifts === 0) return probabilities;
  let shifted = 0;
  for (const wanted of lookShifts(engine.network, shifts)) {
    rotateRows(inputs, engine.network.numFrames, wanted - shifted);
    shifted = wanted;
    const more = await engine.predict(inputs);
    checkFinite(more, engine);
    for (let i = 0; i < more.length; i++) probabilities[i] += more[i];
  }
  for (let i = 0; i < probabilities.length; i++) probabilities[i] /= 1 + shifts;
  return probabilities;
}

function checkFinite(probabilities: Float32Array, { network }: Predictor): void {
  const index = probabilities.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  const { numClasses } = outputOf(network);
  throw new Error(
    `Cannot use the model's answers as every probability must be finite: that of example ` +
      `${Math.floor(index / numClasses)} for class ${index % numClasses} is ${
        probabilities[index]
      }`,
  );
}

/** Rotates every row to the right by some places, in place. */
function rotateRows(values: Float32Array, rowLength: number, by: number): void {
  for (let start = 0; start < values.length; start += rowLength) {
    const row = values.subarray(start, start + rowLength), tail = row.slice(rowLength - by);
    row.copyWithin(by, 0, rowLength - by);
    row.set(tail);
  }
}
