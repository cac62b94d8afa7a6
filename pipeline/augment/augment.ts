/**
 * Augmentation: changes a clip at random, so that a model sees more than was recorded. A policy says
 * what may be drawn, a draw is what was drawn (plain data: print it, store it, apply it again), and
 * applying it draws nothing.
 */
import type { Random } from "../random.ts";
import { applyChain, type ChainDraw, describeChain, drawChain } from "./chain.ts";
import { parsePolicy } from "./parse_policy.ts";
import type { AugmentContext } from "./transform.ts";
import { type AugmentPolicy, type TransformDraw, transformOf } from "./transforms.ts";

export { backgroundIndex } from "./background_noise.ts";
export type { BackgroundNoiseDraw, BackgroundNoiseSettings } from "./background_noise.ts";
export { chainOrder } from "./chain.ts";
export type { ChainDraw } from "./chain.ts";
export type { EqualiseDraw, EqualiseSettings } from "./equalise.ts";
export type { GainDraw, GainSettings } from "./gain.ts";
export { mixSounds } from "./mix_sounds.ts";
export { applyPadding, describePadding, drawPadding } from "./padding.ts";
export type { PaddingDraw } from "./padding.ts";
export { parsePolicy } from "./parse_policy.ts";
export type { PitchShiftDraw, PitchShiftSettings } from "./pitch_shift.ts";
export { drawCropStart } from "./random_crop.ts";
export { applyResizedCrop, describeResizedCrop, drawResizedCrop } from "./resized_crop.ts";
export type { AxisPart, ResizedCropDraw } from "./resized_crop.ts";
export type { ReverbDraw, ReverbSettings } from "./reverb.ts";
export { applySpecAugment, defaultSpecAugment, drawSpecAugment } from "./spec_augment.ts";
export type { FeatureShape, Mask, SpecAugmentDraw, SpecAugmentSettings } from "./spec_augment.ts";
export type { SpeedChangeDraw, SpeedChangeSettings } from "./speed_change.ts";
export type { TimeShiftDraw, TimeShiftSettings } from "./time_shift.ts";
export type { AugmentContext, Range } from "./transform.ts";
export type {
  AugmentChoice,
  AugmentKind,
  AugmentPolicy,
  AugmentSettings,
  NoneDraw,
  TransformDraw,
} from "./transforms.ts";
export type { WhiteNoiseDraw, WhiteNoiseSettings } from "./white_noise.ts";

/** The parameters of one augmentation: plain data, that JSON keeps to the last digit. */
export type AugmentationDraw = TransformDraw | ChainDraw;

/** The source recipe: one of six, each as likely as the others. */
export const defaultPolicy: AugmentPolicy = parsePolicy(
  "white-noise,pitch-shift,speed-change,time-shift,reverb,none",
);

/** The source recipe and one choice more, for those who have recordings of background. */
export const backgroundPolicy: AugmentPolicy = {
  choices: [...defaultPolicy.choices, ...parsePolicy("background-noise").choices],
};

/** Whether a policy may draw `background-noise`, which takes recordings of it. */
export function needsBackground({ choices }: AugmentPolicy): boolean {
  return choices.some(({ kind, weight }) => kind === "background-noise" && weight > 0);
}

/**
 * Draws one of a policy's choices, and its parameters; or a chain of them.
 *
 * @throws {RangeError} where one is to be drawn and no choice has a weight above 0.
 */
export function drawAugmentation(policy: AugmentPolicy, random: Random): AugmentationDraw {
  const { choices, mode } = policy;
  if (mode === "chain") return drawChain(choices, random);
  let rest = random.next() * choices.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = choices.find(({ weight }) => (rest -= weight) < 0);
  if (!chosen) {
    throw new RangeError(
      `Cannot draw an augmentation as a choice must have a weight above 0: ` +
        `current value is ${JSON.stringify(choices)}`,
    );
  }
  return transformOf(chosen.kind).draw(chosen.settings, random);
}

/**
 * Applies a draw.
 *
 * @returns Samples at the same rate: new ones, perhaps of another length (speed change), in the front of
 * the context's `out` where there is one; or `samples` itself for `none` and an empty chain. The input is never changed.
 * @throws {RangeError} where the draw is of no known kind, or the DSP refuses its parameters.
 * @throws {TypeError} where it needs a background that the context does not hold.
 */
export function applyAugmentation(
  draw: AugmentationDraw,
  samples: Float32Array,
  context: AugmentContext,
): Float32Array {
  return draw.kind === "chain"
    ? applyChain(draw, samples, context)
    : transformOf(draw.kind).apply(draw, samples, context);
}

/** A draw in words: `pitch shift +1.7 semitones`; those of a chain with «then» between. */
export function describeDraw(draw: AugmentationDraw): string {
  return draw.kind === "chain" ? describeChain(draw) : transformOf(draw.kind).describe(draw);
}
