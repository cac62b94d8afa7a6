import { backgroundNoise, type BackgroundNoiseDraw } from "./background_noise.ts";
import { gain, type GainDraw } from "./gain.ts";
import { pitchShift, type PitchShiftDraw } from "./pitch_shift.ts";
import { reverb, type ReverbDraw } from "./reverb.ts";
import { speedChange, type SpeedChangeDraw } from "./speed_change.ts";
import { timeShift, type TimeShiftDraw } from "./time_shift.ts";
import type { Transform } from "./transform.ts";
import { whiteNoise, type WhiteNoiseDraw } from "./white_noise.ts";

/** Leaves the clip as it is. */
export interface NoneDraw {
  readonly kind: "none";
}

const none: Transform<Record<never, never>, NoneDraw> = {
  defaults: {},
  rules: {},
  draw: () => ({ kind: "none" }),
  apply: (_draw, samples) => samples,
  describe: () => "none",
};

/** Every transform, by the name that a draw and `--augment` have for it. */
export const transforms = {
  "white-noise": whiteNoise,
  "pitch-shift": pitchShift,
  "speed-change": speedChange,
  "time-shift": timeShift,
  "reverb": reverb,
  "gain": gain,
  "background-noise": backgroundNoise,
  "none": none,
};

/** Name of a transform. */
export type AugmentKind = keyof typeof transforms;

/** The parameters of one augmentation: plain data, that JSON keeps to the last digit. */
export type AugmentationDraw =
  | WhiteNoiseDraw
  | PitchShiftDraw
  | SpeedChangeDraw
  | TimeShiftDraw
  | ReverbDraw
  | GainDraw
  | BackgroundNoiseDraw
  | NoneDraw;

/** One transform that a policy may draw. */
export type AugmentChoice = {
  [Kind in AugmentKind]: {
    readonly kind: Kind;
    /** Chance of it, relative to the other choices' weights. */
    readonly weight: number;
    /** What its parameters are drawn from. */
    readonly settings: (typeof transforms)[Kind]["defaults"];
  };
}[AugmentKind];

/** What may happen to a clip: exactly one of the choices, by their weights. Plain data. */
export interface AugmentPolicy {
  readonly choices: readonly AugmentChoice[];
}

/**
 * The transform of one kind, as one that takes any settings and draw: the kind ties them together.
 *
 * @throws {RangeError} where there is none of this kind.
 */
export function transformOf(kind: string): Transform<object, AugmentationDraw> {
  if (Object.hasOwn(transforms, kind)) {
    return transforms[kind as AugmentKind] as unknown as Transform<object, AugmentationDraw>;
  }
  throw new RangeError(
    `Cannot augment as the kind must be one of ${Object.keys(transforms).join(", ")}: ` +
      `current value is ${kind}`,
  );
}
