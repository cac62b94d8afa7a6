import assert from "node:assert/strict";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import {
  findMpegFrame,
  parseMpegHeader,
  parseMpegInfo,
} from "../../../pipeline/decode/mpeg_header.ts";
import { expectedFiles, maxDifference, readFixture } from "./fixtures.ts";
import { joinBytes } from "./wav_files.ts";

/** The MPEG frames of a fixture. */
function mpegFrames(name: string): Uint8Array<ArrayBuffer>[] {
  const bytes = readFixture(name), frames: Uint8Array<ArrayBuffer>[] = [];
  for (let at = findMpegFrame(bytes); at < bytes.length;) {
    const { frameBytes } = parseMpegHeader(bytes, at)!;
    frames.push(bytes.slice(at, at + frameBytes));
    at += frameBytes;
  }
  return frames;
}

Deno.test("the first frame tells what is sound and what the encoder added", () => {
  for (const name of ["mp3_joint_stereo.mp3", "mp3_vbr_mono.mp3"]) {
    const [first, ...sound] = mpegFrames(name);
    const header = parseMpegHeader(first)!;
    const info = parseMpegInfo(first, header)!;
    assert.equal(info.numMpegFrames, sound.length);
    const numSamples = sound.length * header.numFrames - info.delay - info.padding;
    assert.equal(numSamples, expectedFiles[name].numSamples);
    assert.equal(parseMpegInfo(sound[0], header), undefined);
  }
});

for (const hasInfo of [true, false]) {
  Deno.test(`of a long MP3 ${hasInfo ? "with" : "without"} its length in it, a late window is that part of the whole`, async () => {
    const [first, ...sound] = mpegFrames("mp3_joint_stereo.mp3");
    const repeated = Array.from({ length: 1000 }, (_, i) => sound[i % sound.length]);
    if (hasInfo) new DataView(first.buffer).setUint32(4 + 32 + 8, repeated.length);
    const bytes = joinBytes(...(hasInfo ? [first] : []), ...repeated);
    const source = bytesSource("long.mp3", bytes);
    const whole = await decodeSource(source);
    const rate = whole.sampleRateHz, end = whole.samples.length / rate;
    assert.equal(rate, 32000);
    assert.equal(whole.totalSeconds, end);
    for (const startSeconds of [9.5, 10.5, 20.25, end - 1]) {
      const { samples, totalSeconds } = await decodeSource(source, {
        startSeconds,
        durationSeconds: 2,
      });
      const start = Math.round(startSeconds * rate);
      const expected = whole.samples.subarray(start, start + 2 * rate);
      assert.equal(samples.length, expected.length, `from ${startSeconds} s`);
      assert.ok(maxDifference(samples, expected) < 1e-6, `from ${startSeconds} s`);
      if (hasInfo) assert.equal(totalSeconds, end);
    }
  });
}

Deno.test("a sample rate that changes is refused, not resampled wrongly", async () => {
  const bytes = joinBytes(readFixture("mp3_joint_stereo.mp3"), ...mpegFrames("mp3_vbr_mono.mp3"));
  await assert.rejects(decodeSource(bytesSource("two.mp3", bytes)), {
    name: "DecodeError",
    expected: "sound at 32000 Hz throughout",
  });
});
