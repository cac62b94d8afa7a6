import type { Random } from "../random.ts";
import type { AugmentContext } from "./transform.ts";
import {
  type AugmentChoice,
  type AugmentKind,
  type TransformDraw,
  transformOf,
} from "./transforms.ts";

/** Several transforms, one after the other. */
export interface ChainDraw {
  /** Name of the transform. */
  readonly kind: "chain";
  /** What was drawn, in the order in which it is applied; none leaves the clip as it is. */
  readonly draws: readonly TransformDraw[];
}

/**
 * The order of a chain, which is that of a recording: the source, when it sounds, the room, what else is
 * heard there, the microphone, its level, and last its noise.
 */
export const chainOrder: readonly AugmentKind[] = [
  ...["speed-change", "pitch-shift", "time-shift", "reverb"] as const,
  ...["background-noise", "equalise", "gain", "white-noise"] as const,
];

/** Draws of each choice whether it is applied, its weight being the probability, and its parameters. */
export function drawChain(choices: readonly AugmentChoice[], random: Random): ChainDraw {
  const draws = chainOrder.flatMap((kind) => {
    const choice = choices.find((choice) => choice.kind === kind);
    if (!choice || random.next() >= choice.weight) return [];
    return [transformOf(kind).draw(choice.settings, random)];
  });
  return { kind: "chain", draws };
}

/** Rooms for clips between two transforms: a new array for each costs as much as copying it. */
const rooms = [new Float32Array(0), new Float32Array(0)];

/** Applies a chain. Each transform sees a clip of the same length, padded or cut where one changed it. */
export function applyChain(
  { draws }: ChainDraw,
  samples: Float32Array,
  context: AugmentContext,
): Float32Array {
  const { length } = samples;
  let changed = samples;
  for (const [i, draw] of draws.entries()) {
    const { apply } = transformOf(draw.kind);
    if (i === draws.length - 1) return apply(draw, changed, context);
    if (rooms[i % 2].length < length) rooms[i % 2] = new Float32Array(length);
    const out = rooms[i % 2].subarray(0, length);
    out.fill(0, apply(draw, changed, { ...context, out }).length);
    changed = out;
  }
  return changed;
}

/** A chain in words. */
export function describeChain({ draws }: ChainDraw): string {
  return draws.map((draw) => transformOf(draw.kind).describe(draw)).join(", then ") || "none";
}
