import {
  backgroundNoise,
  type BackgroundNoiseDraw,
  type BackgroundNoiseSettings,
} from "./background_noise.ts";
import { equalise, type EqualiseDraw, type EqualiseSettings } from "./equalise.ts";
import { gain, type GainDraw, type GainSettings } from "./gain.ts";
import { pitchShift, type PitchShiftDraw, type PitchShiftSettings } from "./pitch_shift.ts";
import { reverb, type ReverbDraw, type ReverbSettings } from "./reverb.ts";
import { speedChange, type SpeedChangeDraw, type SpeedChangeSettings } from "./speed_change.ts";
import { timeShift, type TimeShiftDraw, type TimeShiftSettings } from "./time_shift.ts";
import type { Transform } from "./transform.ts";
import { whiteNoise, type WhiteNoiseDraw, type WhiteNoiseSettings } from "./white_noise.ts";

/** Leaves the clip as it is. */
export interface NoneDraw {
  /** Name of the transform. */
  readonly kind: "none";
}

/** What every transform draws its parameters from, by the name that a draw and `--augment` have for it. */
export interface AugmentSettings {
  /** Adds white noise. */
  readonly "white-noise": WhiteNoiseSettings;
  /** Changes the pitch, keeps the length. */
  readonly "pitch-shift": PitchShiftSettings;
  /** Changes the speed, keeps the pitch. */
  readonly "speed-change": SpeedChangeSettings;
  /** Moves the clip in time. */
  readonly "time-shift": TimeShiftSettings;
  /** Adds reverberation. */
  readonly "reverb": ReverbSettings;
  /** Changes the level. */
  readonly "gain": GainSettings;
  /** Mixes in a recording of background. */
  readonly "background-noise": BackgroundNoiseSettings;
  /** Changes the frequency response. */
  readonly "equalise": EqualiseSettings;
  /** Leaves the clip as it is. */
  readonly "none": Record<never, never>;
}

/** Name of a transform. */
export type AugmentKind = keyof AugmentSettings;

const none: Transform<Record<never, never>, NoneDraw> = {
  defaults: {},
  rules: {},
  draw: () => ({ kind: "none" }),
  apply: (_draw, samples) => samples,
  describe: () => "none",
};

/** Every transform, by its name. */
export const transforms = {
  "white-noise": whiteNoise,
  "pitch-shift": pitchShift,
  "speed-change": speedChange,
  "time-shift": timeShift,
  "reverb": reverb,
  "gain": gain,
  "background-noise": backgroundNoise,
  "equalise": equalise,
  "none": none,
};

/** The parameters of one transform: plain data, that JSON keeps to the last digit. */
export type TransformDraw =
  | WhiteNoiseDraw
  | PitchShiftDraw
  | SpeedChangeDraw
  | TimeShiftDraw
  | ReverbDraw
  | GainDraw
  | BackgroundNoiseDraw
  | EqualiseDraw
  | NoneDraw;

/** One transform that a policy may draw. */
export type AugmentChoice = {
  [Kind in AugmentKind]: {
    /** Name of the transform. */
    readonly kind: Kind;
    /** Chance of it, relative to the other choices' weights; in a chain, its probability. */
    readonly weight: number;
    /** What its parameters are drawn from. */
    readonly settings: AugmentSettings[Kind];
  };
}[AugmentKind];

/** What may happen to a clip. Plain data. */
export interface AugmentPolicy {
  /**
   * `one`: exactly one of the choices, by their weights. `chain`: each with its own probability, one after
   * the other in `chainOrder`. @default {"one"}
   */
  readonly mode?: "one" | "chain";
  /** What may be drawn; one weight at least is above 0. In a chain, each stands once. */
  readonly choices: readonly AugmentChoice[];
}

/**
 * The transform of one kind, as one that takes any settings and draw: the kind ties them together.
 *
 * @throws {RangeError} where there is none of this kind.
 */
export function transformOf(kind: string): Transform<object, TransformDraw> {
  if (Object.hasOwn(transforms, kind)) {
    return transforms[kind as AugmentKind] as unknown as Transform<object, TransformDraw>;
  }
  throw new RangeError(
    `Cannot augment as the kind must be one of ${Object.keys(transforms).join(", ")}: ` +
      `current value is ${kind}`,
  );
}
