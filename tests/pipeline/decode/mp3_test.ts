import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import {
  findMpegFrame,
  parseMpegHeader,
  parseMpegInfo,
} from "../../../pipeline/decode/mpeg_header.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { expectedFiles, maxDifference, readFixture } from "./fixtures.ts";
import { ascii, joinBytes } from "./wav_files.ts";

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
    assertStrictEquals(info.numMpegFrames, sound.length);
    const numSamples = sound.length * header.numFrames - info.delay - info.padding;
    assertStrictEquals(numSamples, expectedFiles[name].numSamples);
    assertStrictEquals(parseMpegInfo(sound[0], header), undefined);
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
    assertStrictEquals(rate, 32000);
    assertStrictEquals(whole.totalSeconds, end);
    for (const startSeconds of [9.5, 10.5, 20.25, end - 1]) {
      const { samples, totalSeconds } = await decodeSource(source, {
        startSeconds,
        durationSeconds: 2,
      });
      const start = Math.round(startSeconds * rate);
      const expected = whole.samples.subarray(start, start + 2 * rate);
      assertStrictEquals(samples.length, expected.length, `from ${startSeconds} s`);
      assert(maxDifference(samples, expected) < 1e-6, `from ${startSeconds} s`);
      if (hasInfo) assertStrictEquals(totalSeconds, end);
    }
  });
}

Deno.test("a sample rate that changes is refused, not resampled wrongly", async () => {
  const bytes = joinBytes(readFixture("mp3_joint_stereo.mp3"), ...mpegFrames("mp3_vbr_mono.mp3"));
  await assertFails(decodeSource(bytesSource("two.mp3", bytes)), {
    name: "DecodeError",
    expected: "sound at 32000 Hz throughout",
  });
});

/** A second and a bit of frames. */
function manyFrames(): Uint8Array<ArrayBuffer>[] {
  const [first, ...sound] = mpegFrames("mp3_joint_stereo.mp3");
  return [first, ...sound, ...sound, ...sound];
}

/** A tag that looks as if it held frames. */
function padded(word: string, length: number): Uint8Array<ArrayBuffer> {
  return joinBytes(ascii(word), new Uint8Array(length - word.length).fill(0x20));
}

/** An APEv2 tag with a header. */
function apeTag(numBytes: number): Uint8Array<ArrayBuffer> {
  const tag = joinBytes(ascii("APETAGEX"), new Uint8Array(24 + numBytes).fill(0xff));
  const view = new DataView(tag.buffer);
  view.setUint32(8, 2000, true);
  view.setUint32(12, numBytes, true);
  return tag;
}

const id3 = joinBytes(ascii("ID3"), [4, 0, 0, 0, 2, 0, 0], new Uint8Array(2 << 14).fill(0xfb));

// ffmpeg 5.1 loses a frame besides (1,152 samples) at each of these but zeros; libsndfile 1.2.2 ends where
// the first frame says that the sound did.
for (
  const [kind, junk, remark] of [
    ["a byte", Uint8Array.of(9), "1 byte that is no MPEG frame passed over"],
    ["zeros", new Uint8Array(300), "300 bytes that are no MPEG frame passed over"],
    ["many zeros", new Uint8Array(3 << 20), "3145728 bytes that are no MPEG frame passed over"],
    ["noise", noise(200_000), "200000 bytes that are no MPEG frame passed over"],
    ["ID3v2 with a picture", id3, undefined],
    ["APEv2", apeTag(5000), undefined],
    ["ID3v1", padded("TAG", 128), undefined],
    ["a lone header", Uint8Array.of(0xff, 0xfb, 0x90, 0x64), /4 bytes that/],
  ] as const
) {
  Deno.test(`MP3 with ${kind} in the middle: that alone is passed over, and said`, async () => {
    const frames = manyFrames();
    const whole = await decodeSource(bytesSource("whole.mp3", joinBytes(...frames)));
    const bytes = joinBytes(...frames.slice(0, 17), junk, ...frames.slice(17));
    const { samples, ...damaged } = await decodeSource(bytesSource("damaged.mp3", bytes));
    if (remark instanceof RegExp) assertMatch(damaged.remark ?? "", remark);
    else assertStrictEquals(damaged.remark, remark);
    assertStrictEquals(samples.length, whole.samples.length);
    assertStrictEquals(maxDifference(samples, whole.samples), 0);
    const part = await decodeSource(bytesSource("damaged.mp3", bytes), {
      startSeconds: 0.7,
      durationSeconds: 0.1,
    });
    const start = Math.round(0.7 * whole.sampleRateHz);
    assertSameBits(part.samples, samples.slice(start, start + part.samples.length));
  });
}

Deno.test("a damaged frame is lost alone", async () => {
  const frames = mpegFrames("mp3_joint_stereo.mp3");
  frames[5] = frames[5].fill(0);
  const { samples, remark } = await decodeSource(bytesSource("lost.mp3", joinBytes(...frames)));
  assertStrictEquals(remark, `${frames[5].length} bytes that are no MPEG frame passed over`);
  assertStrictEquals(samples.length, 12719); // as by ffmpeg and libsndfile
});

for (
  const [kind, tail] of [
    ["ID3v1", padded("TAG", 128)],
    ["APEv2 and ID3v1", joinBytes(apeTag(70_000), padded("TAG", 128))],
    ["Lyrics3", joinBytes(padded("LYRICSBEGIN", 3000), ascii("LYRICS200"), padded("TAG", 128))],
    ["a million zeros", new Uint8Array(1e6)],
    ["zeros and ID3v1", joinBytes(new Uint8Array(70_000), padded("TAG", 128))],
    ["ID3v2", id3],
  ] as const
) {
  Deno.test(`MP3 that ends with ${kind}: no word of it`, async () => {
    for (const name of ["mp3_joint_stereo.mp3", "mp3_vbr_mono.mp3", "mp2.mp2"]) {
      const bytes = joinBytes(readFixture(name), tail);
      const { samples, remark } = await decodeSource(bytesSource(name, bytes));
      assertStrictEquals(remark, undefined);
      assertStrictEquals(samples.length, expectedFiles[name].numSamples);
    }
  });
}

for (const [kind, filling] of [["zeros", 0], ["what begins a frame", 0xff]] as const) {
  Deno.test(`MP3 followed by gigabytes of ${kind}: little of it is read, and that is said`, async () => {
    const start = readFixture("mp3_vbr_mono.mp3");
    let bytesRead = 0;
    const { samples, remark } = await decodeSource({
      name: "huge.mp3",
      size: 2 ** 36,
      read(offset, length) {
        bytesRead += length;
        const bytes = new Uint8Array(length).fill(filling);
        bytes.set(start.subarray(offset, offset + length));
        return bytes;
      },
    });
    assertStrictEquals(samples.length, expectedFiles["mp3_vbr_mono.mp3"].numSamples);
    assertMatch(remark ?? "", /not read on from byte 16\d{6}$/);
    assert(bytesRead < 40e6, `${bytesRead} bytes`);
  });
}

for (const padding of [0, 1]) {
  Deno.test(`free format is refused by that name, padding bit ${padding}`, async () => {
    // What a constant bit rate of 413 kbit/s gives: 1350 bytes a frame, some of them with one more.
    const frame = (isPadded: boolean) =>
      joinBytes([0xff, 0xfb, isPadded ? 2 : 0, 0x64], new Uint8Array(1346 + Number(isPadded)));
    const frames = Array.from({ length: 8 }, (_, i) => frame(padding === 1 && i % 3 === 0));
    for (const tag of [new Uint8Array(), id3]) {
      await assertFails(
        decodeSource(bytesSource("free.mp3", joinBytes(tag, ...frames))),
        {
          name: "DecodeError",
          seen: /free format: convert it/,
          byteOffset: tag.length,
        },
      );
    }
  });
}

function noise(length: number): Uint8Array<ArrayBuffer> {
  const random = createRandom("junk", length);
  return Uint8Array.from({ length }, () => random.nextUint32() & 255);
}
