/** Matroska files made to order, from the packets of an Ogg fixture: each layout that writers use. */
import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { ByteReader } from "../../../pipeline/decode/byte_reader.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { OggPages } from "../../../pipeline/decode/ogg.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { maxDifference, readFixture } from "./fixtures.ts";
import { bigEndian } from "./flac_files.ts";
import { ascii, joinBytes } from "./wav_files.ts";

/** An element; its length in eight bytes, or unknown. */
function element(id: number, content: ArrayLike<number>, isOpen = false): Uint8Array {
  const idBytes = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  const length = isOpen ? new Array(7).fill(255) : bigEndian(content.length, 7);
  return joinBytes(bigEndian(id, idBytes), [1], length, content);
}

/** The packets of a fixture: its header, and the sound. */
async function packetsOf(name: string): Promise<{ head: Uint8Array; sound: Uint8Array[] }> {
  const pages = new OggPages(new ByteReader(bytesSource(name, readFixture(name))));
  const packets: Uint8Array[] = [];
  for (let page = await pages.next(); page; page = await pages.next()) {
    packets.push(...page.packets.map((packet) => packet.slice()));
  }
  return { head: packets[0], sound: packets.slice(2) };
}

interface TrackOptions {
  readonly number?: number;
  readonly type?: number;
  readonly codec?: string;
  readonly setup?: ArrayLike<number>;
  readonly extra?: ArrayLike<number>;
}

function track(options: TrackOptions = {}): Uint8Array {
  const { number = 1, type = 2, codec = "A_OPUS", setup = [], extra = [] } = options;
  return element(
    0xae,
    joinBytes(
      element(0xd7, [number]),
      element(0x83, [type]),
      element(0x86, ascii(codec)),
      element(0x63a2, setup),
      extra,
    ),
  );
}

/** The head of a block: its track, time and flags. */
function blockHead(lacing = 0, number = 1): number[] {
  return [0x80 | number, 0, 0, lacing << 1];
}

function file(tracks: ArrayLike<number>, clusters: Uint8Array[], isOpen = false): Uint8Array {
  return joinBytes(
    element(0x1a45dfa3, element(0x4282, ascii("webm"))),
    element(
      0x18538067,
      joinBytes(
        element(0x114d9b74, new Uint8Array(10)),
        element(0x1654ae6b, tracks),
        ...clusters.map((content) => element(0x1f43b675, content, isOpen)),
      ),
      isOpen,
    ),
  );
}

const decode = (bytes: Uint8Array, window = {}) => decodeSource(bytesSource("made", bytes), window);

const { head, sound } = await packetsOf("opus_stereo.opus");
const simple = (packet: Uint8Array) => element(0xa3, joinBytes(blockHead(), packet));
const plain = file(track({ setup: head }), [joinBytes(...sound.map(simple))]);
const whole = await decode(plain);

/** Two packets, then the others, laced each in its way: 1 as in Ogg, 3 with differences, 2 all equal. */
const lacings: Readonly<Record<string, (packets: readonly Uint8Array[]) => Uint8Array>> = {
  "as in Ogg": (packets) =>
    joinBytes(
      blockHead(1),
      [packets.length - 1],
      ...packets.slice(0, -1).map(({ length }) => [
        ...new Array(Math.floor(length / 255)).fill(255),
        length % 255,
      ]),
      ...packets,
    ),
  "with differences": (packets) =>
    joinBytes(
      blockHead(3),
      [packets.length - 1],
      ...packets.slice(0, -1).map(({ length }, i) => {
        const value = i === 0 ? length : length - packets[i - 1].length + 8191;
        return [0x40 | (value >> 8), value & 255];
      }),
      ...packets,
    ),
};

for (const [name, lace] of Object.entries(lacings)) {
  Deno.test(`packets laced ${name} are the same sound`, async () => {
    const blocks = [sound.slice(0, 2), sound.slice(2)].map((packets) =>
      element(0xa3, lace(packets))
    );
    const { samples, format } = await decode(file(track({ setup: head }), blocks));
    assertSameBits(samples, whole.samples);
    assertStrictEquals(format, "WebM Opus");
  });
}

Deno.test("packets of one length laced without lengths are the same sound", async () => {
  const packet = sound[0], twice = joinBytes(blockHead(2), [1], packet, packet);
  const { samples } = await decode(file(track({ setup: head }), [element(0xa3, twice)]));
  const apart = file(track({ setup: head }), [joinBytes(simple(packet), simple(packet))]);
  assertSameBits(samples, (await decode(apart)).samples);
});

Deno.test("lengths left open, other tracks and elements between do not matter", async () => {
  const picture = track({ number: 2, type: 1, codec: "V_VP9" });
  const other = element(0xa3, joinBytes(blockHead(0, 2), new Uint8Array(50)));
  const clusters = sound.map((packet) =>
    joinBytes(element(0xe7, [0]), other, simple(packet), element(0xec, new Uint8Array(9)))
  );
  const bytes = file(joinBytes(picture, track({ setup: head })), clusters, true);
  assertSameBits((await decode(bytes)).samples, whole.samples);
});

Deno.test("the padding that a block group names is cut off, as the Ogg file's last page does", async () => {
  const ogg = await decodeSource(bytesSource("ogg", readFixture("opus_stereo.opus")));
  const padding = Math.round((whole.samples.length - ogg.samples.length) / 48000 * 1e9);
  const last = element(
    0xa0,
    joinBytes(
      element(0xa1, joinBytes(blockHead(), sound.at(-1)!)),
      element(0x75a2, bigEndian(padding, 4)),
    ),
  );
  const blocks = joinBytes(...sound.slice(0, -1).map(simple), last);
  const { samples, totalSeconds } = await decode(file(track({ setup: head }), [blocks]));
  assertSameBits(samples, ogg.samples);
  assertStrictEquals(totalSeconds, ogg.totalSeconds);
});

Deno.test("a late window is counted up to, not decoded up to, and lies at its place", async () => {
  const many = Array.from({ length: 800 }, (_, i) => simple(sound[i % sound.length]));
  const bytes = file(track({ setup: head }), [joinBytes(...many)]);
  const { samples, sampleRateHz } = await decode(bytes);
  const window = { startSeconds: 14, durationSeconds: 0.5 };
  const late = await decode(bytes, window);
  assertStrictEquals(late.samples.length, 0.5 * sampleRateHz);
  const difference = maxDifference(late.samples, samples.slice(14 * sampleRateHz));
  assert(difference < 0.01, `off by ${difference}`);
});

Deno.test("a file cut short gives what is there", async () => {
  const { samples } = await decode(plain.slice(0, plain.length - sound.at(-1)!.length - 5));
  assert(samples.length > 0 && samples.length < whole.samples.length);
  assertSameBits(samples, whole.samples.slice(0, samples.length));
});

const malformed: Readonly<Record<string, [Uint8Array, RegExp, RegExp]>> = {
  "AAC inside": [
    file(track({ codec: "A_AAC" }), []),
    /a track of Opus or Vorbis in WebM/,
    /AAC: convert it with `ffmpeg/,
  ],
  "pictures only": [
    file(track({ type: 1, codec: "V_VP8" }), []),
    /a track of Opus or Vorbis/,
    /no track of sound/,
  ],
  "no tracks": [file([], []), /a track of Opus or Vorbis/, /no track of sound/],
  "compressed packets": [
    file(track({ setup: head, extra: element(0x6d80, new Uint8Array(4)) }), []),
    /packets as they are/,
    /compressed ones: convert/,
  ],
  "Opus without its header": [file(track(), []), /Opus header of 19 bytes/, /0 bytes/],
  "Vorbis without its headers": [
    file(track({ codec: "A_VORBIS", setup: [2, 200, 3, 1] }), []),
    /three headers of Vorbis/,
    /4 bytes that are not/,
  ],
  "a block that lies about its laces": [
    file(track({ setup: head }), [element(0xa3, [...blockHead(1), 5, 255, 255])]),
    /a block with its packets/,
    /cut short/,
  ],
  "no sound": [file(track({ setup: head }), []), /at least one sample/, /none/],
  "zeros after the header": [
    joinBytes(plain.slice(0, 38), new Uint8Array(1000)),
    /an EBML element/,
    /bytes that are none/,
  ],
};

for (const [name, [bytes, expected, seen]] of Object.entries(malformed)) {
  Deno.test(`malformed Matroska: ${name}`, async () => {
    const error = await decode(bytes).catch((error) => error);
    assert(error instanceof DecodeError, `${error}`);
    assertMatch(error.expected, expected);
    assertMatch(error.seen, seen);
  });
}
