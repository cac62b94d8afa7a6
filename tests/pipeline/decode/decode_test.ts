import assert from "node:assert/strict";
import { decodeFile } from "../../../pipeline/decode/decode_file.ts";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import {
  audioExtensions,
  decodeSource,
  supportedFormats,
} from "../../../pipeline/decode/decode.ts";
import {
  expectedFiles,
  fixtureNames,
  fixturePath,
  maxDifference,
  readFixture,
} from "./fixtures.ts";

const strict = { sanitizeOps: true, sanitizeResources: true };

for (const name of fixtureNames) {
  const expected = expectedFiles[name];

  Deno.test({
    name: `${name} decodes as by the tool that made it`,
    ...strict,
    fn: async () => {
      const decoded = await decodeFile(fixturePath(name));
      assert.equal(decoded.sampleRateHz, expected.sampleRateHz);
      assert.equal(decoded.numChannels, expected.numChannels);
      assert.equal(decoded.samples.length, expected.numSamples);
      assert.equal(decoded.totalSeconds, expected.numSamples / expected.sampleRateHz);
      const sampled = decoded.samples.filter((_, i) => i % expected.every === 0);
      assert.equal(sampled.length, expected.samples.length);
      const difference = maxDifference(sampled, expected.samples);
      assert.ok(difference <= expected.tolerance, `off by ${difference}`);
    },
  });

  Deno.test({
    name: `${name}: a window is that part of the whole`,
    ...strict,
    fn: async () => {
      const source = bytesSource(name, readFixture(name));
      const whole = (await decodeSource(source)).samples;
      const rate = expected.sampleRateHz, length = whole.length;
      const windows = [
        [0, Math.floor(length / 3)],
        [0, length + 1000],
        [Math.floor(length / 2), 100],
        [length - 7, 100],
        [Math.floor(length / 3), Math.floor(length / 3)],
        [length + 50, 100],
        [5, 0],
        [0, 0],
      ];
      for (const [start, count] of windows) {
        const { samples } = await decodeSource(source, {
          startSeconds: start / rate,
          durationSeconds: count / rate,
        });
        const part = whole.slice(start, start + count);
        assert.equal(samples.length, part.length, `${start}, ${count}`);
        assert.equal(maxDifference(samples, part), 0, `${start}, ${count}`);
      }
    },
  });
}

Deno.test("a format is known by its bytes, not by its name", async () => {
  const decoded = await decodeSource(bytesSource("lies.wav", readFixture("flac_stereo.flac")));
  assert.equal(decoded.format, "FLAC");
});

Deno.test({
  name: "files that cannot be opened give a DecodeError that says why, and its cause",
  ...strict,
  fn: async () => {
    await assert.rejects(decodeFile("/no/such/file.wav"), (error: unknown) => {
      assert.ok(error instanceof DecodeError);
      assert.equal(error.path, "/no/such/file.wav");
      assert.match(error.message, /NotFound/);
      assert.ok(error.cause instanceof Deno.errors.NotFound);
      return true;
    });
    const folder = fixturePath("");
    await assert.rejects(decodeFile(folder), { name: "DecodeError", seen: "a folder" });
  },
});

Deno.test("a window that is none is the caller's error, also for a broken file", async () => {
  const source = bytesSource("empty.wav", new Uint8Array());
  for (const startSeconds of [-1, NaN, Infinity]) {
    await assert.rejects(decodeSource(source, { startSeconds }), RangeError);
  }
  for (const durationSeconds of [-1, NaN]) {
    await assert.rejects(decodeSource(source, { durationSeconds }), RangeError);
  }
});

Deno.test("every supported format's extensions are listed, in lower case with the dot", () => {
  for (const { extensions } of supportedFormats) {
    for (const extension of extensions) assert.ok(audioExtensions.has(extension));
  }
  for (const extension of audioExtensions) assert.match(extension, /^\.[a-z0-9]+$/);
});

Deno.test("samples lie in a buffer of their own, to be transferred", async () => {
  for (const name of fixtureNames) {
    const { samples } = await decodeFile(fixturePath(name), { durationSeconds: 0.01 });
    assert.equal(samples.buffer.byteLength, samples.byteLength, name);
  }
});
