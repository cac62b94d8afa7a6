/** The resampler's quality, measured with tones, and that a stream of any chunks equals one call. */
import { assert, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { loadDsp } from "../../../pipeline/dsp/dsp.ts";
import { Kernels } from "../../../pipeline/dsp/kernels.ts";
import { createResampler } from "../../../pipeline/dsp/resampler.ts";
import { defaultFrontEnd } from "../../../pipeline/front_end.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { noise } from "./signals.ts";

const dsp = await loadDsp();
const seconds = 0.2;

function tone(hz: number, rateHz: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(2 * Math.PI * hz * i / rateHz + 0.4));
}

/** Largest difference of two signals away from their ends, where a tone begins and ends abruptly. */
function largestDifferenceDb(actual: Float32Array, expected: Float32Array, edge: number): number {
  let largest = 0;
  for (let i = edge; i < actual.length - edge; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    if (!(difference <= largest)) largest = difference; // NaN counts
  }
  return 20 * Math.log10(largest);
}

/** Samples of the new rate that the filters' half lengths (102 to 115 samples at the lower rate, each) cover, rounded up. */
function edgeSamples(fromHz: number, toHz: number): number {
  const numSharp = toHz > 4 * fromHz ? 2 : 1;
  return Math.ceil(125 * numSharp * toHz / Math.min(fromHz, toHz));
}

/** The factor of `reference` that comes closest to `actual` away from the ends. */
function gainOf(actual: Float32Array, reference: Float32Array, edge: number): number {
  let product = 0, square = 0;
  for (let i = edge; i < actual.length - edge; i++) {
    product += actual[i] * reference[i];
    square += reference[i] ** 2;
  }
  return product / square;
}

const pairs: [fromHz: number, toHz: number][] = [
  ...[8000, 11025, 12000, 16000, 24000, 32000, 44099, 44100, 48000, 88200, 96000, 192000]
    .map((fromHz): [number, number] => [fromHz, 22050]),
  [22050, 44100],
  [22050, 8000],
  [8000, 192000],
  [192000, 8000],
  [4000, 22050],
  [5512, 22050],
  [1000, 48000],
  [384000, 8000],
  [44100, 48000],
  [48000, 44100],
  [22050 / 0.8909, 22050], // pitch shift makes such rates
];

for (const [fromHz, toHz] of pairs) {
  const lowerHz = Math.min(fromHz, toHz), edge = edgeSamples(fromHz, toHz);
  const length = Math.round(fromHz * Math.max(seconds, 800 / lowerHz));

  Deno.test(`resampling ${fromHz} to ${toHz} Hz: tones up to 0.9 of the lower Nyquist keep their level within 0.01 dB, all else is below -115 dB`, () => {
    // The difference to the same tone at the new rate holds all else: delay, aliases and images.
    for (const part of [0.003, 0.3, 0.62, 0.9]) {
      const hz = part * lowerHz / 2;
      const actual = dsp.resample(tone(hz, fromHz, length), fromHz, toHz);
      assertStrictEquals(actual.length, Math.floor(length * toHz / fromHz + 0.5));
      const expected = tone(hz, toHz, actual.length), gain = gainOf(actual, expected, edge);
      assert(Math.abs(20 * Math.log10(gain)) < 0.01, `${hz} Hz: gain ${gain}`);
      const left = largestDifferenceDb(actual, expected.map((x) => gain * x), edge);
      assert(left < -115, `${hz} Hz: ${left} dB`);
    }
  });

  if (fromHz > toHz) {
    Deno.test(`resampling ${fromHz} to ${toHz} Hz: tones from the new Nyquist up fold back below -115 dB`, () => {
      const highest = 0.99 * fromHz / 2;
      for (const hz of [toHz / 2, 1.03 * toHz / 2, 0.4 * toHz / 2 + 0.6 * highest, highest]) {
        if (hz < toHz / 2) continue;
        const actual = dsp.resample(tone(hz, fromHz, length), fromHz, toHz);
        const left = largestDifferenceDb(actual, new Float32Array(actual.length), edge);
        assert(left < -115, `${hz} Hz: ${left} dB`);
      }
    });
  }
}

Deno.test("resampling: a click stays at its place and is symmetric", () => {
  const click = new Float32Array(2000);
  click[1000] = 1;
  for (const [fromHz, toHz, place] of [[44100, 22050, 500], [22050, 44100, 2000]]) {
    const response = dsp.resample(click, fromHz, toHz);
    assertStrictEquals(response.indexOf(Math.max(...response)), place);
    for (let i = 1; i < 200; i++) {
      assert(Math.abs(response[place - i] - response[place + i]) < 1e-6, `${i} from the click`);
    }
  }
});

Deno.test("resampling: silence after a clip changes nothing, and before it nothing where one filter does all", () => {
  // With two filters what the first one rings before the clip is lost to the second, as in libsoxr.
  const cases = [[44100, 22050, true], [22050, 44100, true], [44100, 48000, false]] as const;
  for (const [fromHz, toHz, isBefore] of cases) {
    const samples = noise(3000), silence = fromHz / 50, outputSilence = toHz / 50;
    const start = isBefore ? silence : 0, outputStart = isBefore ? outputSilence : 0;
    const embedded = new Float32Array(3000 + start + silence);
    embedded.set(samples, start);
    const actual = dsp.resample(samples, fromHz, toHz);
    const inside = dsp.resample(embedded, fromHz, toHz).subarray(outputStart);
    actual.forEach((x, i) => assert(Math.abs(x - inside[i]) < 1e-6, `${fromHz}, ${toHz}: ${i}`));
  }
});

Deno.test("resampling: silence has the bits that filtering it would give", () => {
  // Inaudible samples count as zeros, but only zeros are left out.
  const length = 60000, from = 25000, to = 30000;
  const padded = noise(length).fill(0, 0, from).fill(0, to);
  const faint = padded.map((x, i) => i < from || i >= to ? 1e-20 : x);
  for (const [fromHz, toHz] of [[44100, 22050], [8000, 22050], [22050, 24133.7], [4000, 22050]]) {
    assertSameBits(dsp.resample(padded, fromHz, toHz), dsp.resample(faint, fromHz, toHz));
  }
});

/** Chunks of these lengths, one behind the other, as a stream of its own gives them at the new rate. */
function* stream(fromHz: number, toHz: number, samples: Float32Array, chunkLengths: number[]) {
  const resampler = dsp.createResampler(fromHz, toHz), parts: Float32Array[] = [];
  let at = 0;
  for (const length of chunkLengths) {
    parts.push(resampler.process(samples.subarray(at, at += length)));
    yield;
  }
  parts.push(resampler.flush());
  return parts.flatMap((part) => [...part]);
}

/** Runs of halvings, of one filter, of two and three, whole and broken ratios, and none. */
const streamRates = fc.constantFrom(
  ...[2000, 5512, 8000, 11025, 22050, 44099, 44100, 48000, 96000, 176400, 25344.8],
);
const chunkLengths = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9000 })),
  { maxLength: 6 },
);

function total(lengths: number[]): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}

Deno.test("resampling: streams of any chunks, others and other work between them, equal one call each, to the bit", () => {
  const logMel = dsp.createLogMel({ ...defaultFrontEnd, durationSeconds: 0.1 });
  const clip = noise(2205),
    features = new Float32Array(128 * 5),
    expectedFeatures = features.slice();
  logMel.compute(clip, expectedFeatures);
  const oneStream = fc.record({ fromHz: streamRates, toHz: streamRates, lengths: chunkLengths });
  fc.assert(
    fc.property(fc.array(oneStream, { minLength: 1, maxLength: 3 }), (streams) => {
      const running = streams.map(({ fromHz, toHz, lengths }, i) => {
        const samples = noise(total(lengths), i + 1);
        const steps = stream(fromHz, toHz, samples, lengths);
        return { steps, expected: dsp.resample(samples, fromHz, toHz) };
      });
      for (const open = new Set(running); open.size > 0;) {
        for (const one of open) {
          const step = one.steps.next();
          // Other work overwrites working memory, and may move where it begins.
          dsp.resample(clip, 44100, 22050);
          logMel.compute(clip, features);
          assertSameBits(features, expectedFeatures);
          if (!step.done) continue;
          assertSameBits(step.value, [...one.expected]);
          open.delete(one);
        }
      }
    }),
    { numRuns: 60, seed: 1 },
  );
});

for (
  const [fromHz, toHz] of [[44100, 22050], [48000, 22050], [44099, 22050], [192000, 22050], [
    4000,
    22050,
  ]]
) {
  Deno.test(`resampling: a stream from ${fromHz} to ${toHz} Hz of no, one, few samples, or whole blocks equals one call`, () => {
    for (const length of [0, 1, 2, 17, 100, 2 ** 13, 2 ** 13 + 1, 2 ** 14, 2 ** 16]) {
      const samples = noise(length), expected = [...dsp.resample(samples, fromHz, toHz)];
      assertStrictEquals(expected.length, Math.floor(length / (fromHz / toHz) + 0.5));
      for (const size of [length, 1024, 1].filter((size) => size > 0 && length / size < 20)) {
        const lengths = Array.from({ length: Math.ceil(length / size) }, () => size);
        const steps = stream(fromHz, toHz, samples, lengths);
        let step = steps.next();
        while (!step.done) step = steps.next();
        assertSameBits(step.value, expected, `${length} samples by ${size}`);
      }
    }
  });
}

Deno.test("resampling: a stream takes no more memory after minutes than after seconds", async () => {
  for (
    const [fromHz, toHz] of [[192000, 22050], [44099, 22050], [4000, 22050], [200, 51200], [
      51200,
      200,
    ]]
  ) {
    const kernels = await Kernels.load(), { memory } = kernels.exports;
    const resampler = createResampler(kernels, fromHz, toHz), second = noise(fromHz);
    let output = 0, bytes = 0;
    for (let at = 0; at < 180; at++) {
      output += resampler.process(second).length;
      if (at === 5) bytes = memory.buffer.byteLength;
    }
    output += resampler.flush().length;
    assertStrictEquals(output, 180 * toHz);
    assertStrictEquals(memory.buffer.byteLength, bytes, `${fromHz} to ${toHz} Hz`);
    assert(bytes <= 2 ** 24, `${bytes} bytes`);
  }
});

Deno.test("resampling: a stream holds back no more than a bounded part of its input", () => {
  const resampler = dsp.createResampler(192000, 8000), chunk = noise(19200);
  let output = 0;
  for (let second = 1; second <= 6; second++) {
    for (let i = 0; i < 10; i++) output += resampler.process(chunk).length;
    assert(second * 8000 - output < 12000, `${second} s in, ${output} samples out`);
  }
});

Deno.test("resampling: equal rates give the same array, nothing gives nothing, the input stays as it is", () => {
  const samples = noise(1000);
  assertStrictEquals(dsp.resample(samples, 22050, 22050), samples);
  assertStrictEquals(dsp.resample(new Float32Array(0), 44100, 22050).length, 0);
  assertStrictEquals(dsp.resample(samples.subarray(0, 1), 44100, 22050).length, 1);
  dsp.resample(samples, 44100, 22050);
  assertSameBits(samples, noise(1000));

  const same = dsp.createResampler(8000, 8000);
  assertSameBits(same.process(samples), samples);
  assertNotStrictEquals(same.process(samples), samples, "a chunk's array may be used again");
  assertStrictEquals(same.flush().length, 0);
});

Deno.test("resampling into room that is given: the front of it is filled, what it is too short for is left out", () => {
  const samples = noise(3000);
  for (const [fromHz, toHz] of [[8000, 22050], [44100, 22050], [96000, 22050], [4000, 22050]]) {
    const expected = dsp.resample(samples, fromHz, toHz), out = new Float32Array(18000).fill(7);
    assertSameBits(dsp.resample(samples, fromHz, toHz, out), expected);
    assertSameBits(out.subarray(0, expected.length), expected);
    assert(out.subarray(expected.length).every((x) => x === 7));
    const start = dsp.resample(samples, fromHz, toHz, out.subarray(0, 100));
    assertSameBits(start, expected.subarray(0, 100));
    assertStrictEquals(out[100], expected[100]);
  }
});

Deno.test("resampling: rates that are no rates are refused", () => {
  const samples = noise(10);
  for (const rate of [0, -8000, NaN, Infinity]) {
    const message = new RegExp(`must be above 0: current value is ${rate}$`);
    assertFails(() => dsp.resample(samples, rate, 22050), { name: "RangeError", message });
    assertFails(() => dsp.createResampler(22050, rate), { name: "RangeError", message });
  }
  assertFails(() => dsp.resample(samples, 8000, 8000 * 257), /within a factor of 256/);
});
