/** The phase vocoder's windows. */
import { Fft } from "./fft";
import { hann } from "./stft";

/** Samples of a frame. */
export const SIZE: usize = 2048;
/** Samples from one frame to the next. */
export const HOP: usize = 512;
export const HOP_BYTES: usize = HOP * 4;
/** Sum of the squared windows where four frames overlap. */
export const FULL_OVERLAP: f64 = 1.5;

/** What the vocoder needs; its tables lie behind it in memory. */
@unmanaged
export class Vocoder {
  fft: Fft;
  /** The window (SIZE f32). */
  window: usize;
  /** The window for putting frames back, scaled for the inverse transform and full overlap (SIZE f32). */
  scaledWindow: usize;
  /** The squared window (SIZE f32). */
  squaredWindow: usize;
}

/** Bytes that `initVocoder` fills. */
export function vocoderBytes(): usize {
  return 16 + SIZE * 12;
}

/** Fills `vocoderBytes()` bytes at `vocoder`; `fft` (of 2048 samples) must outlive it. */
export function initVocoder(vocoder: Vocoder, fft: Fft): void {
  vocoder.fft = fft;
  vocoder.window = changetype<usize>(vocoder) + 16;
  vocoder.scaledWindow = vocoder.window + SIZE * 4;
  vocoder.squaredWindow = vocoder.scaledWindow + SIZE * 4;
  for (let n: usize = 0; n < SIZE; n++) {
    const w = hann(n, SIZE);
    store<f32>(vocoder.window + n * 4, <f32>w);
    store<f32>(vocoder.scaledWindow + n * 4, <f32>(w / (FULL_OVERLAP * <f64>(2 * SIZE))));
    store<f32>(vocoder.squaredWindow + n * 4, <f32>(w * w));
  }
}
