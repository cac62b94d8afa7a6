import type { MelFrontEnd } from "./card.ts";

/**
 * Makes log-mel spectrograms as other programs' networks expect them, in double precision: a periodic Hann window, an
 * FFT, triangular bands of height 1 on the mel scale (HTK's: triangles in mel, as TensorFlow's and VGGish's own code;
 * Slaney's: triangles in Hz of equal area, as librosa's), and a logarithm.
 *
 * @returns a function from samples to frames, `[frames, melBands]`: frame t begins at sample t · hopSamples, and
 * there are as many as fit whole.
 */
export function createMelFrames(
  settings: MelFrontEnd,
  rateHz: number,
): (samples: Float32Array) => Float32Array {
  const { windowSamples, fftSize, hopSamples, melBands, power, logOffset, scale, offset } =
    settings;
  const window = Float64Array.from(
    { length: windowSamples },
    (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / windowSamples),
  );
  const numBins = fftSize / 2 + 1, filters = createFilters(settings, rateHz);
  const fft = createFft(fftSize), re = new Float64Array(fftSize), im = new Float64Array(fftSize);
  const spectrum = new Float64Array(numBins), logarithm = logarithms[settings.logarithm];
  return (samples) => {
    const numFrames = Math.max(0, 1 + Math.floor((samples.length - windowSamples) / hopSamples));
    const frames = new Float32Array(numFrames * melBands);
    for (let t = 0; t < numFrames; t++) {
      re.fill(0);
      im.fill(0);
      for (let i = 0; i < windowSamples; i++) re[i] = window[i] * samples[t * hopSamples + i];
      fft(re, im);
      for (let k = 0; k < numBins; k++) {
        const square = re[k] * re[k] + im[k] * im[k];
        spectrum[k] = power === 2 ? square : Math.sqrt(square);
      }
      for (let band = 0; band < melBands; band++) {
        const { first, weights } = filters[band];
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * spectrum[first + k];
        frames[t * melBands + band] = scale * logarithm(sum + logOffset) + offset;
      }
    }
    return frames;
  };
}

const logarithms: Readonly<Record<MelFrontEnd["logarithm"], (x: number) => number>> = {
  ln: Math.log,
  log10: Math.log10,
  db: (x) => 10 * Math.log10(x),
};

/** Weights of the bins from `first` on. */
interface Filter {
  readonly first: number;
  readonly weights: Float64Array;
}

function createFilters(
  { fftSize, melBands, minHz, maxHz, melScale }: MelFrontEnd,
  rateHz: number,
): Filter[] {
  const isHtk = melScale === "htk", toMel = isHtk ? htkMel : slaneyMel;
  const toHz = isHtk ? htkHz : slaneyHz;
  const low = toMel(minHz), step = (toMel(maxHz) - low) / (melBands + 1);
  // HTK's triangles are straight in mel, Slaney's in Hz.
  const edge = (i: number) => isHtk ? low + i * step : toHz(low + i * step);
  const place = (bin: number) => {
    const hz = bin * rateHz / fftSize;
    return isHtk ? htkMel(hz) : hz;
  };
  return Array.from({ length: melBands }, (_, band) => {
    const [left, centre, right] = [edge(band), edge(band + 1), edge(band + 2)];
    const area = isHtk ? 1 : 2 / (right - left);
    const weights: number[] = [];
    let first = 0;
    // The lowest bin has no part in HTK's bands.
    for (let bin = isHtk ? 1 : 0; bin <= fftSize / 2; bin++) {
      const at = place(bin);
      const weight = Math.min((at - left) / (centre - left), (right - at) / (right - centre));
      if (weight <= 0) continue;
      if (weights.length === 0) first = bin;
      weights.push(area * weight);
    }
    return { first, weights: Float64Array.from(weights) };
  });
}

const htkMel = (hz: number) => 1127 * Math.log1p(hz / 700);
const htkHz = (mel: number) => 700 * Math.expm1(mel / 1127);
/** Linear up to 1 kHz, then 27 steps a factor of 6.4 (Slaney's Auditory Toolbox). */
const slaneyMel = (hz: number) =>
  hz < 1000 ? 3 * hz / 200 : 15 + 27 * Math.log(hz / 1000) / Math.log(6.4);
const slaneyHz = (mel: number) => mel < 15 ? 200 * mel / 3 : 1000 * 6.4 ** ((mel - 15) / 27);

/** A radix-2 FFT in place (Cooley & Tukey). @param size A power of two. */
function createFft(size: number): (re: Float64Array, im: Float64Array) => void {
  const cos = new Float64Array(size / 2), sin = new Float64Array(size / 2);
  for (let i = 0; i < size / 2; i++) {
    cos[i] = Math.cos(2 * Math.PI * i / size);
    sin[i] = -Math.sin(2 * Math.PI * i / size);
  }
  return (re, im) => {
    for (let i = 1, j = 0; i < size; i++) {
      let bit = size >> 1;
      for (; j & bit; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i >= j) continue;
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = start + k, b = a + half, c = cos[k * stride], s = sin[k * stride];
          const x = re[b] * c - im[b] * s, y = re[b] * s + im[b] * c;
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
  };
}
