import { numberIn, oneOf, powerOfTwoIn, wholeNumberIn } from "../settings/value_range.ts";
import {
  checkSettings,
  defaultsOf,
  pickSettings,
  SettingError,
  type SettingsOf,
} from "../settings/setting.ts";

/**
 * How five seconds of sound become the picture that the model sees. A model carries its front end,
 * so that prediction makes the same numbers as training did. `frontEndSettings` has the defaults.
 */
export interface FrontEnd {
  /** Sample rate of the analysed signal, in Hz. */
  readonly sampleRateHz: number;
  /** Length that every clip is padded or cut to, in seconds. */
  readonly durationSeconds: number;
  /** FFT and window length, in samples; a power of two. */
  readonly fftSize: number;
  /** Distance of two frames, in samples. */
  readonly hopSamples: number;
  /** Number of mel bands. */
  readonly melBands: number;
  /** Lower edge of the first band, in Hz. */
  readonly minHz: number;
  /** Upper edge of the last band, in Hz; at most half the sample rate. */
  readonly maxHz: number;
  /** Mel scale: Slaney's (librosa's default) or HTK's formula. */
  readonly melScale: "slaney" | "htk";
  /** `zero-padded`: frame t is centred on sample t·hop; `off`: it begins there. */
  readonly centering: "zero-padded" | "off";
  /** Floor below the loudest cell (0 dB), in dB: librosa's `top_db`. */
  readonly dynamicRangeDb: number;
}

/** The settings of a front end: librosa's defaults at 22,050 Hz, for clips of five seconds. */
export const frontEndSettings: SettingsOf<FrontEnd> = {
  durationSeconds: {
    range: numberIn({ above: 0, max: 600 }),
    default: 5,
    help: "length that clips are cut or padded to",
    group: "Features",
    flag: "seconds",
    placeholder: "s",
  },
  sampleRateHz: {
    range: wholeNumberIn({ min: 1000, max: 384000 }),
    default: 22050,
    help: "rate that clips are resampled to",
    group: "Features",
    flag: "sample-rate",
    placeholder: "hz",
  },
  melBands: {
    range: wholeNumberIn({ min: 1 }),
    default: 128,
    help: "mel bands",
    group: "Features",
    flag: "mels",
  },
  fftSize: {
    range: powerOfTwoIn({ min: 64, max: 16384 }),
    default: 2048,
    help: "samples of a window, a power of two",
    group: "Features",
    flag: "fft",
  },
  hopSamples: {
    range: wholeNumberIn({ min: 1 }),
    default: 512,
    help: "samples between windows",
    group: "Features",
    flag: "hop",
  },
  minHz: {
    range: numberIn({ min: 0 }),
    default: 0,
    help: "where the mel bands begin",
    group: "Features",
    placeholder: "hz",
  },
  maxHz: {
    range: numberIn({ above: 0 }),
    default: 11025,
    defaultWords: "half the sample rate",
    help: "where they end",
    group: "Features",
    placeholder: "hz",
  },
  melScale: {
    range: oneOf("slaney", "htk"),
    default: "slaney",
    help: "formula of the mel scale",
    group: "Features",
    flag: false,
  },
  centering: {
    range: oneOf("zero-padded", "off"),
    default: "zero-padded",
    help: "where a window lies about its frame",
    group: "Features",
    flag: false,
  },
  dynamicRangeDb: {
    range: numberIn({ above: 0 }),
    default: 80,
    help: "floor below the loudest cell",
    group: "Features",
    flag: false,
  },
};

/** The front end of the defaults: features of `[128, 216]`. */
export const defaultFrontEnd: FrontEnd = Object.freeze(defaultsOf(frontEndSettings));

/**
 * Fills in what is not said. Where another sample rate is said and not the upper edge, that is half the rate.
 *
 * @param base What holds where nothing is said.
 * @throws {SettingError} where such features cannot be made.
 */
export function resolveFrontEnd(
  said: Partial<FrontEnd>,
  base: FrontEnd = defaultFrontEnd,
): FrontEnd {
  const frontEnd = { ...base, ...pickSettings<FrontEnd>(frontEndSettings, said) };
  const followsRate = said.maxHz === undefined && frontEnd.sampleRateHz !== base.sampleRateHz;
  const whole = followsRate ? { ...frontEnd, maxHz: frontEnd.sampleRateHz / 2 } : frontEnd;
  checkFrontEnd(whole);
  return whole;
}

/** Samples of one clip at the front end's rate. */
export function clipSamples({ sampleRateHz, durationSeconds }: FrontEnd): number {
  return Math.round(sampleRateHz * durationSeconds);
}

/** STFT frames of one clip: the second number of the features' shape `[melBands, numFrames]`. */
export function numFrames(frontEnd: FrontEnd): number {
  const samples = clipSamples(frontEnd);
  const covered = frontEnd.centering === "off" ? samples - frontEnd.fftSize : samples;
  return 1 + Math.floor(covered / frontEnd.hopSamples);
}

/**
 * Refuses a front end that cannot be computed.
 *
 * @throws {SettingError} naming the setting, the rule and the value seen.
 */
export function checkFrontEnd(frontEnd: FrontEnd): void {
  const action = "use this front end";
  checkSettings(frontEndSettings, frontEnd, action);
  const { sampleRateHz, fftSize, hopSamples, melBands, minHz, maxHz } = frontEnd;
  const rules: [keyof FrontEnd, boolean, string][] = [
    ["hopSamples", hopSamples <= fftSize, `at most the window's length (${fftSize})`],
    ["melBands", melBands <= fftSize / 2, `at most half the window's length (${fftSize / 2})`],
    ["minHz", minHz < maxHz, `below the upper edge (${maxHz})`],
    ["maxHz", maxHz <= sampleRateHz / 2, `at most half the sample rate (${sampleRateHz / 2})`],
    [
      "durationSeconds",
      numFrames(frontEnd) >= 1,
      `at least one window long (${fftSize / sampleRateHz})`,
    ],
  ];
  for (const [name, holds, rule] of rules) {
    if (!holds) throw new SettingError(action, name, rule, frontEnd[name]);
  }
}
