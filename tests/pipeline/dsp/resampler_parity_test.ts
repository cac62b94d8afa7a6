/** Resampling against librosa's default, soxr HQ (tests/vectors/dsp/make_resample.py). */
import { assert, assertStrictEquals } from "@std/assert";
import { loadDsp } from "../../../pipeline/dsp/dsp.ts";
import { fitLength } from "../../../pipeline/fit_length.ts";
import { defaultFrontEnd, numFrames } from "../../../pipeline/front_end.ts";
import { noise } from "./signals.ts";

interface Case {
  readonly fromHz: number;
  readonly toHz: number;
  readonly numInput: number;
  readonly numOutput: number;
}

const vectors = new URL("../../vectors/dsp/", import.meta.url);
const cases: Case[] = JSON.parse(await Deno.readTextFile(new URL("resample.json", vectors)));
const librosas = new Float32Array((await Deno.readFile(new URL("resample.f32", vectors))).buffer);
const dsp = await loadDsp();

/** How close samples and log-mel cells come to librosa's, in dB. */
function boundsOf({ fromHz, toHz }: Case): [samples: number, cells: number] {
  // No ratio of small whole numbers: libsoxr's second filter depends on the ratio, ours does not.
  if (fromHz === 44099 || fromHz === 22255) return [-60, 0.05];
  // At the first samples the half-band filters' ringing differs.
  return fromHz / toHz >= 4 ? [-84, 0.005] : [-105, 0.002];
}

function computeLogMel(samples: Float32Array, sampleRateHz: number): Float32Array {
  const durationSeconds = samples.length / sampleRateHz, maxHz = sampleRateHz / 2;
  const frontEnd = { ...defaultFrontEnd, sampleRateHz, durationSeconds, maxHz };
  const out = new Float32Array(frontEnd.melBands * numFrames(frontEnd));
  dsp.createLogMel(frontEnd).compute(samples, out);
  return out;
}

function energy(samples: Float32Array): number {
  return samples.reduce((sum, x) => sum + x * x, 0);
}

let at = 0;
for (const aCase of cases) {
  const { fromHz, toHz, numInput, numOutput } = aCase, [boundDb, cellBoundDb] = boundsOf(aCase);
  const expected = librosas.subarray(at, at += numOutput);
  Deno.test(`resampling ${fromHz} to ${toHz} Hz equals librosa's: samples within ${boundDb} dB, log-mel within ${cellBoundDb} dB`, () => {
    const samples = noise(numInput).map((x, i) => i < numInput >> 1 ? x : x / 2);
    // librosa rounds the length up, and has a zero where libsoxr rounds it down.
    const actual = fitLength(dsp.resample(samples, fromHz, toHz), numOutput);
    const difference = actual.map((x, i) => x - expected[i]);
    const differenceDb = 10 * Math.log10(energy(difference) / energy(expected));
    assert(differenceDb < boundDb, `samples differ by ${differenceDb} dB`);

    const ours = computeLogMel(actual, toHz), theirs = computeLogMel(expected, toHz);
    const largest = ours.reduce((max, db, i) => Math.max(max, Math.abs(db - theirs[i])), 0);
    assert(largest < cellBoundDb, `largest difference of a log-mel cell: ${largest} dB`);
  });
}
assertStrictEquals(at, librosas.length, "resample.json and resample.f32 do not belong together");
