import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { type ByteSource, bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { openFile } from "../../../pipeline/locations/open_location.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { type ChunkOptions, decodeChunks } from "../../../pipeline/decode/decode_chunks.ts";
import { decodeFlac } from "../../../pipeline/decode/flac.ts";
import {
  type ChunkSink,
  frameWindow,
  maxSamples,
  MonoCollector,
} from "../../../pipeline/decode/mono_collector.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { expectedFiles, fixtureNames, fixturePath, readFixture } from "./fixtures.ts";
import { encodeFlac, type FramePlan } from "./flac_encoder.ts";
import { buildWav, countingSource } from "./wav_files.ts";

const strict = { sanitizeOps: true, sanitizeResources: true };

/** All chunks of a recording, and what ended them where that was a fault. */
async function collect(source: ByteSource, options?: ChunkOptions) {
  const { chunks, remarkSoFar, ...info } = await decodeChunks(source, options);
  const parts: Float32Array[] = [];
  let fault: unknown;
  try {
    for await (const chunk of chunks) parts.push(chunk);
  } catch (error) {
    fault = error;
  }
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (samples.set(part, at), at + part.length), 0);
  const lengths = parts.map(({ length }) => length), remark = remarkSoFar();
  return { info, samples, lengths, fault, remark };
}

for (const name of fixtureNames) {
  Deno.test({
    name: `${name}: any chunks are the samples of one decoding, bit for bit`,
    ...strict,
    fn: async () => {
      const source = bytesSource(name, readFixture(name)), whole = await decodeSource(source);
      const { length } = whole.samples, { sampleRateHz } = whole;
      const window = fc.record({
        chunkFrames: fc.oneof(fc.integer({ min: 30, max: 2000 }), fc.constant(length)),
        startFrame: fc.oneof(fc.constant(0), fc.nat(length + 10)),
        numFrames: fc.oneof(fc.constant(Infinity), fc.nat(length + 10)),
      });
      await fc.assert(
        fc.asyncProperty(window, async ({ chunkFrames, startFrame, numFrames }) => {
          const durationSeconds = numFrames / sampleRateHz;
          const { samples, lengths, fault, info, remark } = await collect(source, {
            chunkFrames,
            startFrame,
            durationSeconds,
          });
          assertStrictEquals(fault, undefined);
          if (numFrames === Infinity) assertStrictEquals(remark, whole.remark);
          assertSameBits(samples, whole.samples.slice(startFrame, startFrame + numFrames));
          assert(lengths.slice(0, -1).every((frames) => frames === chunkFrames));
          assert(lengths.every((frames) => frames > 0 && frames <= chunkFrames));
          const { samples: _samples, totalSeconds, ...rest } = whole;
          assertEquals({ ...info, totalSeconds }, { ...rest, totalSeconds });
          const error = (info.totalSeconds ?? totalSeconds!) - totalSeconds!;
          assert(Math.abs(error) <= (/webm|mka/.test(name) ? 0.03 : 0), `off by ${error} s`);
        }),
        {
          numRuns: 12,
          seed: 1,
          examples: [[{ chunkFrames: 30, startFrame: 0, numFrames: Infinity }]],
        },
      );
    },
  });
}

Deno.test("seconds and frames name the same start; frames go before", async () => {
  const name = "wav_s16.wav", source = bytesSource(name, readFixture(name));
  const { samples } = await collect(source, { startFrame: 100 });
  assertSameBits((await collect(source, { startSeconds: 100 / 11025 })).samples, samples);
  assertSameBits((await collect(source, { startFrame: 100, startSeconds: 0.5 })).samples, samples);
});

/** Read of a file to know its format, and then its header. */
const headerBytes = 2 * 4096;

/** A WAV file of 8 bits that goes on with zeros for as long as it claims; counts what is read of it. */
function longSource(numFrames: number, sampleRateHz: number): ByteSource & { bytesRead: number } {
  const head = buildWav({
    bitsPerSample: 8,
    sampleRateHz,
    data: new Uint8Array(),
    claimedBytes: numFrames,
  });
  return countingSource(head, head.length + numFrames);
}

Deno.test("of two hours only a chunk and a piece are read before they are asked for", async () => {
  const numFrames = 7200 * 8000, chunkFrames = 50_000;
  const source = longSource(numFrames, 8000);
  const { chunks, totalSeconds } = await decodeChunks(source, { chunkFrames });
  assertStrictEquals(totalSeconds, 7200);
  let consumed = 0, ahead = 0;
  for await (const chunk of chunks) {
    await Promise.resolve(); // the decoder has every chance to run on
    ahead = Math.max(ahead, source.bytesRead - consumed - chunk.length);
    consumed += chunk.length;
  }
  assertStrictEquals(consumed, numFrames);
  assert(ahead <= headerBytes + chunkFrames + 32768, `${ahead} bytes ahead`);
});

Deno.test("nobody asks, nothing is decoded beyond the first chunk", async () => {
  const source = longSource(7200 * 8000, 8000);
  const { chunks } = await decodeChunks(source, { chunkFrames: 1000 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert(source.bytesRead <= headerBytes + 32768, `${source.bytesRead} bytes`);
  await chunks.cancel();
});

Deno.test("few bytes that are much sound are not decoded far ahead", async () => {
  const format = { numChannels: 1, bitsPerSample: 16, sampleRateHz: 48000, blockSize: 4096 };
  const silence: FramePlan = {
    channels: [new Array(format.blockSize).fill(0)],
    subframes: [
      { kind: "constant", coefficients: [], shift: 0, wastedBits: 0, partitionOrder: 0 },
    ],
    assignment: 0,
  };
  const bytes = encodeFlac(format, new Array(1000).fill(silence));
  let decoded: MonoCollector, numPassed = 0, ahead = 0;
  await decodeFlac(bytesSource("silence.flac", bytes), {
    sink: {
      chunkFrames: 10_000,
      open: (_info, collector) => void (decoded = collector),
      put: (chunk) => {
        ahead = Math.max(ahead, decoded.position - numPassed);
        return Promise.resolve(void (numPassed += chunk.length));
      },
    },
  });
  assert(bytes.length < 16384, "one piece of the file");
  assert(numPassed > 4_000_000 && ahead <= 10_000 + 4 * 4096, `${ahead} samples ahead`);
});

Deno.test("a recording in chunks may be longer than what one call decodes", async () => {
  let numPassed = 0;
  const sink: ChunkSink = {
    chunkFrames: 2 ** 20,
    open: () => {},
    put: (chunk) => Promise.resolve(void (numPassed += chunk.length)),
  };
  const collector = new MonoCollector("long", { ...frameWindow({}, 8000), sink });
  while (numPassed <= maxSamples) {
    collector.roomFor(2 ** 20);
    if (collector.hasChunk) await collector.drain();
  }
  assertStrictEquals(collector.finish().length, 0);
  assertStrictEquals(numPassed, collector.position);
});

for (const name of ["flac_stereo.flac", "vorbis_stereo.ogg", "mp3_vbr_mono.mp3", "wav_s16.wav"]) {
  Deno.test({
    name: `${name}: who stops early ends the decoding, and the next file is decoded as ever`,
    ...strict,
    fn: async () => {
      const { samples } = await decodeSource(bytesSource(name, readFixture(name)));
      let reads = 0;
      {
        using file = openFile(fixturePath(name));
        const source: ByteSource = {
          ...file,
          read: (...args) => (reads++, file.read(...args)),
        };
        const { chunks } = await decodeChunks(source, { chunkFrames: 50 });
        let count = 0;
        for await (const chunk of chunks) {
          assertSameBits(chunk, samples.slice(50 * count, 50 * count + 50));
          if (++count === 3) break;
        }
      } // closed: a later read would throw
      const readsThen = reads;
      await new Promise((resolve) => setTimeout(resolve, 1));
      assertStrictEquals(reads, readsThen);
      assertSameBits((await collect(bytesSource(name, readFixture(name)))).samples, samples);
    },
  });
}

Deno.test("a stop while the decoder reads waits until it has read", async () => {
  const bytes = readFixture("wav_s16.wav");
  let isReading = false;
  const source: ByteSource = {
    ...bytesSource("slow", bytes),
    read: async (offset, length) => {
      isReading = true;
      await new Promise((resolve) => setTimeout(resolve, 2));
      isReading = false;
      return bytes.subarray(offset, offset + length);
    },
  };
  const { chunks } = await decodeChunks(source, { chunkFrames: 50 });
  assertStrictEquals(isReading, true);
  await chunks.cancel();
  assertStrictEquals(isReading, false);
});

Deno.test("a fault within comes after all samples before it, as from one decoding", async () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => i === 7001 ? NaN : i / 10_000);
  const wav = buildWav({ tag: 3, bitsPerSample: 32, data: new Uint8Array(values.buffer) });
  for (const chunkFrames of [100, 7001, 7002, 65536]) {
    const { samples, fault } = await collect(bytesSource("nan.wav", wav), { chunkFrames });
    assertSameBits(samples, values.slice(0, 7001));
    assert(fault instanceof DecodeError);
    assertStrictEquals(fault.byteOffset, 44 + 4 * 7001);
    assertMatch(fault.seen, /NaN at 7001 samples/);
  }

  const name = "flac_stereo.flac", flac = readFixture(name);
  const whole = await decodeSource(bytesSource(name, flac));
  flac[flac.length - 300] ^= 1;
  const once = await decodeSource(bytesSource(name, flac)).catch((error) => error);
  const { samples, fault, lengths } = await collect(bytesSource(name, flac), { chunkFrames: 500 });
  assert(fault instanceof DecodeError && once instanceof DecodeError);
  assertEquals({ ...fault, message: fault.message }, { ...once, message: once.message });
  assert(samples.length > 1000 && samples.length < expectedFiles[name].numSamples);
  assert(lengths.slice(0, -1).every((length) => length === 500));
  assertSameBits(samples, whole.samples.slice(0, samples.length));
});

Deno.test("what is wrong with the header, the format or the request refuses at once", async () => {
  const empty = bytesSource("empty.wav", new Uint8Array());
  await assertFails(decodeChunks(empty), { name: "DecodeError", seen: "an empty file" });
  const flac = readFixture("flac_stereo.flac").slice(0, 30);
  await assertRejects(() => decodeChunks(bytesSource("cut.flac", flac)), DecodeError);
  for (
    const wrong of [
      { startFrame: -1 },
      { startFrame: 0.5 },
      { startSeconds: -1 },
      { durationSeconds: NaN },
      { chunkFrames: 0 },
      { chunkFrames: Infinity },
    ]
  ) await assertRejects(() => decodeChunks(empty, wrong), RangeError);
});

Deno.test("a recording without sound gives its fault, not an empty end", async () => {
  const wav = buildWav({ data: new Uint8Array() });
  const { samples, fault } = await collect(bytesSource("none.wav", wav));
  assertStrictEquals(samples.length, 0);
  assert(fault instanceof DecodeError);
});
