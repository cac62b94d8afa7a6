/** Ogg files with several streams: after each other (chained) and beside each other (multiplexed). */
import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import type { DecodedAudio, DecodeWindow } from "../../../pipeline/decode/audio.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { maxDifference, readFixture } from "./fixtures.ts";
import { buildOgg, changePage, readPackets, readPages } from "./ogg_files.ts";
import { ascii, joinBytes } from "./wav_files.ts";

async function decode(bytes: Uint8Array, window?: DecodeWindow): Promise<DecodedAudio> {
  return await decodeSource(bytesSource("made.ogg", bytes), window);
}

/** A fixture's pages, as of another stream. */
async function pagesOf(name: string, serial: number): Promise<Uint8Array[]> {
  return (await readPages(readFixture(name))).map((page) => changePage(page, { serial }));
}

for (const name of ["vorbis_pages.ogg", "opus_pages.opus", "ogg_flac.oga", "vorbis_stereo.ogg"]) {
  Deno.test(`${name} three times, one after the other, is three times its sound`, async () => {
    const single = await decode(readFixture(name)), numFrames = single.samples.length;
    for (const serials of [[1, 2, 3], [1, 1, 1]]) {
      const links = await Promise.all(serials.map((serial) => pagesOf(name, serial)));
      const isCut = (pages: Uint8Array[]) => pages.slice(0, -1); // a link that just stops
      const { samples, totalSeconds, remark } = await decode(joinBytes(...links.flat()));
      assertStrictEquals(samples.length, 3 * numFrames);
      assertStrictEquals(totalSeconds, samples.length / single.sampleRateHz);
      assertStrictEquals(remark, undefined);
      const expected = new Float32Array(3 * numFrames);
      for (let i = 0; i < 3; i++) expected.set(single.samples, i * numFrames);
      assertStrictEquals(maxDifference(samples, expected), 0);
      const seconds = numFrames / single.sampleRateHz;
      for (const startSeconds of [0.1 * seconds, 0.9 * seconds, 1.5 * seconds, 2.6 * seconds]) {
        const window = { startSeconds, durationSeconds: 0.5 * seconds };
        const part = await decode(joinBytes(...links.flat()), window);
        const from = Math.round(startSeconds * single.sampleRateHz);
        const length = Math.round(window.durationSeconds * single.sampleRateHz);
        assertSameBits(part.samples, expected.slice(from, from + length));
      }
      if (links[0].length > 3) {
        const open = await decode(joinBytes(...isCut(links[0]), ...links[1]));
        assert(open.samples.length > numFrames && open.samples.length < 2 * numFrames);
        const last = open.samples.slice(-numFrames);
        assertStrictEquals(maxDifference(last, single.samples), 0);
      }
    }
  });
}

Deno.test("streams of one rate are joined, whatever their codecs and channels", async () => {
  const mono = await decode(readFixture("opus_mono.opus"));
  const stereo = await decode(readFixture("opus_stereo.opus"));
  const { samples, numChannels } = await decode(
    joinBytes(readFixture("opus_mono.opus"), readFixture("opus_stereo.opus")),
  );
  assertStrictEquals(numChannels, 1);
  assertStrictEquals(samples.length, mono.samples.length + stereo.samples.length);
  assertStrictEquals(maxDifference(samples.subarray(mono.samples.length), stereo.samples), 0);
});

Deno.test("a stream of another rate, or that cannot be decoded, is left out, and it is said", async () => {
  const first = readFixture("opus_mono.opus"), whole = await decode(first);
  const [head, ...rest] = await readPages(readFixture("vorbis_mono.ogg"));
  const unknown = new Uint8Array(head);
  unknown.set(ascii("\x01speech"), 28);
  for (
    const [pages, reason] of [
      [[head, ...rest], "it has 8000 Hz, not 48000"],
      [[changePage(unknown, {}), ...rest], /^expected a Vorbis, Opus or FLAC stream, saw /],
      [[head, rest[0].map((byte, i) => i === 60 ? 1 : byte)], /^expected a page with checksum/],
      [[head], "expected the comments of Vorbis, saw the end of the file"],
    ] as const
  ) {
    const { samples, totalSeconds, remark = "" } = await decode(joinBytes(first, ...pages));
    assertStrictEquals(maxDifference(samples, whole.samples), 0);
    assertStrictEquals(samples.length, whole.samples.length);
    assertStrictEquals(totalSeconds, whole.totalSeconds);
    const prefix = `the stream at byte ${first.length} left out: `;
    assert(remark.startsWith(prefix), remark);
    if (typeof reason === "string") assertStrictEquals(remark.slice(prefix.length), reason);
    else assertMatch(remark.slice(prefix.length), reason);
  }
});

Deno.test("a late window of a chain is found in the stream that it lies in", async () => {
  const [head, tags, ...sound] = await readPackets(readFixture("opus_stereo.opus"));
  const link = async (serial: number, offset: number) => {
    const packets = Array.from({ length: 1500 }, (_, i) => ({
      bytes: sound[(i * 7 + offset) % sound.length].bytes,
      granule: 960 * (i + 1), // 20 ms
    }));
    const pages = await readPages(buildOgg([head, tags, ...packets], 50));
    return pages.map((page) => changePage(page, { serial }));
  };
  const bytes = joinBytes(...await link(1, 0), ...await link(2, 3), ...await link(3, 5));
  const whole = await decode(bytes);
  assertStrictEquals(whole.samples.length, 3 * (1500 * 960 - 312));
  for (const startSeconds of [15, 29, 31, 55, 75, 89]) {
    const { samples } = await decode(bytes, { startSeconds, durationSeconds: 2 });
    const start = Math.round(startSeconds * 48000);
    const expected = whole.samples.subarray(start, start + 2 * 48000);
    assertStrictEquals(samples.length, expected.length);
    assert(maxDifference(samples, expected) < 1e-4, `from ${startSeconds} s`);
  }
});

Deno.test("of pictures and sound beside each other the sound is decoded", async () => {
  const sound = await readPages(readFixture("vorbis_pages.ogg"));
  const single = await decode(readFixture("vorbis_pages.ogg"));
  const packets = Array.from({ length: 30 }, (_, i) => ({
    bytes: new Uint8Array(3000).fill(i),
    granule: i,
  }));
  const signature = { bytes: joinBytes([0x80], ascii("theora"), new Uint8Array(40)), granule: 0 };
  const pictures = (await readPages(buildOgg([signature, ...packets], 12)))
    .map((page) => changePage(page, { serial: 99 }));
  for (const isFirst of [true, false]) {
    const starts = isFirst ? [pictures[0], sound[0]] : [sound[0], pictures[0]];
    const mixed = sound.slice(1).flatMap((
      page,
      i,
    ) => [page, ...pictures.slice(2 * i + 1, 2 * i + 3)]);
    const bytes = joinBytes(...starts, ...mixed, ...pictures.slice(2 * sound.length - 1));
    const { samples, remark } = await decode(bytes);
    assertStrictEquals(remark, undefined);
    assertStrictEquals(samples.length, single.samples.length);
    assertStrictEquals(maxDifference(samples, single.samples), 0);
    const chained = await decode(joinBytes(bytes, ...await pagesOf("vorbis_pages.ogg", 5)));
    assertStrictEquals(chained.samples.length, 2 * single.samples.length);
  }
});
