/** Log-mel features against librosa's (tests/vectors/dsp/make.py), and what the interface promises. */
import { assert, assertStrictEquals, assertThrows } from "@std/assert";
import { loadDsp } from "../../../pipeline/dsp/dsp.ts";
import {
  clipSamples,
  defaultFrontEnd,
  type FrontEnd,
  numFrames,
} from "../../../pipeline/front_end.ts";
import { decodeFile } from "../../../pipeline/decode/decode_file.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { chirp, clicks, mix, noise } from "./signals.ts";

interface Case {
  readonly signal: string;
  readonly frontEnd: FrontEnd;
  readonly numCells: number;
}

const vectors = new URL("../../vectors/dsp/", import.meta.url);
const speechPath = "/usr/share/asterisk/sounds/en_US_f_Allison/agent-incorrect.wav";
const cases: Case[] = JSON.parse(await Deno.readTextFile(new URL("log_mel.json", vectors)));
const cells = new Uint16Array((await Deno.readFile(new URL("log_mel.u16", vectors))).buffer);
const dsp = await loadDsp();

async function readExcerpt(index: number): Promise<Float32Array> {
  const bytes = await Deno.readFile(new URL("excerpts.i16", vectors));
  return Float32Array.from(new Int16Array(bytes.buffer, index * 44100, 22050), (x) => x / 32768);
}

async function createSignal(name: string, length: number): Promise<Float32Array> {
  switch (name) {
    case "noise":
      return noise(length);
    case "quiet-noise":
      return noise(length).map((x) => x * 2 ** -14);
    case "chirp":
      return chirp(length);
    case "clicks":
      return clicks(length);
    case "silence":
      return new Float32Array(length);
    case "mix":
      return mix(length);
    case "music":
      return await readExcerpt(0);
    case "voice":
      return await readExcerpt(1);
    case "speech":
      return (await decodeFile(speechPath)).samples.subarray(0, length);
    default:
      throw new Error(`no signal ${name}`);
  }
}

function computeLogMel(frontEnd: FrontEnd, samples: Float32Array): Float32Array {
  const out = new Float32Array(frontEnd.melBands * numFrames(frontEnd));
  dsp.createLogMel(frontEnd).compute(samples, out);
  return out;
}

/** What differs from one second of the defaults, for the test's name. */
function describeOptions(frontEnd: FrontEnd): string {
  const usual = { ...defaultFrontEnd, durationSeconds: 1 };
  return Object.entries(frontEnd)
    .filter(([name, value]) => usual[name as keyof FrontEnd] !== value)
    .map(([name, value]) => ` ${name}=${value}`).join("");
}

let at = 0;
for (const { signal, frontEnd, numCells } of cases) {
  const expected = cells.subarray(at, at += numCells);
  Deno.test({
    name: `log-mel equals librosa's within 0.01 dB: ${signal}${describeOptions(frontEnd)}`,
    ignore: signal === "speech" && !await Deno.stat(speechPath).catch(() => false),
    sanitizeOps: true,
    sanitizeResources: true,
    async fn() {
      const samples = await createSignal(signal, clipSamples(frontEnd));
      const actual = computeLogMel(frontEnd, samples);
      assertStrictEquals(actual.length, numCells);
      const step = frontEnd.dynamicRangeDb / 65535;
      let largest = 0;
      actual.forEach((db, i) => {
        const difference = Math.abs(db + expected[i] * step);
        if (!(difference <= largest)) largest = difference; // NaN counts
      });
      assert(largest < 0.01 - step / 2, `largest difference ${largest} dB`);
    },
  });
}
assertStrictEquals(at, cells.length, "log_mel.json and log_mel.u16 do not belong together");

Deno.test("log-mel cells lie between the floor and 0, and the loudest is 0", () => {
  const frontEnd = { ...defaultFrontEnd, durationSeconds: 1, dynamicRangeDb: 30 };
  const features = computeLogMel(frontEnd, clicks(22050));
  assertStrictEquals(Math.max(...features), 0);
  assertStrictEquals(Math.min(...features), -30);
});

Deno.test("the mel filters are what the features are summed by", () => {
  const fftSize = 256, bins = fftSize / 2 + 1;
  for (const options of [{}, { melScale: "htk", minHz: 300, maxHz: 7000 }] as const) {
    const frontEnd: FrontEnd = {
      ...{
        ...defaultFrontEnd,
        fftSize,
        hopSamples: 128,
        melBands: 20,
        centering: "off",
        ...options,
      },
      durationSeconds: fftSize / 22050,
    };
    const samples = mix(fftSize), filters = dsp.createLogMel(frontEnd).filters();
    assertStrictEquals(filters.length, 20 * bins);
    const power = Float64Array.from({ length: bins }, (_, bin) => {
      let re = 0, im = 0;
      samples.forEach((x, n) => {
        const windowed = x * Math.sin(Math.PI * n / fftSize) ** 2;
        re += windowed * Math.cos(2 * Math.PI * n * bin / fftSize);
        im += windowed * Math.sin(2 * Math.PI * n * bin / fftSize);
      });
      return re * re + im * im;
    });
    const bands = Array.from(
      { length: 20 },
      (_, band) =>
        filters.subarray(band * bins, (band + 1) * bins)
          .reduce((sum, weight, bin) => sum + weight * power[bin], 0),
    );
    const loudest = Math.max(...bands);
    computeLogMel(frontEnd, samples).forEach((db, band) => {
      const expected = Math.max(10 * Math.log10(bands[band] / loudest), -80);
      assert(Math.abs(db - expected) < 1e-3, `band ${band}: ${db} dB, not ${expected}`);
    });
  }
});

Deno.test("log-mel of a scaled clip is the same until its quietest cells reach the absolute floor", () => {
  const samples = mix(22050), frontEnd = { ...defaultFrontEnd, durationSeconds: 1 };
  const loud = computeLogMel(frontEnd, samples);
  const quiet = computeLogMel(frontEnd, samples.map((x) => x / 1024));
  quiet.forEach((db, i) => assert(Math.abs(db - loud[i]) < 1e-4, `${db}, not ${loud[i]}`));
});

Deno.test("log-mel of every number of frames from 1 on has the columns that a longer clip has", () => {
  // Four frames are worked on at once, so that each remainder has its own way through the code. The
  // first window of each clip holds the loudest cell, so that columns can be compared.
  const samples = noise(4096).map((x, i) => i < 256 ? x : x / 8);
  const at = (length: number): FrontEnd => ({
    ...defaultFrontEnd,
    durationSeconds: length / 22050,
    fftSize: 256,
    hopSamples: 64,
    melBands: 16,
    centering: "off",
    dynamicRangeDb: 60,
  });
  const long = computeLogMel(at(4096), samples), longFrames = numFrames(at(4096));
  for (let frames = 1; frames < 20; frames++) {
    const length = 256 + 64 * (frames - 1) + 63;
    const features = computeLogMel(at(length), samples.subarray(0, length));
    assertStrictEquals(features.length, 16 * frames);
    features.forEach((db, i) => {
      const band = Math.floor(i / frames), frame = i % frames;
      assertStrictEquals(
        db,
        long[band * longFrames + frame],
        `${frames} frames, ${band}, ${frame}`,
      );
    });
  }
});

Deno.test("log-mel leaves its input alone, fills views of shared memory, and is not changed by other calls", () => {
  const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.3 }, length = clipSamples(frontEnd);
  const samples = mix(length), numCells = 128 * numFrames(frontEnd);
  const logMel = dsp.createLogMel(frontEnd), expected = new Float32Array(numCells);
  logMel.compute(samples, expected);
  assertSameBits(samples, mix(length));

  dsp.timeStretch(noise(30000), 0.9); // leaves other things in working memory, which also grows
  dsp.createLogMel({ ...frontEnd, melBands: 13 });
  const shared = new Float32Array(new SharedArrayBuffer(4 * (numCells + 2)));
  logMel.compute(samples, shared.subarray(1, numCells + 1));
  assertSameBits([...shared.subarray(1, numCells + 1)], [...expected]);
  assertSameBits([shared[0], shared[numCells + 1]], [0, 0]);
});

Deno.test("log-mel refuses samples that are not finite, wherever they are", () => {
  const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.3 }, length = clipSamples(frontEnd);
  for (const bad of [NaN, Infinity, -Infinity]) {
    for (const place of [0, 1234, length - 1]) {
      const samples = mix(length);
      samples[place] = bad;
      assertFails(() => computeLogMel(frontEnd, samples), {
        name: "RangeError",
        message: new RegExp(`samples must be finite: current value is ${bad}$`),
      });
    }
  }
  assertFails(() => computeLogMel(frontEnd, mix(length).map((x) => x * 1e20)), /above 1e15/);
});

Deno.test("log-mel of sound that fades out beyond hearing is that of sound that ends in silence", () => {
  const frontEnd = { ...defaultFrontEnd, durationSeconds: 1 };
  const faded = mix(22050).map((x, i) => i < 9000 ? x : x * 1e-36);
  const silent = mix(22050).fill(0, 9000);
  assertSameBits(computeLogMel(frontEnd, faded), computeLogMel(frontEnd, silent));
});

Deno.test("log-mel of a padded clip has the bits that transforms of its silence would give", () => {
  // Inaudible samples count as zeros, but only zeros are left out.
  const length = 22050,
    stretches = [[0, 1], [0, 9000], [7000, 7003], [13000, length], [3000, 20000]];
  for (const options of [{}, { hopSamples: 441 }, { centering: "off" }] as const) {
    const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 1, ...options };
    for (const [from, to] of [...stretches, [0, 0]]) {
      const padded = mix(length).fill(0, 0, from).fill(0, to);
      const faint = padded.map((x, i) => i < from || i >= to ? 1e-20 : x);
      const expected = computeLogMel(frontEnd, faint);
      assertSameBits(computeLogMel(frontEnd, padded), expected, `sound from ${from} to ${to}`);
    }
  }
});

Deno.test("log-mel refuses clips and outputs of another length, and front ends that cannot be", () => {
  const logMel = dsp.createLogMel(defaultFrontEnd);
  const out = new Float32Array(128 * 216), samples = new Float32Array(110250);
  assertFails(() => logMel.compute(samples.subarray(1), out), {
    name: "TypeError",
    message: /a clip must have 110250 samples: current value is 110249/,
  });
  assertFails(() => logMel.compute(samples, out.subarray(2)), {
    name: "TypeError",
    message: /128 × 216 cells: current value is 27646/,
  });
  assertThrows(() => dsp.createLogMel({ ...defaultFrontEnd, fftSize: 1000 }), RangeError);
  assertStrictEquals(dsp.createLogMel({ ...defaultFrontEnd }), logMel, "equal front ends share");
});
