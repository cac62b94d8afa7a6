import type { Kernels } from "./kernels.ts";
import { resample } from "./resampler.ts";

/** librosa's defaults: frames of 2048 samples, 512 apart; `assembly/vocoder_tables.ts` has them too. */
const fftSize = 2048, hopSamples = 512;

/** See `Dsp.timeStretch`. */
export function timeStretch(
  kernels: Kernels,
  samples: Float32Array,
  rate: number,
  out?: Float32Array,
): Float32Array {
  if (!(rate >= 1 / 16 && rate <= 16)) {
    throw new RangeError(
      `Cannot stretch time as the rate must be from 1/16 to 16: current value is ${rate}`,
    );
  }
  const columns = 1 + Math.floor(samples.length / hopSamples);
  const length = roundHalfToEven(samples.length / rate);
  const frames = Math.min(
    Math.ceil(columns / rate),
    Math.ceil((length + fftSize) / hopSamples), // librosa leaves out what the length cuts off
  );
  const vocoder = kernels.vocoder(), margin = fftSize / 2;
  const wantedLength = Math.min(length, out?.length ?? length);
  const wantedFrames = Math.min(frames, Math.ceil((margin + wantedLength) / hopSamples));
  const paddedLength = (columns + 4) * hopSamples + fftSize;
  const outputLength = Math.max((wantedFrames + 3) * hopSamples + fftSize, margin + wantedLength);
  const [signal, output, work] = kernels.layOut(
    paddedLength * 4,
    outputLength * 4,
    kernels.exports.stretchWorkBytes(rate),
  );
  const padded = kernels.floats(signal, paddedLength);
  padded.fill(0, 0, margin);
  padded.set(samples, margin);
  padded.fill(0, margin + samples.length);
  kernels.exports.stretch(
    ...[vocoder, signal, columns, rate, frames, wantedFrames, output, work] as const,
  );
  return kernels.copyOut(output + margin * 4, length, out);
}

/** Stretched clips on their way to the resampler: a new array for each costs as much as copying it. */
let stretchedRoom = new Float32Array(0);

/** See `Dsp.pitchShift`. */
export function pitchShift(
  kernels: Kernels,
  samples: Float32Array,
  semitones: number,
  sampleRateHz: number,
  out?: Float32Array,
): Float32Array {
  if (!(Math.abs(semitones) <= 24)) {
    throw new RangeError(
      `Cannot shift pitch as semitones must be from -24 to 24: current value is ${semitones}`,
    );
  }
  const rate = kernels.exports.powerOfTwo(-semitones / 12);
  const stretchedLength = Math.ceil(samples.length / rate);
  if (stretchedRoom.length < stretchedLength) stretchedRoom = new Float32Array(stretchedLength);
  const stretched = timeStretch(kernels, samples, rate, stretchedRoom);
  const sameLength = out?.subarray(0, samples.length) ?? new Float32Array(samples.length);
  const shifted = resample(kernels, stretched, sampleRateHz / rate, sampleRateHz, sameLength);
  if (shifted === stretched) sameLength.set(stretched.subarray(0, sameLength.length)); // equal rates
  return sameLength.fill(0, shifted.length);
}

/** Python's `round`: a length halfway between two goes to the even one. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
