/** Malformed files of the compressed formats and AIFF, made from the fixtures; those of WAV are in `wav_test.ts`. */
import { assert, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { type ByteSource, bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { pageChecksum } from "../../../pipeline/decode/ogg.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { expectedFiles, fixtureNames, readFixture } from "./fixtures.ts";
import { ascii, joinBytes } from "./wav_files.ts";

interface Malformed {
  readonly bytes: Uint8Array;
  readonly expected: RegExp;
  readonly seen: RegExp;
  readonly byteOffset: number;
}

/** A fixture with some of its bytes replaced. */
function patched(name: string, offset: number, bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const copy = readFixture(name);
  copy.set(bytes, offset);
  return copy;
}

/** The same, with the checksum of the Ogg page at `pageOffset` made right. */
function patchedPage(name: string, pageOffset: number, at: number, bytes: readonly number[]) {
  const copy = patched(name, at, bytes);
  const lacing = copy.subarray(pageOffset + 27, pageOffset + 27 + copy[pageOffset + 26]);
  const length = 27 + lacing.length + lacing.reduce((sum, x) => sum + x, 0);
  const checksum = pageChecksum(copy.subarray(pageOffset, pageOffset + length));
  new DataView(copy.buffer).setUint32(pageOffset + 22, checksum, true);
  return copy;
}

/** Where the last Ogg page of a file begins. */
function lastPage(bytes: Uint8Array): number {
  return new TextDecoder("latin1").decode(bytes).lastIndexOf("OggS");
}

/** Where the first frame of a FLAC file begins: after its metadata blocks. */
function flacSound(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  for (let at = 4;;) {
    const header = view.getUint32(at);
    at += 4 + (header & 0xff_ffff);
    if (header >>> 31) return at;
  }
}

const flac = "flac_stereo.flac", opus = "opus_mono.opus", vorbis = "vorbis_mono.ogg";
const mp3 = "mp3_joint_stereo.mp3", aiff = "aiff_s16.aiff";
const firstFlacFrame = flacSound(readFixture(flac));
const opusTags = 47, opusSound = lastPage(readFixture(opus)); // where these pages begin

const malformed: Readonly<Record<string, Malformed>> = {
  "FLAC without STREAMINFO": {
    bytes: patched(flac, 4, [0x01]),
    expected: /a STREAMINFO block/,
    seen: /none/,
    byteOffset: firstFlacFrame,
  },
  "FLAC with a short STREAMINFO": {
    bytes: patched(flac, 7, [33]),
    expected: /34 bytes of STREAMINFO/,
    seen: /33 bytes/,
    byteOffset: 8,
  },
  "FLAC with metadata past the end": {
    bytes: patched(flac, 43, [0xff, 0xff, 0xff]),
    expected: /a metadata block within the file/,
    seen: /one of 167772\d\d bytes/,
    byteOffset: 42,
  },
  "FLAC of 0 Hz": {
    bytes: patched(flac, 18, [0, 0, 0x02]),
    expected: /sample rate/,
    seen: /0 Hz/,
    byteOffset: 8,
  },
  "FLAC with a broken frame header": {
    bytes: patched(flac, firstFlacFrame + 4, [0x11, 0x22]),
    expected: /header of a FLAC frame/,
    seen: /wrong checksum/,
    byteOffset: firstFlacFrame,
  },
  "FLAC with a broken frame": {
    bytes: patched(flac, firstFlacFrame + 200, [0x11, 0x22]),
    expected: /a FLAC frame/,
    seen: /wrong checksum|bits that are none/,
    byteOffset: firstFlacFrame,
  },
  "Ogg with a broken page": {
    bytes: patched(vorbis, 100, [1, 2, 3]),
    expected: /a page with checksum/,
    seen: /one with checksum/,
    byteOffset: 58,
  },
  "Ogg that goes on with something else": {
    bytes: patched(opus, opusTags, ascii("Oggs")),
    expected: /an Ogg page/,
    seen: /Oggs/,
    byteOffset: opusTags,
  },
  "Ogg of version 1": {
    bytes: patched(opus, 4, [1]),
    expected: /version 0 of Ogg/,
    seen: /version 1/,
    byteOffset: 4,
  },
  "Ogg with a codec that is not known": {
    bytes: patchedPage(opus, 0, 28, ascii("Speex   ")),
    expected: /Vorbis, Opus or FLAC stream/,
    seen: /begin with Spee: convert/,
    byteOffset: 0,
  },
  "Ogg without a beginning": {
    bytes: readFixture(opus).slice(opusTags),
    expected: /Vorbis, Opus or FLAC stream/,
    seen: /no stream that begins/,
    byteOffset: 0,
  },
  "Ogg with headers only": {
    bytes: readFixture(opus).slice(0, opusSound),
    expected: /at least one sample/,
    seen: /none/,
    byteOffset: 0,
  },
  "Ogg with half its headers": {
    bytes: readFixture(vorbis).slice(0, 300),
    expected: /comments of Vorbis/,
    seen: /end of the file/,
    byteOffset: 0,
  },
  "Vorbis of version 7": {
    bytes: patchedPage(vorbis, 0, 28 + 7, [7]),
    expected: /version 0 of Vorbis/,
    seen: /version 7/,
    byteOffset: 0,
  },
  "Vorbis without channels": {
    bytes: patchedPage(vorbis, 0, 28 + 11, [0]),
    expected: /1 to 256 channels/,
    seen: /^0$/,
    byteOffset: 0,
  },
  "Opus of version 16": {
    bytes: patchedPage(opus, 0, 28 + 8, [16]),
    expected: /version 1 of Opus/,
    seen: /version 16/,
    byteOffset: 0,
  },
  "Opus with a mapping that is none": {
    bytes: patchedPage(opus, 0, 28 + 18, [1]),
    expected: /a channel mapping/,
    seen: /streams/,
    byteOffset: 0,
  },
  "Opus with a broken packet": {
    bytes: patchedPage(opus, opusSound, readFixture(opus).length - 40, Array(40).fill(0xff)),
    expected: /Opus packets/,
    seen: /libopus|stopped its decoder/,
    byteOffset: opusSound,
  },
  "ID3 and nothing else": {
    bytes: readFixture("mp3_vbr_mono.mp3").slice(0, 45),
    expected: /one of WAV/,
    seen: /begins with ID3/,
    byteOffset: 0,
  },
  "AIFF without its format": {
    bytes: patched(aiff, 46, ascii("JUNK")),
    expected: /`COMM` chunk/,
    seen: /none/,
    byteOffset: readFixture(aiff).length,
  },
  "AIFF without samples": {
    bytes: readFixture(aiff).slice(0, 72),
    expected: /`SSND` chunk/,
    seen: /none/,
    byteOffset: 72,
  },
  "AIFF of 40 bits": {
    bytes: patched(aiff, 60, [0, 40]),
    expected: /uncompressed samples/,
    seen: /40 bits/,
    byteOffset: 54,
  },
  "AIFF-C compressed": {
    bytes: patched("aifc_sowt.aifc", 50, ascii("MAC3")),
    expected: /uncompressed samples/,
    seen: /compression MAC3: convert/,
    byteOffset: 32,
  },
  "M4A": {
    bytes: joinBytes([0, 0, 0, 32], ascii("ftypM4A "), new Uint8Array(100)),
    expected: /one of WAV/,
    seen: /M4A.*ffmpeg -i in out.wav/,
    byteOffset: 0,
  },
  "AAC": {
    bytes: joinBytes([0xff, 0xf1, 0x50, 0x80], new Uint8Array(100)),
    expected: /one of WAV/,
    seen: /AAC \(ADTS\)/,
    byteOffset: 0,
  },
  "WMA": {
    bytes: joinBytes([0x30, 0x26, 0xb2, 0x75], new Uint8Array(100)),
    expected: /one of WAV/,
    seen: /Windows Media Audio/,
    byteOffset: 0,
  },
  "zeros": {
    bytes: new Uint8Array(100_000),
    expected: /one of WAV/,
    seen: /begins with \\x00/,
    byteOffset: 0,
  },
};

for (const [name, { bytes, expected, seen, byteOffset }] of Object.entries(malformed)) {
  Deno.test(`malformed: ${name}`, async () => {
    const error = await decodeSource(bytesSource("made", bytes)).catch((error) => error);
    assert(error instanceof DecodeError, `${error}`);
    assertStrictEquals(error.path, "made");
    assertMatch(error.expected, expected);
    assertMatch(error.seen, seen);
    assertStrictEquals(error.byteOffset ?? 0, byteOffset);
  });
}

for (const name of [flac, opus, vorbis, mp3, "wav_ima_adpcm.wav", aiff]) {
  Deno.test(`${name}, cut short, gives what is there`, async () => {
    const bytes = readFixture(name);
    const whole = await decodeSource(bytesSource(name, bytes));
    // What is short of a page, frame or block cannot be had; some fixtures have one page of sound only.
    const cut = Math.floor(bytes.length * 0.8);
    const result = await decodeSource(bytesSource(name, bytes.slice(0, cut))).catch((error) =>
      error
    );
    if (lastPage(bytes) >= 0) {
      assertMatch(result.message, /at least one sample of sound/);
      return;
    }
    const { length } = result.samples;
    assert(length > 0.4 * whole.samples.length && length < whole.samples.length, `${length}`);
    const isStart = result.samples.every((x: number, i: number) => x === whole.samples[i]);
    assert(isStart || name === mp3); // mp3: what its last frame is made of is missing
  });
}

Deno.test("sound may be followed by other bytes", async () => {
  const junk = new Uint8Array(128).fill(0x54); // as an ID3v1 tag
  for (const name of [flac, opus, vorbis, aiff, "wav_s16.wav"]) {
    const { samples } = await decodeSource(bytesSource(name, joinBytes(readFixture(name), junk)));
    assertStrictEquals(samples.length, expectedFiles[name].numSamples, name);
  }
});

/** An ID3v2 tag of `size` bytes without its header. */
function id3Tag(size: number): Uint8Array {
  const digits = [21, 14, 7, 0].map((shift) => (size >> shift) & 127);
  return joinBytes(ascii("ID3"), [4, 0, 0, ...digits], new Uint8Array(size));
}

Deno.test("sound of every format may follow tags, one with a large picture or several", async () => {
  for (const name of fixtureNames) {
    const bytes = readFixture(name), plain = await decodeSource(bytesSource(name, bytes));
    for (const tags of [[id3Tag(300_000)], [id3Tag(256), id3Tag(0), id3Tag(20)]]) {
      const tagged = bytesSource(name, joinBytes(...tags, bytes));
      assertSameBits(await decodeSource(tagged), plain, name);
      const window = { startSeconds: 0.05, durationSeconds: 0.02 };
      const part = await decodeSource(bytesSource(name, bytes), window);
      assertSameBits(await decodeSource(tagged, window), part, name);
    }
  }
});

Deno.test("a fault after a tag has its place in the file", async () => {
  const bytes = joinBytes(id3Tag(256), patched(flac, firstFlacFrame + 4, [0x11, 0x22]));
  const error = await decodeSource(bytesSource("made", bytes)).catch((error) => error);
  assertStrictEquals(error.byteOffset, 266 + firstFlacFrame);
});

Deno.test("tags without end are not walked without end", async () => {
  const tags = joinBytes(...new Array(500).fill(id3Tag(100_000).subarray(0, 10)));
  let reads = 0;
  const source: ByteSource = {
    name: "tags",
    size: 1e12,
    read: (_offset, length) => (reads++, tags.subarray(0, length)),
  };
  await assertRejects(() => decodeSource(source), DecodeError);
  assert(reads < 200, `${reads} reads`);
});
