import type { Kernels } from "./kernels.ts";

/** See `Dsp.convolve`. */
export function convolve(
  kernels: Kernels,
  samples: Float32Array,
  kernel: Float32Array,
): Float32Array {
  if (samples.length === 0 || kernel.length === 0) return new Float32Array(0);
  const { exports } = kernels;
  const { fftSize, block, groups } = planBlocks(samples.length, kernel.length);
  const fft = kernels.fft(fftSize);
  const inputLength = groups * 4 * block, outputLength = inputLength - block + fftSize;
  const [taps, input, output, spectrum, work] = kernels.layOut(
    kernel.length * 4,
    inputLength * 4,
    outputLength * 4,
    (fftSize + 2) * 16,
    (2 * fftSize + 2) * 16,
  );
  kernels.floats(taps, kernel.length).set(kernel);
  const padded = kernels.floats(input, inputLength);
  padded.set(samples);
  padded.fill(0, samples.length);
  kernels.floats(output, outputLength).fill(0);
  exports.prepareKernel(fft, taps, kernel.length, work, spectrum);
  for (let group = 0; group < groups; group++) {
    const offset = group * 4 * block * 4;
    exports.convolveBlocks(fft, spectrum, input + offset, block, output + offset, work);
  }
  return kernels.floats(output, samples.length + kernel.length - 1).slice();
}

/** The transform's size with the least work for groups of four blocks. */
function planBlocks(numSamples: number, kernelLength: number) {
  let smallest = 6;
  while (2 ** smallest < kernelLength + 4) smallest++;
  const plans = [0, 1, 2, 3].map((more) => {
    const exponent = smallest + more, fftSize = 2 ** exponent;
    const block = Math.floor((fftSize - kernelLength + 1) / 4) * 4;
    const groups = Math.ceil(numSamples / (4 * block));
    return { fftSize, block, groups, cost: (2 * groups + 1) * fftSize * exponent };
  });
  return plans.reduce((best, plan) => plan.cost < best.cost ? plan : best);
}
