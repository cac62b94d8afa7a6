/**
 * Features are the same bits on every machine and in every thread. The hashes were written down once;
 * a machine, engine or compiler that computes other bits fails here.
 */
import { assertStrictEquals } from "@std/assert";
import { type Dsp, loadDsp } from "../../../pipeline/dsp/dsp.ts";
import { defaultFrontEnd } from "../../../pipeline/front_end.ts";
import { mix } from "./signals.ts";

const samples = mix(110250);

const results: Record<string, (dsp: Dsp) => Float32Array> = {
  "log-mel": (dsp) => {
    const features = new Float32Array(128 * 216);
    dsp.createLogMel(defaultFrontEnd).compute(samples, features);
    return features;
  },
  "HTK log-mel": (dsp) => {
    const features = new Float32Array(128 * 216);
    dsp.createLogMel({ ...defaultFrontEnd, melScale: "htk" }).compute(samples, features);
    return features;
  },
  "resampling by a power of two": (dsp) => dsp.resample(samples, 44100, 22050),
  "resampling by a ratio of whole numbers": (dsp) => dsp.resample(samples, 8000, 22050),
  "resampling by any ratio": (dsp) => dsp.resample(samples, 44099, 22050),
  "time stretch": (dsp) => dsp.timeStretch(samples, 0.83),
  "pitch shift": (dsp) => dsp.pitchShift(samples, 1.7, 22050),
  "noise": (dsp) => {
    const out = new Float32Array(10001);
    dsp.gaussianNoise(5, out);
    return out;
  },
  "convolution": (dsp) => dsp.convolve(samples, samples.subarray(0, 9000)),
};

const expectedHashes: Record<string, string> = {
  "log-mel": "ed67eee96d84d2f5",
  "HTK log-mel": "e0897ff755f1bd7f",
  "resampling by a power of two": "1eff8d341aab6c4e",
  "resampling by a ratio of whole numbers": "ed628ee5ce3e8963",
  "resampling by any ratio": "a150cb1e2f70fa23",
  "time stretch": "61f1bac74f6d0606",
  "pitch shift": "15c7125dcb31dcab",
  "noise": "ce3f6a181d3b0594",
  "convolution": "895dd4faf3cc362b",
};

async function hash(values: Float32Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Float32Array(values));
  return [...new Uint8Array(digest, 0, 8)].map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

for (const [name, compute] of Object.entries(results)) {
  Deno.test(`${name} is the same bits as on every other machine`, async () => {
    assertStrictEquals(await hash(compute(await loadDsp())), expectedHashes[name]);
  });
}

Deno.test("a thread has one module, loaded once", async () => {
  assertStrictEquals(await loadDsp(), await loadDsp());
});
