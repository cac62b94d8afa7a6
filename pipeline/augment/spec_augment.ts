import type { Random } from "../random.ts";

/** How many bands and stretches of time are masked, and how wide they may be. */
export interface SpecAugmentSettings {
  /** Bands of frequency that are masked. @default {2} */
  readonly frequencyMasks: number;
  /** Most mel bands of one mask. @default {16} */
  readonly maxBands: number;
  /** Stretches of time that are masked. @default {2} */
  readonly timeMasks: number;
  /** Most frames of one mask. @default {24} */
  readonly maxFrames: number;
  /** Share of the copies that are masked, 0 to 1. @default {1} */
  readonly probability: number;
}

/** Masks of moderate size for features of `[128, 216]`. */
export const defaultSpecAugment: SpecAugmentSettings = Object.freeze({
  frequencyMasks: 2,
  maxBands: 16,
  timeMasks: 2,
  maxFrames: 24,
  probability: 1,
});

/** From which row or column, and how many of them. */
export interface Mask {
  /** The first row or column. */
  readonly start: number;
  /** How many; 0 masks nothing. */
  readonly width: number;
}

/** The masks of one clip: plain data. */
export interface SpecAugmentDraw {
  /** Name of the transform. */
  readonly kind: "spec-augment";
  /** Masks of mel bands. */
  readonly bands: readonly Mask[];
  /** Masks of frames. */
  readonly frames: readonly Mask[];
}

/** Shape of the features: `[melBands, numFrames]`. */
export interface FeatureShape {
  /** Rows. */
  readonly melBands: number;
  /** Columns. */
  readonly numFrames: number;
}

/**
 * Draws frequency and time masks (Park et al. 2019, without time warping): widths evenly from 0 to
 * the largest, places evenly over where they fit. A copy that is not to be masked has no masks.
 */
export function drawSpecAugment(
  settings: SpecAugmentSettings,
  { melBands, numFrames }: FeatureShape,
  random: Random,
): SpecAugmentDraw {
  const drawMask = (widest: number, length: number): Mask => {
    const width = random.integer(Math.min(widest, length) + 1);
    return { start: random.integer(length - width + 1), width };
  };
  const { frequencyMasks, maxBands, timeMasks, maxFrames, probability } = settings;
  const bands = Array.from({ length: frequencyMasks }, () => drawMask(maxBands, melBands));
  const frames = Array.from({ length: timeMasks }, () => drawMask(maxFrames, numFrames));
  // Drawn last, so that the masks are the same whatever the share.
  return random.next() < probability
    ? { kind: "spec-augment", bands, frames }
    : { kind: "spec-augment", bands: [], frames: [] };
}

/**
 * Masks features in place: the masked cells get the mean of all cells, so that a network that
 * normalises its input sees about 0 there.
 *
 * @param features `[melBands, numFrames]`, row-major.
 * @throws {TypeError} where the features are of another size.
 */
export function applySpecAugment(
  draw: SpecAugmentDraw,
  features: Float32Array,
  { melBands, numFrames }: FeatureShape,
): void {
  if (features.length !== melBands * numFrames) {
    throw new TypeError(
      `Cannot mask features as they must have ${melBands} × ${numFrames} cells: ` +
        `current value is ${features.length}`,
    );
  }
  let sum = 0;
  for (let i = 0; i < features.length; i++) sum += features[i];
  const mean = sum / features.length;
  for (const { start, width } of draw.bands) {
    features.fill(mean, start * numFrames, (start + width) * numFrames);
  }
  for (const { start, width } of draw.frames) {
    for (let band = 0; band < melBands; band++) {
      features.fill(mean, band * numFrames + start, band * numFrames + start + width);
    }
  }
}
