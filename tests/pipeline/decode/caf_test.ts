/** CAF files made to order; those that a tool made are among the fixtures. */
import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { readFixture } from "./fixtures.ts";
import { bigEndian } from "./flac_files.ts";
import { ascii, int16Bytes, joinBytes } from "./wav_files.ts";

interface CafOptions {
  readonly formatId?: string;
  readonly flags?: number;
  readonly bytesPerPacket?: number;
  readonly numChannels?: number;
  readonly bits?: number;
  readonly sampleRateHz?: number;
  readonly data?: Uint8Array;
  /** @default the data's */
  readonly claimedBytes?: readonly number[];
  /** Chunks after `desc`. @default ["data"] */
  readonly chunks?: readonly ("data" | "pakt" | "free")[];
  readonly pakt?: { readonly validFrames: number; readonly priming: number };
}

const values = [100, -200, 300, -400];

function buildCaf(options: CafOptions = {}): Uint8Array {
  const { formatId = "lpcm", flags = 0, numChannels = 1, bits = 16, bytesPerPacket = 2 } = options;
  const data = options.data ?? int16Bytes(values, false);
  const rate = new Uint8Array(8);
  new DataView(rate.buffer).setFloat64(0, options.sampleRateHz ?? 8000);
  const chunk = (id: string, content: Uint8Array, length?: readonly number[]) =>
    joinBytes(ascii(id), length ?? bigEndian(content.length, 8), content);
  const desc = joinBytes(
    rate,
    ascii(formatId),
    ...[flags, bytesPerPacket, 1, numChannels, bits].map((x) => bigEndian(x, 4)),
  );
  const { validFrames = 0, priming = 0 } = options.pakt ?? {};
  const contents = {
    "data": chunk("data", joinBytes([0, 0, 0, 1], data), options.claimedBytes),
    "pakt": chunk(
      "pakt",
      joinBytes(
        ...[[0, 8], [validFrames, 8], [priming, 4], [0, 4]].map(([x, n]) => bigEndian(x, n)),
      ),
    ),
    "free": chunk("free", new Uint8Array(37)),
  };
  const chunks = (options.chunks ?? ["data"]).map((id) => contents[id]);
  return joinBytes(ascii("caff"), [0, 1, 0, 0], chunk("desc", desc), ...chunks);
}

async function decode(options: CafOptions) {
  const decoded = await decodeSource(bytesSource("made.caf", buildCaf(options)));
  return { ...decoded, integers: [...decoded.samples].map((x) => x * 32768) };
}

const open = new Array(8).fill(255);
const layouts: Readonly<Record<string, CafOptions>> = {
  "plain": {},
  "little-endian": { flags: 2, data: int16Bytes(values) },
  "a chunk of an odd length before": { chunks: ["free", "data"] },
  "a length left open": { claimedBytes: open },
  "a length longer than the file": { claimedBytes: [0x7f, ...open.slice(1)] },
};

for (const [name, options] of Object.entries(layouts)) {
  Deno.test(`CAF layout: ${name}`, async () => {
    const { integers, totalSeconds, format } = await decode(options);
    assertSameBits(integers, values);
    assertStrictEquals(totalSeconds, 4 / 8000);
    assertStrictEquals(format, "CAF PCM 16 bit");
  });
}

Deno.test("what a packet table calls priming and remainder is cut off, wherever the table lies", async () => {
  const name = "caf_ima4.caf", bytes = readFixture(name);
  const whole = await decodeSource(bytesSource(name, bytes));
  const data = bytes.slice(new TextDecoder("latin1").decode(bytes).indexOf("data") + 16);
  const pakt = { validFrames: 2000, priming: 100 };
  for (const chunks of [["pakt", "data"], ["data", "free", "pakt"]] as const) {
    const options = { formatId: "ima4", bits: 0, bytesPerPacket: 34, data, pakt, chunks };
    const { samples, totalSeconds } = await decode(options);
    assertSameBits(samples, whole.samples.slice(100, 2100));
    assertStrictEquals(totalSeconds, 2000 / 8000);
    const source = bytesSource("made.caf", buildCaf(options));
    const part = await decodeSource(source, { startSeconds: 500 / 8000, durationSeconds: 1 });
    assertSameBits(part.samples, whole.samples.slice(600, 2100));
  }
});

const malformed: Readonly<Record<string, [CafOptions, RegExp, RegExp]>> = {
  "Apple Lossless": [{ formatId: "alac" }, /samples of 8, 16/, /Apple Lossless: convert it with/],
  "AAC": [{ formatId: "aac " }, /samples of 8, 16/, /AAC: convert/],
  "24 bits in 4 bytes": [{ bits: 24, bytesPerPacket: 4 }, /samples of 8/, /24 bits in 4 bytes/],
  "float of 16 bits": [{ flags: 1 }, /float of 32 or 64/, /16 bits in 2 bytes of float/],
  "no channels": [{ numChannels: 0 }, /1 to 256 channels/, /^0$/],
  "no rate": [{ sampleRateHz: NaN }, /sample rate/, /NaN Hz/],
  "no samples": [{ chunks: [] }, /`data` chunk/, /none/],
  "empty samples": [{ data: new Uint8Array() }, /at least one sample/, /none/],
};

for (const [name, [options, expected, seen]] of Object.entries(malformed)) {
  Deno.test(`malformed CAF: ${name}`, async () => {
    const error = await decode(options).catch((error) => error);
    assert(error instanceof DecodeError, `${error}`);
    assertMatch(error.expected, expected);
    assertMatch(error.seen, seen);
  });
}
