/**
 * Damaged Ogg files, made from the fixtures page by page. ffmpeg 5.1 and libsndfile 1.2.2 decode the same
 * pages of them to the same samples (Vorbis within 3e-7, Opus exactly), but put nothing in the place of what
 * is lost: with page 3 damaged they give 21,952 and 21,440 of 24,000 frames of Vorbis, 67,200 of 72,000 of
 * Opus, 2,976 of 4,000 of FLAC. Here the rest is silence: 2,560 (a block has to be begun anew), 4,800, 1,024.
 */
import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import type { DecodedAudio, DecodeWindow } from "../../../pipeline/decode/audio.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { expectedFiles, maxDifference, readFixture } from "./fixtures.ts";
import { buildOgg, changePage, readPackets, readPages } from "./ogg_files.ts";
import { ascii, joinBytes } from "./wav_files.ts";

const names = ["vorbis_pages.ogg", "opus_pages.opus", "ogg_flac.oga"] as const;
async function decode(bytes: Uint8Array, window?: DecodeWindow): Promise<DecodedAudio> {
  return await decodeSource(bytesSource("made.ogg", bytes), window);
}

function flipped(page: Uint8Array, at: number): Uint8Array {
  return page.map((byte, i) => i === at ? byte ^ 0x55 : byte);
}

/** Damage to the page with number 3, and what is said of it. */
interface Damage {
  readonly remark: string;
  /** Pages that are lost. */
  readonly numLost: number;
  readonly apply: (pages: readonly Uint8Array[]) => readonly Uint8Array[];
}

const at = 3;
const replaced = (pages: readonly Uint8Array[], ...by: readonly Uint8Array[]) => [
  ...pages.slice(0, at),
  ...by,
  ...pages.slice(at + 1),
];

const damages: Readonly<Record<string, Damage>> = {
  "junk before it": {
    remark: "1000 bytes that are no page passed over",
    numLost: 0,
    apply: (pages) => replaced(pages, new Uint8Array(1000).fill(0x4f), pages[at]),
  },
  "junk with what begins a page": {
    remark: "34 bytes that are no page passed over",
    numLost: 0,
    apply: (pages) => replaced(pages, joinBytes(ascii("OggS"), Array(30).fill(9)), pages[at]),
  },
  "a wrong checksum": {
    remark: "1 damaged page left out",
    numLost: 1,
    apply: (pages) => replaced(pages, flipped(pages[at], 60)),
  },
  "a length that is wrong": {
    remark: "1 damaged page left out",
    numLost: 1,
    apply: (pages) => replaced(pages, flipped(pages[at], 27)),
  },
  "another page after it damaged, too": {
    remark: "2 damaged pages left out",
    numLost: 2,
    apply: (pages) => pages.map((page, i) => i === at || i === at + 1 ? flipped(page, 60) : page),
  },
  "no beginning": {
    remark: "1 page missing, N bytes that are no page passed over",
    numLost: 1,
    apply: (pages) => replaced(pages, flipped(pages[at], 0)),
  },
  "half of it cut out": {
    remark: "1 damaged page left out",
    numLost: 1,
    apply: (pages) => replaced(pages, pages[at].subarray(0, pages[at].length >> 1)),
  },
  "it missing": {
    remark: "1 page missing",
    numLost: 1,
    apply: (pages) => replaced(pages),
  },
  "it twice": {
    remark: "1 repeated page left out",
    numLost: 0,
    apply: (pages) => replaced(pages, pages[at], pages[at]),
  },
  "it and the one before twice": {
    remark: "2 repeated pages left out",
    numLost: 0,
    apply: (pages) => replaced(pages, pages[at], pages[at - 1], pages[at]),
  },
  "the stream's first page before it again": {
    remark: "1 repeated page left out",
    numLost: 0,
    apply: (pages) => replaced(pages, pages[0], pages[at]),
  },
  "a page of another stream before it": {
    remark: "",
    numLost: 0,
    apply: (pages) => replaced(pages, changePage(pages[at], { serial: 12 }), pages[at]),
  },
  "a first page of another stream before it": {
    remark: "",
    numLost: 0,
    apply: (pages) => replaced(pages, changePage(pages[0], { serial: 12 }), pages[at]),
  },
};

/** The clock at the end of a page. */
function granuleOf(page: Uint8Array): number {
  return Number(new DataView(page.buffer, page.byteOffset).getBigInt64(6, true));
}

/** The sound of a stream that never had the lost pages. */
async function withoutPages(pages: readonly Uint8Array[], numLost: number): Promise<Float32Array> {
  const lost = granuleOf(pages[at - 1 + numLost]) - granuleOf(pages[at - 1]);
  const later = pages.slice(at + numLost).map((page, i) =>
    changePage(page, { sequence: at + i, granule: BigInt(granuleOf(page) - lost) })
  );
  return (await decode(joinBytes(...pages.slice(0, at), ...later))).samples;
}

for (const name of names) {
  for (const [kind, { apply, numLost, remark }] of Object.entries(damages)) {
    Deno.test(`${name} with ${kind}: only what is lost is silent, and it is said`, async () => {
      const pages = await readPages(readFixture(name)), bytes = joinBytes(...apply(pages));
      const whole = await decode(readFixture(name)), damaged = await decode(bytes);
      const said = (damaged.remark ?? "").replace(`${pages[at].length} bytes`, "N bytes");
      assertStrictEquals(said, remark);
      assertStrictEquals(damaged.samples.length, whole.samples.length);
      assertStrictEquals(damaged.totalSeconds, whole.totalSeconds);
      const skip = name === "opus_pages.opus" ? 312 : 0;
      const start = granuleOf(pages[at - 1]) - skip;
      const end = granuleOf(pages[at - 1 + numLost]) - skip;
      const { samples } = damaged;
      assertStrictEquals(maxDifference(samples.subarray(0, start), whole.samples), 0);
      assert(samples.subarray(start, end).every((x) => x === 0));
      // Opus goes on from its state before the loss; Vorbis needs a block to begin with.
      const expected = name === "opus_pages.opus"
        ? await withoutPages(pages, numLost)
        : whole.samples;
      const from = end + (name === "vorbis_pages.ogg" && numLost > 0 ? 512 : 0);
      assert(samples.subarray(end, from).every((x) => x === 0));
      assertStrictEquals(
        maxDifference(samples.subarray(from).toReversed(), expected.toReversed()),
        0,
      );
      for (const startSeconds of [0, 0.15, 0.25, 0.4]) {
        const part = await decode(bytes, { startSeconds, durationSeconds: 0.1 });
        const from = Math.round(startSeconds * whole.sampleRateHz);
        const length = Math.round(0.1 * whole.sampleRateHz);
        assertSameBits(part.samples, samples.slice(from, from + length));
      }
    });
  }

  Deno.test(`${name} whose last page is damaged or cut short ends before it`, async () => {
    const pages = await readPages(readFixture(name)), last = pages.at(-1)!;
    const whole = await decode(readFixture(name)), { sampleRateHz } = whole;
    const rest = pages.slice(0, -1), skip = name === "opus_pages.opus" ? 312 : 0;
    const numFrames = granuleOf(rest.at(-1)!) - skip; // so many as by ffmpeg and libsndfile
    for (
      const [page, remark] of [
        [flipped(last, 40), "1 damaged page left out"],
        [last.subarray(0, last.length - 1), "the last page is cut short"],
        [last.subarray(0, 20), "the last page is cut short"],
      ] as const
    ) {
      const audio = await decode(joinBytes(...rest, page));
      assertStrictEquals(audio.remark, remark);
      assertStrictEquals(audio.totalSeconds, numFrames / sampleRateHz);
      assertStrictEquals(audio.samples.length, numFrames);
      assertStrictEquals(maxDifference(audio.samples, whole.samples), 0);
    }
  });

  Deno.test(`${name} with a damaged header page is refused by what is wrong there`, async () => {
    const pages = await readPages(readFixture(name));
    for (const i of [0, 1]) {
      const bytes = joinBytes(...pages.map((page, j) => i === j ? flipped(page, 40) : page));
      await assertFails(decode(bytes), {
        name: "DecodeError",
        expected: /^a page with checksum 0x/,
        byteOffset: i === 0 ? 0 : pages[0].length,
      });
    }
    await assertFails(decode(joinBytes(pages[0], ...pages.slice(2))), {
      expected: /comments of|a metadata block/,
      seen: "a page that is missing",
    });
  });

  Deno.test(`${name} whose first page of sound is lost: silent where its place is known`, async () => {
    const pages = await readPages(readFixture(name)), whole = await decode(readFixture(name));
    const damaged = await decode(
      joinBytes(...pages.map((page, i) => i === 2 ? flipped(page, 60) : page)),
    );
    assertStrictEquals(damaged.remark, "1 damaged page left out");
    assertStrictEquals(damaged.samples.length, whole.samples.length);
    // A stream joined while it was sent begins with any page: as by ffmpeg and libsndfile.
    const joined = await decode(joinBytes(...pages.slice(0, 2), ...pages.slice(3)));
    assertStrictEquals(joined.remark, "1 page missing");
    assert(joined.samples.length < whole.samples.length - granuleOf(pages[2]) + 1024);
  });
}

Deno.test("a page in the middle of a packet is lost: the packet is left out, not joined to another", async () => {
  const packets = await readPackets(readFixture("ogg_flac.oga"));
  const [info, comments, ...sound] = packets.map((packet, i) => ({
    ...packet,
    granule: i < 2 ? 0 : 256 * (i - 1),
  }));
  const pages = await readPages(buildOgg([info, comments, ...sound], 1)); // 255 bytes each
  const whole = await decode(readFixture("ogg_flac.oga"));
  for (let lost = 20; lost < 30; lost++) {
    const { samples, remark } = await decode(joinBytes(...pages.toSpliced(lost, 1)));
    assertStrictEquals(remark, "1 page missing");
    assertStrictEquals(samples.length, whole.samples.length);
    const isOther = samples.map((x, i) => x === whole.samples[i] ? 0 : 1);
    const first = isOther.indexOf(1), last = isOther.lastIndexOf(1);
    assert(last - first < 512 && samples.subarray(first, last).every((x) => x === 0));
  }
});

Deno.test("a window behind a loss is the same, jumped to or decoded up to", async () => {
  const [head, tags, ...sound] = await readPackets(readFixture("opus_stereo.opus"));
  const packets = Array.from({ length: 3000 }, (_, i) => ({
    bytes: sound[i % sound.length].bytes,
    granule: 960 * (i + 1), // 20 ms
  }));
  const pages = await readPages(buildOgg([head, tags, ...packets], 50));
  const bytes = joinBytes(...pages.toSpliced(5, 3), new Uint8Array(700));
  const whole = await decode(bytes);
  assertStrictEquals(whole.remark, "3 pages missing");
  const damaged = joinBytes(...pages.map((page, i) => i === 33 ? flipped(page, 400) : page));
  for (const startSeconds of [31, 31.5, 32, 32.5, 33]) { // some jumps go to just before that page
    const window = { startSeconds, durationSeconds: 2 };
    const start = Math.round(startSeconds * 48000);
    const expected = (await decode(damaged)).samples.subarray(start, start + 2 * 48000);
    const { samples } = await decode(damaged, window);
    assert(maxDifference(samples, expected) < 0.01, `from ${startSeconds} s`);
  }
  for (const startSeconds of [11, 30.5, 50]) {
    const window = { startSeconds, durationSeconds: 2 };
    const { samples, totalSeconds } = await decode(bytes, window);
    const start = Math.round(startSeconds * 48000);
    const expected = whole.samples.subarray(start, start + 2 * 48000);
    assertStrictEquals(samples.length, expected.length);
    assert(maxDifference(samples, expected) < 1e-4, `from ${startSeconds} s`);
    assertStrictEquals(totalSeconds, whole.totalSeconds);
  }
});

Deno.test("a clock that goes on by more than half a minute where a page is lost makes no silence", async () => {
  const pages = await readPages(readFixture("opus_pages.opus"));
  for (const by of [32 * 48000, 2 ** 52]) {
    const later = pages.slice(4).map((page) =>
      changePage(page, { granule: BigInt(granuleOf(page) + by) })
    );
    const { samples, totalSeconds } = await decode(joinBytes(...pages.slice(0, 3), ...later));
    assertStrictEquals(samples.length, 72000 - 4800); // as by ffmpeg and libsndfile
    assertStrictEquals(totalSeconds, samples.length / 48000);
  }
});

Deno.test("where no page follows for long, the file is not read on, and it is said", async () => {
  const pages = await readPages(readFixture("vorbis_pages.ogg"));
  const start = joinBytes(...pages.slice(0, 5)), whole = joinBytes(...pages);
  const begun = joinBytes(ascii("OggS"), Array(22).fill(0), [255], Array(255).fill(255));
  for (
    const [filling, remark] of [
      [
        new Uint8Array(1),
        /^168\d{5} bytes that are no page passed over, not read on from byte \d+$/,
      ],
      [begun, /^not read on from byte \d+$/], // of stream 0, each 64 KiB long: dear to check
    ] as const
  ) {
    let bytesRead = 0;
    const source = {
      name: "empty.ogg",
      size: 2 ** 36, // 64 GiB
      read(offset: number, length: number) {
        bytesRead += length;
        const bytes = new Uint8Array(length);
        if (filling.length > 1) {
          for (let i = 0; i < length; i++) {
            bytes[i] = filling[(offset + i - start.length) % filling.length];
          }
        }
        bytes.set(start.subarray(offset, offset + length));
        return bytes;
      },
    };
    const audio = await decodeSource(source);
    assertStrictEquals(audio.samples.length, granuleOf(pages[4]));
    assertMatch(audio.remark ?? "", remark);
    assert(bytesRead < 70e6, `${bytesRead} bytes`);
  }
  // Behind its last page nothing that is no page is of interest.
  const { remark: none } = await decode(joinBytes(whole, new Uint8Array(100_000)));
  assertStrictEquals(none, undefined);
});

for (const name of names) {
  for (const megabytes of name === "vorbis_pages.ogg" ? [1, 20] : [1, 6]) {
    Deno.test(`${name} with ${megabytes} MB of pictures in its comments decodes as without`, async () => {
      const packets = await readPackets(readFixture(name));
      const tail = new Uint8Array(megabytes * 1e6).fill(65);
      packets[1] = { bytes: joinBytes(packets[1].bytes, tail), granule: 0 };
      const whole = await decode(readFixture(name));
      const { samples, remark } = await decode(buildOgg(packets, 255));
      assertStrictEquals(remark, undefined);
      assertStrictEquals(samples.length, whole.samples.length);
      assertStrictEquals(maxDifference(samples, whole.samples), 0);
    });
  }
}

Deno.test("a tag before the first page is passed over", async () => {
  const tag = joinBytes(ascii("ID3"), [4, 0, 0, 0, 0, 8, 0], new Uint8Array(1024));
  const bytes = joinBytes(tag, readFixture("vorbis_mono.ogg"));
  const { samples, remark } = await decode(bytes);
  assertStrictEquals(remark, undefined);
  assertStrictEquals(samples.length, expectedFiles["vorbis_mono.ogg"].numSamples);
});
