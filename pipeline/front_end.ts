/**
 * How five seconds of sound become the picture that the model sees. A model carries its front end,
 * so that prediction makes the same numbers as training did.
 */
export interface FrontEnd {
  /** Sample rate of the analysed signal, in Hz. @default {22050} */
  readonly sampleRateHz: number;
  /** Length that every clip is padded or cut to, in seconds. @default {5} */
  readonly durationSeconds: number;
  /** FFT and window length, in samples; a power of two. @default {2048} */
  readonly fftSize: number;
  /** Distance of two frames, in samples. @default {512} */
  readonly hopSamples: number;
  /** Number of mel bands. @default {128} */
  readonly melBands: number;
  /** Lower edge of the first band, in Hz. @default {0} */
  readonly minHz: number;
  /** Upper edge of the last band, in Hz; at most half the sample rate. @default {11025} */
  readonly maxHz: number;
  /** Mel scale: Slaney's (librosa's default) or HTK's formula. @default {"slaney"} */
  readonly melScale: "slaney" | "htk";
  /** `zero-padded`: frame t is centred on sample t·hop; `off`: it begins there. @default {"zero-padded"} */
  readonly centering: "zero-padded" | "off";
  /** Floor below the loudest cell (0 dB), in dB: librosa's `top_db`. @default {80} */
  readonly dynamicRangeDb: number;
}

/** librosa's defaults at 22,050 Hz, for clips of five seconds: features of `[128, 216]`. */
export const defaultFrontEnd: FrontEnd = Object.freeze({
  sampleRateHz: 22050,
  durationSeconds: 5,
  fftSize: 2048,
  hopSamples: 512,
  melBands: 128,
  minHz: 0,
  maxHz: 11025,
  melScale: "slaney",
  centering: "zero-padded",
  dynamicRangeDb: 80,
});

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
 * @throws {RangeError} naming the setting, the rule and the value seen.
 */
export function checkFrontEnd(frontEnd: FrontEnd): void {
  const { sampleRateHz, fftSize, hopSamples, melBands, minHz, maxHz } = frontEnd;
  const rules: [keyof FrontEnd, boolean, string][] = [
    ["sampleRateHz", sampleRateHz >= 1000 && sampleRateHz <= 384000, "from 1000 to 384000"],
    [
      "durationSeconds",
      frontEnd.durationSeconds > 0 && frontEnd.durationSeconds <= 600,
      "above 0 and at most 600",
    ],
    [
      "fftSize",
      Number.isInteger(Math.log2(fftSize)) && fftSize >= 64 && fftSize <= 16384,
      "a power of two from 64 to 16384",
    ],
    [
      "hopSamples",
      Number.isInteger(hopSamples) && hopSamples >= 1 && hopSamples <= fftSize,
      `a whole number from 1 to fftSize (${fftSize})`,
    ],
    [
      "melBands",
      Number.isInteger(melBands) && melBands >= 1 && melBands <= fftSize / 2,
      `a whole number from 1 to fftSize/2 (${fftSize / 2})`,
    ],
    ["minHz", minHz >= 0 && minHz < maxHz, `at least 0 and below maxHz (${maxHz})`],
    ["maxHz", maxHz <= sampleRateHz / 2, `at most half the sample rate (${sampleRateHz / 2})`],
    ["melScale", ["slaney", "htk"].includes(frontEnd.melScale), "slaney or htk"],
    ["centering", ["zero-padded", "off"].includes(frontEnd.centering), "zero-padded or off"],
    ["dynamicRangeDb", frontEnd.dynamicRangeDb > 0, "above 0"],
  ];
  for (const [name, holds, rule] of rules) {
    if (!holds) {
      throw new RangeError(
        `Cannot use this front end as ${name} must be ${rule}: current value is ${frontEnd[name]}`,
      );
    }
  }
  if (numFrames(frontEnd) < 1) {
    throw new RangeError(
      `Cannot use this front end as a clip must be at least one window long (${fftSize} samples): ` +
        `current value is ${clipSamples(frontEnd)}`,
    );
  }
}
