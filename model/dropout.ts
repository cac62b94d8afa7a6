/** The finaliser of MurmurHash3: spreads 32 bits evenly. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The dropout mask of one step, the same for every engine: `[batch, units]`, each value 0 with
 * probability `rate`, else 1 / (1 − rate) (inverted dropout). Value i depends on (seed, i) alone.
 */
export function createDropoutMask(
  seed: number,
  batch: number,
  units: number,
  rate: number,
): Float32Array {
  const mask = new Float32Array(batch * units);
  const kept = 1 / (1 - rate), threshold = rate * 0x1_0000_0000;
  for (let i = 0; i < mask.length; i++) {
    mask[i] = mix(mix(i) ^ Math.imul(seed, 0x9e3779b1)) >= threshold ? kept : 0;
  }
  return mask;
}
