/** Mixes of two sounds, by the ratio in which they are heard. */
import { assert, assertEquals } from "@std/assert";
import { mixSounds } from "../../../pipeline/augment/augment.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { mix, noise } from "../dsp/signals.ts";

const sampleRateHz = 8000, length = 6000;
const quiet = noise(length, 3).map((x, i) => i < 2000 ? 0.01 * x : 0), loud = mix(length);

function mixed(first: Float32Array, second: Float32Array, ratio: number): Float32Array {
  const out = new Float32Array(first.length).fill(NaN);
  mixSounds(first, second, ratio, sampleRateHz, out);
  return out;
}

/** Sound pressure level as the paper's authors have it: the loudest of frames that overlap by half, in dB. */
function levelDb(samples: Float32Array): number {
  let loudest = -80;
  for (let start = 0; start + 800 <= length; start += 400) {
    const frame = samples.subarray(start, start + 800);
    const power = frame.reduce((sum, x) => sum + x * x, 0) / 800;
    loudest = Math.max(loudest, 10 * Math.log10(power));
  }
  return loudest;
}

Deno.test("the mix is that of between-class learning, by its formula in decibels", () => {
  for (const [first, second] of [[quiet, loud], [loud, quiet], [loud, new Float32Array(length)]]) {
    for (const r of [0.03, 0.4, 0.5, 0.97]) {
      const p = 1 / (1 + 10 ** ((levelDb(first) - levelDb(second)) / 20) * (1 - r) / r);
      const scale = Math.sqrt(p ** 2 + (1 - p) ** 2), seen = mixed(first, second, r);
      seen.forEach((sample, i) => {
        const wanted = (p * first[i] + (1 - p) * second[i]) / scale;
        assert(Math.abs(sample - wanted) < 1e-6, `sample ${i}, r ${r}: ${sample}, ${wanted}`);
      });
    }
  }
});

Deno.test("at the ends of the ratio one sound is left, as it is; the other way round is the same mix", () => {
  assertSameBits(mixed(quiet, loud, 1), quiet);
  assertSameBits(mixed(quiet, loud, 0), loud);
  assertSameBits(mixed(quiet, loud, 0.25), mixed(loud, quiet, 0.75));
  const silence = new Float32Array(length);
  assertSameBits(mixed(silence, silence, 0.5), silence);
});

Deno.test("a mix may take the place of a sound; lengths that differ are refused", () => {
  const first = loud.slice();
  mixSounds(first, quiet, 0.3, sampleRateHz, first);
  assertSameBits(first, mixed(loud, quiet, 0.3));
  assertFails(() => mixSounds(loud, quiet.subarray(1), 0.5, sampleRateHz, first), {
    name: "TypeError",
    message: /as long as the mix: current value is 6000 and 5999 samples for 6000/,
  });
  assertEquals(mixed(new Float32Array(0), new Float32Array(0), 0.5).length, 0);
});
