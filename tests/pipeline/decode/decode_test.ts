import { assert, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { decodeFile } from "../../../pipeline/decode/decode_file.ts";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import {
  audioExtensions,
  decodeSource,
  looksLikeAudio,
  supportedFormats,
} from "../../../pipeline/decode/decode.ts";
import { assertFails } from "../../assert_failure.ts";
import {
  expectedFiles,
  fixtureNames,
  fixturePath,
  maxDifference,
  readFixture,
} from "./fixtures.ts";
import { ascii } from "./wav_files.ts";

const strict = { sanitizeOps: true, sanitizeResources: true };

for (const name of fixtureNames) {
  const expected = expectedFiles[name];

  Deno.test({
    name: `${name} decodes as by the tool that made it`,
    ...strict,
    fn: async () => {
      const decoded = await decodeFile(fixturePath(name));
      assertStrictEquals(decoded.sampleRateHz, expected.sampleRateHz);
      assertStrictEquals(decoded.numChannels, expected.numChannels);
      assertStrictEquals(decoded.samples.length, expected.numSamples);
      assertStrictEquals(decoded.totalSeconds, expected.numSamples / expected.sampleRateHz);
      const sampled = decoded.samples.filter((_, i) => i % expected.every === 0);
      assertStrictEquals(sampled.length, expected.samples.length);
      const difference = maxDifference(sampled, expected.samples);
      assert(difference <= expected.tolerance, `off by ${difference}`);
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
        assertStrictEquals(samples.length, part.length, `${start}, ${count}`);
        assertStrictEquals(maxDifference(samples, part), 0, `${start}, ${count}`);
      }
    },
  });
}

Deno.test("a format is known by its bytes, not by its name", async () => {
  const decoded = await decodeSource(bytesSource("lies.wav", readFixture("flac_stereo.flac")));
  assertStrictEquals(decoded.format, "FLAC");
});

Deno.test("what looks like audio is told by its first bytes alone", () => {
  for (const name of fixtureNames) {
    assert(looksLikeAudio(readFixture(name).subarray(0, 4096)), name);
  }
  const adts = new Uint8Array(200);
  for (const at of [0, 100]) adts.set([0xff, 0xf1, 0x50, 0x80, 0x0c, 0x9f, 0xfc], at);
  const others = {
    "M4A": "\0\0\0 ftypM4A ",
    "MP4": "\0\0\0 ftypisom",
    "WebM": "\x1aE\xdf\xa3\x01",
    "Windows Media": "0&\xb2u\x8ef\xcf\x11",
    "NIST SPHERE": "NIST_1A\n   1024\n",
    "a tag": "ID3\x03\0\0\0\0\x02\0",
  };
  for (const [name, text] of Object.entries(others)) {
    assert(looksLikeAudio(Uint8Array.from(ascii(text))), name);
  }
  assert(looksLikeAudio(adts));

  const none = {
    "nothing": "",
    "a text": "file,label\na.wav,bee\n",
    "WebP": "RIFF\x24\0\0\0WEBPVP8 ",
    "AVI": "RIFF\x24\0\0\0AVI LIST",
    "HEIC": "\0\0\0\x18ftypheic\0\0\0\0",
    "PNG": "\x89PNG\r\n\x1a\n",
    "JPEG": "\xff\xd8\xff\xe0\0\x10JFIF\0\x01",
    "UTF-16": "\xff\xfea\0b\0",
    "a sync that leads nowhere": "\xff\xfb\x90\x64" + "\0".repeat(4000),
    "AAC's sync that leads nowhere": "\xff\xf1\x50\x80\x0c\x9f\xfc" + "\0".repeat(4000),
    "zip": "PK\x03\x04",
    "NumPy": "\x93NUMPY\x01\0",
  };
  for (const [name, text] of Object.entries(none)) {
    assert(!looksLikeAudio(Uint8Array.from(ascii(text))), name);
  }
});

Deno.test({
  name: "files that cannot be opened give a DecodeError that says why, and its cause",
  ...strict,
  fn: async () => {
    const error = await assertRejects(() => decodeFile("/no/such/file.wav"), DecodeError);
    assertStrictEquals(error.path, "/no/such/file.wav");
    assertMatch(error.message, /NotFound/);
    assert(error.cause instanceof Deno.errors.NotFound);
    const folder = fixturePath("");
    await assertFails(decodeFile(folder), { name: "DecodeError", seen: "a folder" });
  },
});

Deno.test("a window that is none is the caller's error, also for a broken file", async () => {
  const source = bytesSource("empty.wav", new Uint8Array());
  for (const startSeconds of [-1, NaN, Infinity]) {
    await assertRejects(() => decodeSource(source, { startSeconds }), RangeError);
  }
  for (const durationSeconds of [-1, NaN]) {
    await assertRejects(() => decodeSource(source, { durationSeconds }), RangeError);
  }
});

Deno.test("every supported format's extensions are listed, in lower case with the dot", () => {
  for (const { extensions } of supportedFormats) {
    for (const extension of extensions) assert(audioExtensions.has(extension));
  }
  for (const extension of audioExtensions) assertMatch(extension, /^\.[a-z0-9]+$/);
});

Deno.test("samples lie in a buffer of their own, to be transferred", async () => {
  for (const name of fixtureNames) {
    const { samples } = await decodeFile(fixturePath(name), { durationSeconds: 0.01 });
    assertStrictEquals(samples.buffer.byteLength, samples.byteLength, name);
  }
});
