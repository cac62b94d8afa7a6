/**
 * The made signals of tests/vectors/dsp/make.py: +, −, · and floor on float64 only, so that they are the
 * same bits in any language.
 */

const sampleRateHz = 22050;

/** White noise in [−1, 1), from a linear congruential generator. */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** Two parabolas in place of a sine of this phase in turns. */
function sine(phase: number): number {
  const x = 2 * phase - 1;
  return 4 * x * (1 - Math.abs(x));
}

export function chirp(length: number, fromHz = 50, toHz = 9000): Float32Array {
  let phase = 0;
  return Float32Array.from({ length }, (_, i) => {
    const value = 0.5 * sine(phase);
    phase += (fromHz + (toHz - fromHz) * i / length) / sampleRateHz;
    phase -= Math.floor(phase);
    return value;
  });
}

export function clicks(length: number): Float32Array {
  const samples = new Float32Array(length);
  for (let at = 0, i = 0; at < length; at += 4999, i++) samples[at] = i % 2 === 0 ? 1 : -0.25;
  return samples;
}

export function mix(length: number): Float32Array {
  const a = chirp(length), b = noise(length);
  return a.map((value, i) => 0.25 * value + 0.125 * b[i]);
}

/** Three steady tones and a little noise. */
export function tones(length: number): Float32Array {
  const sum = new Float64Array(length), seconds = 1 / sampleRateHz;
  for (const [hz, gain] of [[330, 0.3], [1234.5, 0.2], [5000, 0.1]]) {
    let phase = 0;
    for (let i = 0; i < length; i++) {
      sum[i] += gain * sine(phase);
      phase += hz * seconds;
      phase -= Math.floor(phase);
    }
  }
  const hiss = noise(length);
  return Float32Array.from(sum, (value, i) => value + 0.0009765625 * hiss[i]);
}
