import type { Random } from "../random.ts";
import type { FeatureShape } from "./spec_augment.ts";

/** A stretch of an axis: parts of its length. */
export interface AxisPart {
  /** Where it begins, from 0. */
  readonly start: number;
  /** How long it is, up to 1. */
  readonly size: number;
}

/** The part of a copy's features that is stretched to the whole: plain data. */
export interface ResizedCropDraw {
  /** Name of the transform. */
  readonly kind: "resized-crop";
  /** Which mel bands. */
  readonly bands: AxisPart;
  /** Which frames. */
  readonly frames: AxisPart;
}

/** The smallest part of an axis that is kept: a sound stays what it is. */
const smallest = 0.8;

/**
 * Draws a part of the features, from four fifths of each axis to all of it, anywhere: torchvision's
 * `RandomResizedCrop`, with both axes on their own, as in BYOL-A (Niizumi et al. 2021).
 */
export function drawResizedCrop(random: Random): ResizedCropDraw {
  const drawPart = (): AxisPart => {
    const size = random.uniform(smallest, 1);
    return { start: random.uniform(0, 1 - size), size };
  };
  return { kind: "resized-crop", bands: drawPart(), frames: drawPart() };
}

/** Features before they are resized: a new array for each costs as much as copying it. */
let room = new Float32Array(0);

/**
 * Stretches a part of features to all of them, in place: bilinear interpolation between the centres of
 * cells, those at the edge going on beyond it (PyTorch's `interpolate`, `align_corners=False`).
 *
 * @param features `[melBands, numFrames]`, row-major.
 */
export function applyResizedCrop(
  { bands, frames }: ResizedCropDraw,
  features: Float32Array,
  { melBands, numFrames }: FeatureShape,
): void {
  if (room.length < features.length) room = new Float32Array(features.length);
  const source = room;
  source.set(features);
  const rows = placesOf(bands, melBands), columns = placesOf(frames, numFrames);
  for (let band = 0, at = 0; band < melBands; band++) {
    const { low, high, share } = rows[band], top = low * numFrames, bottom = high * numFrames;
    for (let frame = 0; frame < numFrames; frame++, at++) {
      const column = columns[frame];
      const above = between(source[top + column.low], source[top + column.high], column.share);
      const below = between(
        source[bottom + column.low],
        source[bottom + column.high],
        column.share,
      );
      features[at] = between(above, below, share);
    }
  }
}

/** A draw in words. */
export function describeResizedCrop({ bands, frames }: ResizedCropDraw): string {
  const percent = ({ size }: AxisPart) => `${(100 * size).toFixed(0)} %`;
  return `${percent(bands)} of the bands and ${percent(frames)} of the frames, resized`;
}

function between(low: number, high: number, share: number): number {
  return low + share * (high - low);
}

/** Of every cell along an axis: the two that it lies between, and its share of the second. */
function placesOf(
  { start, size }: AxisPart,
  length: number,
): { readonly low: number; readonly high: number; readonly share: number }[] {
  return Array.from({ length }, (_, i) => {
    const place = Math.min(length - 1, Math.max(0, start * length + (i + 0.5) * size - 0.5));
    const low = Math.floor(place);
    return { low, high: Math.min(length - 1, low + 1), share: place - low };
  });
}
