import type { Kernels } from "./kernels.ts";

/** See `Dsp.addNoise`. */
export function addNoise(
  kernels: Kernels,
  samples: Float32Array,
  noiseSeed: number,
  snrDb: number,
  out?: Float32Array,
): Float32Array {
  const [signal, noise] = layOut(kernels, samples);
  kernels.exports.gaussianNoise(noiseSeed, noise, roundUp(samples.length));
  return mix(kernels, signal, noise, samples.length, snrDb, out);
}

/** See `Dsp.addBackground`. */
export function addBackground(
  kernels: Kernels,
  samples: Float32Array,
  background: Float32Array,
  start: number,
  snrDb: number,
  out?: Float32Array,
): Float32Array {
  const [signal, address] = layOut(kernels, samples),
    noise = kernels.floats(address, samples.length);
  for (let from = start, at = 0; at < noise.length; from = 0) {
    const part = background.subarray(from, from + noise.length - at);
    noise.set(part, at);
    at += part.length;
  }
  return mix(kernels, signal, address, samples.length, snrDb, out);
}

/** Addresses of the samples, and of as many that are still to be filled in. */
function layOut(kernels: Kernels, samples: Float32Array): [signal: number, noise: number] {
  const bytes = roundUp(samples.length) * 4, addresses = kernels.layOut(bytes, bytes);
  kernels.floats(addresses[0], samples.length).set(samples);
  return addresses;
}

/** Whole vectors, in pairs. */
function roundUp(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** Adds noise to a signal at a ratio of their powers; where one of both is silent there is none. */
function mix(
  kernels: Kernels,
  signal: number,
  noise: number,
  length: number,
  snrDb: number,
  out?: Float32Array,
): Float32Array {
  const { exports } = kernels, noiseEnergy = exports.sumOfSquares(noise, length);
  if (noiseEnergy > 0) {
    const ratio = Math.sqrt(exports.sumOfSquares(signal, length) / noiseEnergy);
    exports.addScaled(noise, ratio * exports.decibelsToAmplitude(-snrDb), signal, roundUp(length));
  }
  return kernels.copyOut(signal, length, out);
}
