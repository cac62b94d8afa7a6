import type { Random } from "../random.ts";
import type { PadMode } from "./copy_settings.ts";

/** How one copy's short sound is filled up to a clip: plain data. */
export interface PaddingDraw {
  /** Name of the transform. */
  readonly kind: "padding";
  /** What is before and after the sound: silence, or the sound again. */
  readonly fill: "silence" | "repeat";
  /** Where the sound begins, as a part of the places where all of it fits. */
  readonly place: number;
}

/** Draws how a copy is filled up, by a mode other than `end`. */
export function drawPadding(mode: Exclude<PadMode, "end">, random: Random): PaddingDraw {
  const place = random.next(), isRepeated = random.next() < 0.5; // always drawn, so that modes agree
  const fill = mode === "repeat" || mode === "mixed" && isRepeated ? "repeat" : "silence";
  return { kind: "padding", fill, place };
}

/**
 * Fills up a sound to a clip.
 *
 * @param sound No longer than `out`; an empty one leaves silence.
 * @param out The clip, all of which is written; not the sound's memory.
 */
export function applyPadding(
  { fill, place }: PaddingDraw,
  sound: Float32Array,
  out: Float32Array,
): void {
  const numPlaces = out.length - sound.length + 1, start = Math.floor(place * numPlaces);
  out.fill(0).set(sound, start);
  if (fill === "silence" || sound.length === 0) return;
  for (let at = start + sound.length; at < out.length; at += sound.length) {
    out.set(sound.subarray(0, out.length - at), at);
  }
  // What comes before the sound is what would have come before it, were it all repetitions.
  for (let end = start; end > 0; end -= sound.length) {
    const part = sound.subarray(Math.max(0, sound.length - end));
    out.set(part, end - part.length);
  }
}

/** A draw in words. */
export function describePadding({ fill, place }: PaddingDraw): string {
  return fill === "repeat"
    ? "padding with repetitions of the sound"
    : `padding with silence, ${(100 * place).toFixed(0)} % of it before the sound`;
}
