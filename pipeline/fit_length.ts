/** Pads with zeros or cuts to a length; returns its argument where it fits already. */
export function fitLength(samples: Float32Array, length: number): Float32Array {
  if (samples.length === length) return samples;
  if (samples.length > length) return samples.subarray(0, length);
  const fitted = new Float32Array(length);
  fitted.set(samples);
  return fitted;
}
