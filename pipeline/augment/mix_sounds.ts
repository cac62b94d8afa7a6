/** Length of the stretches whose loudest is how loud a sound is. */
const stretchSeconds = 0.1;
/** The power of what counts as silent: −80 dB. */
const silentPower = 1e-8;

/**
 * Mixes two sounds as they are heard (between-class learning: Tokozume et al. 2018): with a ratio r, the
 * first has r of the mix's amplitude and the second 1 − r, whichever was recorded louder.
 *
 * With levels a and b (root mean squares of the loudest tenth of a second, at least −80 dB) and
 * p = 1 / (1 + a/b · (1 − r)/r), the mix is (p·first + (1 − p)·second) / √(p² + (1 − p)²).
 *
 * @param ratio From 0 to 1.
 * @param out As long as both; may be one of them.
 * @throws {TypeError} where the lengths differ.
 */
export function mixSounds(
  first: Float32Array,
  second: Float32Array,
  ratio: number,
  sampleRateHz: number,
  out: Float32Array,
): void {
  if (first.length !== second.length || first.length !== out.length) {
    throw new TypeError(
      `Cannot mix sounds as they must be as long as the mix: current value is ` +
        `${first.length} and ${second.length} samples for ${out.length}`,
    );
  }
  // p and 1 − p, times the same: without a division by what may be 0.
  const own = ratio * levelOf(second, sampleRateHz);
  const other = (1 - ratio) * levelOf(first, sampleRateHz);
  const scale = 1 / Math.sqrt(own * own + other * other);
  const ownGain = own * scale, otherGain = other * scale;
  for (let i = 0; i < out.length; i++) out[i] = ownGain * first[i] + otherGain * second[i];
}

/** Root mean square of the loudest stretch; they overlap by half. */
function levelOf(samples: Float32Array, sampleRateHz: number): number {
  const half = Math.max(1, Math.round(stretchSeconds / 2 * sampleRateHz));
  let loudest = 0, before = 0;
  for (let start = 0; start < samples.length; start += half) {
    const end = Math.min(start + half, samples.length);
    let energy = 0;
    for (let i = start; i < end; i++) energy += samples[i] * samples[i];
    loudest = Math.max(loudest, before + energy);
    before = energy;
  }
  return Math.sqrt(Math.max(silentPower, loudest / (2 * half)));
}
