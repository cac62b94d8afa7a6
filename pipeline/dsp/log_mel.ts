import { checkFrontEnd, clipSamples, type FrontEnd, numFrames } from "../front_end.ts";
import type { Kernels } from "./kernels.ts";

/** The log-mel spectrogram of one front end. */
export interface LogMel {
  /** What the features are. */
  readonly frontEnd: FrontEnd;
  /**
   * Computes the features of one clip: librosa's `melspectrogram` (power 2, periodic Hann,
   * `norm="slaney"`), then `power_to_db(ref=np.max)` with `top_db` of the front end. The loudest cell
   * is 0 dB; silence (every cell at or below 1e-10) is 0 dB everywhere, as librosa has it.
   *
   * @param samples Exactly `clipSamples(frontEnd)` finite samples; not changed.
   * @param out Receives `[melBands, numFrames]` in dB, row-major; may be a view of shared memory.
   * @throws {TypeError} where one of the lengths is wrong.
   * @throws {RangeError} where a sample is NaN or infinite, or so large that its square would be.
   */
  compute(samples: Float32Array, out: Float32Array): void;
  /**
   * The mel filters, `[melBands, fftSize / 2 + 1]`, row-major: the weight of every bin of a power spectrum in
   * every band.
   */
  filters(): Float32Array;
}

/**
 * Lays down the tables of one front end, for good: share the result.
 *
 * @throws {RangeError} where the front end cannot be computed.
 */
export function createLogMel(kernels: Kernels, frontEnd: FrontEnd): LogMel {
  checkFrontEnd(frontEnd);
  const { fftSize, melBands, minHz, maxHz, sampleRateHz, hopSamples, dynamicRangeDb } = frontEnd;
  const { exports } = kernels;
  const length = clipSamples(frontEnd), frames = numFrames(frontEnd), cells = melBands * frames;
  const margin = frontEnd.centering === "off" ? 0 : fftSize / 2;

  const fft = kernels.fft(fftSize);
  const plan = kernels.allocateTable(exports.logMelBytes(fftSize, melBands));
  const htk = frontEnd.melScale === "htk";
  exports.initLogMel(
    ...[plan, fft, sampleRateHz, hopSamples, frames, melBands, minHz, maxHz] as const,
    htk,
    dynamicRangeDb,
  );
  const workBytes = exports.logMelWorkBytes(plan), paddedLength = length + 2 * margin;

  function compute(samples: Float32Array, out: Float32Array): void {
    if (samples.length !== length) {
      throw new TypeError(
        `Cannot compute log-mel features as a clip must have ${length} samples: ` +
          `current value is ${samples.length}`,
      );
    }
    if (out.length !== cells) {
      throw new TypeError(
        `Cannot compute log-mel features as the output must have ${melBands} × ${frames} cells: ` +
          `current value is ${out.length}`,
      );
    }
    const [signal, work, result] = kernels.layOut(paddedLength * 4, workBytes, cells * 4);
    const padded = kernels.floats(signal, paddedLength);
    padded.fill(0, 0, margin);
    padded.set(samples, margin);
    padded.fill(0, margin + length);
    if (Number.isNaN(exports.logMel(plan, signal, work, result))) {
      const seen = samples.find((sample) => !Number.isFinite(sample)) ?? "one above 1e15";
      throw new RangeError(
        `Cannot compute log-mel features as samples must be finite: current value is ${seen}`,
      );
    }
    out.set(kernels.floats(result, cells));
  }
  function filters(): Float32Array {
    const length = melBands * (fftSize / 2 + 1), [address] = kernels.layOut(length * 4);
    exports.logMelFilters(plan, address);
    return kernels.copyOut(address, length);
  }
  return { frontEnd, compute, filters };
}
