/** What each transform does to sound, measured. */
import { assert, assertNotEquals, assertStrictEquals } from "@std/assert";
import { applyAugmentation } from "../../../pipeline/augment/augment.ts";
import { loadDsp } from "../../../pipeline/dsp/dsp.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { chirp, clicks, mix, noise } from "../dsp/signals.ts";

const dsp = await loadDsp();
const sampleRateHz = 22050, context = { sampleRateHz, dsp };

function power(samples: Float32Array): number {
  return samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
}

function difference(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((x, i) => x - b[i]);
}

Deno.test("white noise meets its SNR within 0.1 dB on loud, quiet and sparse clips", () => {
  const clips = [mix(22050), mix(22050).map((x) => x / 1000), clicks(22050), noise(500)];
  for (const [clipIndex, clip] of clips.entries()) {
    for (const snrDb of [-5, 3.3, 20, 40]) {
      const noisy = applyAugmentation({ kind: "white-noise", snrDb, noiseSeed: 11 }, clip, context);
      const seenDb = 10 * Math.log10(power(clip) / power(difference(noisy, clip)));
      assert(Math.abs(seenDb - snrDb) < 0.1, `clip ${clipIndex}: ${seenDb}, not ${snrDb} dB`);
    }
  }
});

Deno.test("background noise meets its SNR within 0.1 dB, begins at its offset and starts again at its end", () => {
  const clip = mix(22050), background = chirp(9000, 200, 400);
  const draw = { kind: "background-noise", snrDb: 12, choice: 0, offset: 0.5 } as const;
  const noisy = applyAugmentation(draw, clip, { ...context, background });
  const added = difference(noisy, clip);
  const seenDb = 10 * Math.log10(power(clip) / power(added));
  assert(Math.abs(seenDb - 12) < 0.1, `${seenDb} dB`);
  const gain = Math.sqrt(power(added) / power(background));
  let largest = 0;
  for (let i = 0; i < added.length; i++) {
    largest = Math.max(largest, Math.abs(added[i] / gain - background[(i + 4500) % 9000]));
  }
  // The level is that of the stretch that was used, not of the whole recording: hence 0.02.
  assert(largest < 0.02, `${largest}`);
});

Deno.test("noise leaves a silent clip silent, and a silent background changes nothing", () => {
  const silence = new Float32Array(100), clip = mix(100);
  const white = { kind: "white-noise", snrDb: 10, noiseSeed: 1 } as const;
  assertSameBits(applyAugmentation(white, silence, context), silence);
  const draw = { kind: "background-noise", snrDb: 10, choice: 0, offset: 0 } as const;
  assertSameBits(applyAugmentation(draw, clip, { ...context, background: silence }), clip);
  assertStrictEquals(applyAugmentation(white, new Float32Array(0), context).length, 0);
});

Deno.test("time shift is an exact rotation, or fills with zeros", () => {
  const clip = noise(1000);
  for (
    const [fraction, by] of [[0.25, 250], [-0.1004, -100], [0, 0], [0.9999, 1000], [-1, -1000]]
  ) {
    const wrapped = applyAugmentation(
      { kind: "time-shift", fraction, fill: "wrap" },
      clip,
      context,
    );
    const filled = applyAugmentation(
      { kind: "time-shift", fraction, fill: "silence" },
      clip,
      context,
    );
    for (let i = 0; i < 1000; i++) {
      const from = i - by;
      assertStrictEquals(wrapped[i], clip[(from + 1000) % 1000], `sample ${i} of a shift by ${by}`);
      assertStrictEquals(filled[i], from >= 0 && from < 1000 ? clip[from] : 0);
    }
  }
});

/** Seconds for 60 dB of decay, from the slope of the backward integral −5…−35 dB (ISO 3382). */
function measureRt60(response: Float32Array): number {
  const remaining = new Float64Array(response.length);
  for (let i = response.length - 1, sum = 0; i >= 0; i--) remaining[i] = sum += response[i] ** 2;
  const indexAt = (db: number) =>
    remaining.findIndex((x) => 10 * Math.log10(x / remaining[0]) <= db);
  return 2 * (indexAt(-35) - indexAt(-5)) / sampleRateHz;
}

Deno.test("reverb decays by its RT60 within 10 %, at the level of its source", () => {
  const click = new Float32Array(4 * sampleRateHz);
  click[0] = 1;
  for (const rt60Seconds of [0.1, 0.35, 0.8, 3]) {
    for (const noiseSeed of [1, 2, 3]) {
      const draw = { kind: "reverb", rt60Seconds, wetMix: 1, noiseSeed } as const;
      const response = applyAugmentation(draw, click, context);
      const seen = measureRt60(response);
      assert(Math.abs(seen / rt60Seconds - 1) < 0.1, `${seen} s, not ${rt60Seconds} s`);
      const energy = response.reduce((sum, x) => sum + x * x, 0);
      assert(Math.abs(energy - 1) < 1e-3, `energy ${energy}`);
    }
  }
});

Deno.test("reverb mixes dry and wet, keeps the length and lets nothing sound before its source", () => {
  const clip = new Float32Array(5000);
  clip.set(noise(100), 2000);
  const dry = { kind: "reverb", rt60Seconds: 0.2, wetMix: 0, noiseSeed: 4 } as const;
  assertSameBits(applyAugmentation(dry, clip, context), clip);
  const wet = applyAugmentation({ ...dry, wetMix: 1 }, clip, context);
  const half = applyAugmentation({ ...dry, wetMix: 0.5 }, clip, context);
  assertStrictEquals(wet.length, 5000);
  assert(wet.subarray(0, 2000).every((x) => Math.abs(x) < 1e-6));
  half.forEach((x, i) => assert(Math.abs(x - (clip[i] + wet[i]) / 2) < 1e-6, `sample ${i}`));
  assertNotEquals(applyAugmentation({ ...dry, wetMix: 1, noiseSeed: 5 }, clip, context), wet);
});

Deno.test("gain changes the level by its decibels", () => {
  const clip = mix(1000), louder = applyAugmentation({ kind: "gain", gainDb: 6 }, clip, context);
  assert(Math.abs(10 * Math.log10(power(louder) / power(clip)) - 6) < 1e-4);
});

Deno.test("pitch shift and speed change are the DSP's, none is the clip itself", () => {
  const clip = mix(6000);
  assertSameBits(
    applyAugmentation({ kind: "pitch-shift", semitones: -3 }, clip, context),
    dsp.pitchShift(clip, -3, sampleRateHz),
  );
  assertSameBits(
    applyAugmentation({ kind: "speed-change", rate: 1.1 }, clip, context),
    dsp.timeStretch(clip, 1.1),
  );
  assertStrictEquals(applyAugmentation({ kind: "none" }, clip, context), clip);
});

Deno.test("the equaliser gives tones their octave's gain within 0.6 dB, and no delay", () => {
  const gainsDb = [-6, 5, 0, 3, -4, 6];
  for (const [octave, gainDb] of [...gainsDb.entries()].slice(1, 5)) {
    const hz = sampleRateHz / 2 ** (octave + 1);
    const tone = Float32Array.from(
      { length: 9000 },
      (_, i) => Math.sin(2 * Math.PI * hz * i / sampleRateHz + 0.3),
    );
    const heard = applyAugmentation({ kind: "equalise", gainsDb }, tone, context);
    assertStrictEquals(heard.length, 9000);
    const inside = (samples: Float32Array) => samples.subarray(200, 8800);
    const seenDb = 10 * Math.log10(power(inside(heard)) / power(inside(tone)));
    // At an octave the response has a corner, which the window rounds off.
    assert(Math.abs(seenDb - gainDb) < 0.6, `${hz} Hz: ${seenDb}, not ${gainDb} dB`);
    const scaled = tone.map((x) => x * 10 ** (seenDb / 20));
    assert(power(inside(difference(heard, scaled))) < 1e-6 * power(tone), `delay at ${hz} Hz`);
  }
});

Deno.test("an equaliser of equal gains changes the level alone; silence stays silent", () => {
  const clip = noise(3000);
  for (const gainDb of [0, -6]) {
    const gainsDb = new Array(6).fill(gainDb), factor = 10 ** (gainDb / 20);
    const heard = applyAugmentation({ kind: "equalise", gainsDb }, clip, context);
    heard.forEach((x, i) => assert(Math.abs(x - factor * clip[i]) < 1e-5, `sample ${i}: ${x}`));
    const silence = applyAugmentation({ kind: "equalise", gainsDb }, new Float32Array(90), context);
    assert(silence.every((x) => x === 0));
  }
});
