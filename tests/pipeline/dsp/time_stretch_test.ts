/** Time stretch and pitch shift: against librosa's (tests/vectors/dsp/make.py), and measured on tones. */
import { assert, assertStrictEquals } from "@std/assert";
import { loadDsp } from "../../../pipeline/dsp/dsp.ts";
import { defaultFrontEnd, numFrames } from "../../../pipeline/front_end.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { noise, tones } from "./signals.ts";

interface Case {
  readonly signal: "tones" | "late-tones";
  readonly kind: "stretch" | "pitch";
  readonly amount: number;
  readonly numSamples: number;
}

const vectors = new URL("../../vectors/dsp/", import.meta.url);
const cases: Case[] = JSON.parse(await Deno.readTextFile(new URL("vocoder.json", vectors)));
const librosas = new Float32Array((await Deno.readFile(new URL("vocoder.f32", vectors))).buffer);
const dsp = await loadDsp();
const sampleRateHz = 22050;

function computeLogMel(samples: Float32Array): Float32Array {
  const frontEnd = { ...defaultFrontEnd, durationSeconds: samples.length / sampleRateHz };
  const out = new Float32Array(128 * numFrames(frontEnd));
  dsp.createLogMel(frontEnd).compute(samples, out);
  return out;
}

function energy(samples: Float32Array): number {
  return samples.reduce((sum, x) => sum + x * x, 0);
}

let at = 0;
for (const { signal, kind, amount, numSamples } of cases) {
  const expected = librosas.subarray(at, at += numSamples);
  const boundDb = kind === "stretch" ? -110 : -100, cellBoundDb = 0.01;
  Deno.test(`${kind} by ${amount} equals librosa's of ${signal}: samples within ${boundDb} dB, log-mel within ${cellBoundDb} dB`, () => {
    const input = tones(8000);
    if (signal === "late-tones") input.fill(0, 0, 5000);
    const original = input.slice();
    const actual = kind === "stretch"
      ? dsp.timeStretch(input, amount)
      : dsp.pitchShift(input, amount, sampleRateHz);
    assertSameBits(input, original, "the input stays as it is");
    assertStrictEquals(actual.length, numSamples);
    const difference = actual.map((x, i) => x - expected[i]);
    const differenceDb = 10 * Math.log10(energy(difference) / energy(expected));
    assert(differenceDb < boundDb, `samples differ by ${differenceDb} dB`);

    const ours = computeLogMel(actual), theirs = computeLogMel(expected);
    const frames = ours.length / 128;
    ours.forEach((db, i) => {
      // Pitch shift ends with resampling by a ratio for which libsoxr's second filter is not quite ours.
      const bound = kind === "pitch" && theirs[i] < -50 ? 0.1 : cellBoundDb;
      const cell = `band ${Math.floor(i / frames)}, frame ${i % frames}`;
      assert(Math.abs(db - theirs[i]) < bound, `${cell}: ${db} dB, not ${theirs[i]}`);
    });
  });
}
assertStrictEquals(at, librosas.length, "vocoder.json and vocoder.f32 do not belong together");

function sine(hz: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(2 * Math.PI * hz * i / sampleRateHz));
}

/** Frequency of a tone near `nearHz`: how its phase drifts between an early and a late window. */
function measureHz(samples: Float32Array, nearHz: number): number {
  const windowLength = 4096, first = 4096, second = first + 2048;
  const phaseAt = (start: number) => {
    let re = 0, im = 0;
    for (let i = 0; i < windowLength; i++) {
      const window = Math.sin(Math.PI * i / windowLength) ** 2;
      const angle = 2 * Math.PI * nearHz * (start + i) / sampleRateHz;
      re += window * samples[start + i] * Math.cos(angle);
      im -= window * samples[start + i] * Math.sin(angle);
    }
    return Math.atan2(im, re);
  };
  const drift = phaseAt(second) - phaseAt(first);
  const turns = drift / (2 * Math.PI) - Math.round(drift / (2 * Math.PI));
  return nearHz + turns * sampleRateHz / (second - first);
}

Deno.test("pitch shift moves a tone by its semitones within 5 cents and keeps the length", () => {
  for (const hz of [220, 523.25, 1800]) {
    for (const semitones of [-12, -5.5, -1, 0, 0.3, 2, 7, 12]) {
      const shifted = dsp.pitchShift(sine(hz, 22050), semitones, sampleRateHz);
      assertStrictEquals(shifted.length, 22050);
      const expectedHz = hz * 2 ** (semitones / 12);
      const cents = 1200 * Math.log2(measureHz(shifted, expectedHz) / expectedHz);
      assert(Math.abs(cents) < 5, `${hz} Hz by ${semitones} semitones is off by ${cents} cents`);
    }
  }
});

Deno.test("time stretch keeps a tone's pitch within 1 cent, and its length is round(n / rate)", () => {
  for (const rate of [0.5, 0.8, 0.97, 1, 1.25, 2]) {
    const stretched = dsp.timeStretch(sine(440, 33000), rate);
    assertStrictEquals(stretched.length, Math.round(33000 / rate));
    const cents = 1200 * Math.log2(measureHz(stretched, 440) / 440);
    assert(Math.abs(cents) < 1, `rate ${rate} is off by ${cents} cents`);
  }
});

Deno.test("time stretch by 1 gives the samples back", () => {
  const samples = noise(10000), same = dsp.timeStretch(samples, 1);
  assertStrictEquals(same.length, samples.length);
  same.forEach((x, i) => assert(Math.abs(x - samples[i]) < 1e-5, `sample ${i}`));
});

Deno.test("time stretch of clips shorter than a hop or a frame, and at the limits of its rate, is finite and of the right length", () => {
  for (const length of [0, 1, 100, 511, 512, 513, 2048, 5000]) {
    for (const rate of [1 / 16, 0.7, 1, 3.3, 16]) {
      const stretched = dsp.timeStretch(noise(length), rate);
      const even = Math.round(length / rate / 2) * 2; // where n / rate ends in a half
      const expected = length / rate % 1 === 0.5 ? even : Math.round(length / rate);
      assertStrictEquals(stretched.length, expected, `${length} samples at rate ${rate}`);
      assert(stretched.every((x) => Math.abs(x) < 10));
    }
  }
});

Deno.test("time stretch of a padded clip is that of one whose silence is worked on, and then silent", () => {
  const length = 40000, padded = tones(length).fill(0, 15000), clicked = padded.slice();
  clicked[length - 1] = 1; // so that no frame may be left out
  for (const rate of [0.8, 1, 1.3, 3]) {
    const actual = dsp.timeStretch(padded, rate), expected = dsp.timeStretch(clicked, rate);
    // The first frames that hold the click, and those that go over to it, reach back 2048 samples and a hop.
    const same = Math.floor((length - 2048 - 512) / rate) - 2048;
    assertSameBits(actual.subarray(0, same), expected.subarray(0, same), `rate ${rate}`);
    assert(actual.subarray(Math.ceil((15000 + 2048) / rate) + 2048).every((x) => x === 0));
  }
});

Deno.test("time stretch and pitch shift into a room are the front of what they are without one", () => {
  for (const length of [1, 700, 5000]) {
    const samples = noise(length);
    for (const roomLength of [0, 1, 511, 512, 513, 3000, 9000]) {
      const out = new Float32Array(roomLength);
      const check = (actual: Float32Array, whole: Float32Array) => {
        assertStrictEquals(actual.buffer, out.buffer);
        assertSameBits(actual, whole.subarray(0, roomLength), `${length} into ${roomLength}`);
      };
      for (const rate of [0.7, 1, 1.3]) {
        check(dsp.timeStretch(samples, rate, out), dsp.timeStretch(samples, rate));
      }
      for (const semitones of [-3, 0, 3]) {
        const whole = dsp.pitchShift(samples, semitones, sampleRateHz);
        check(dsp.pitchShift(samples, semitones, sampleRateHz, out), whole);
      }
    }
  }
});

Deno.test("time stretch and pitch shift refuse what is out of range", () => {
  const samples = noise(100);
  for (const rate of [0, -1, NaN, 17, 0.06]) {
    assertFails(() => dsp.timeStretch(samples, rate), {
      name: "RangeError",
      message: `Cannot stretch time as the rate must be from 1/16 to 16: current value is ${rate}`,
    });
  }
  for (const semitones of [NaN, 25, -25]) {
    assertFails(() => dsp.pitchShift(samples, semitones, 22050), /from -24 to 24/);
  }
});
