/** Damaged files of every format: each ends in sound or in a DecodeError, and within bounds. */
import { assert, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { DecodeError } from "../../../pipeline/decode/audio.ts";
import { type ByteSource, bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { decodeChunks } from "../../../pipeline/decode/decode_chunks.ts";
import { pageChecksum } from "../../../pipeline/decode/ogg.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { fixtureNames, readFixture } from "./fixtures.ts";
import { joinBytes } from "./wav_files.ts";

/** Cases tried: `deno task fuzz 1000000` or the environment's FUZZ_CASES says how many. */
const numCases = Number(Deno.args.at(-1) ?? Deno.env.get("FUZZ_CASES") ?? 20_000);

const seeds = fixtureNames.map((name) => ({ name, bytes: readFixture(name) }));

/** Even over the range: fc.double would draw from all exponents, which is the first byte nearly always. */
const part = (max: number) => fc.noBias(fc.nat(2 ** 20)).map((x) => max * x / 2 ** 20);
/** One wound. `place` is a part of the file's length; half of them fall into its first tenth: headers. */
const place = fc.oneof(part(0.1), part(1));
const damage = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("flip" as const), place, bit: fc.nat(7) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("byte" as const), place, value: fc.nat(255) }),
  },
  {
    // Lengths are what most attacks on decoders lie about.
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("length" as const),
      place,
      value: fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0x0100_0000),
      littleEndian: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("lose" as const),
      place,
      count: fc.integer({ min: 1, max: 64 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("junk" as const),
      place,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    }),
  },
  {
    // A piece again, or another one in its place: as pages and frames that are lost or come twice.
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("repeat" as const, "swap" as const),
      place,
      count: fc.integer({ min: 1, max: 600 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("zero" as const),
      place,
      count: fc.integer({ min: 1, max: 256 }),
    }),
  },
);
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

/** Where the Ogg page begins that comes next; `at` itself in other files. */
function unitStart(bytes: Uint8Array, at: number): number {
  for (let i = at; i < bytes.length && bytes[0] === 0x4f; i++) {
    if (bytes[i] === 0x4f && bytes[i + 1] === 0x67 && bytes[i + 2] === 0x67) return i;
  }
  return Math.min(at, bytes.length);
}

function apply(bytes: Uint8Array<ArrayBuffer>, wound: Damage): Uint8Array<ArrayBuffer> {
  const at = Math.min(bytes.length - 1, Math.floor(wound.place * bytes.length));
  if (bytes.length === 0) return bytes;
  switch (wound.kind) {
    case "flip":
      bytes[at] ^= 1 << wound.bit;
      return bytes;
    case "byte":
      bytes[at] = wound.value;
      return bytes;
    case "length": {
      const aligned = at & ~1; // where lengths lie in most formats
      if (aligned + 4 <= bytes.length) {
        new DataView(bytes.buffer).setUint32(aligned, wound.value, wound.littleEndian);
      }
      return bytes;
    }
    case "cut":
      return bytes.slice(0, at);
    case "lose": {
      const rest = bytes.slice(at + wound.count);
      const shorter = bytes.slice(0, at + rest.length);
      shorter.set(rest, at);
      return shorter;
    }
    case "junk":
      return joinBytes(bytes.subarray(0, at), wound.bytes, bytes.subarray(at));
    case "repeat":
    case "swap": {
      const [start, end] = [at, at + wound.count].map((at) => unitStart(bytes, at));
      const next = unitStart(bytes, end + wound.count), piece = bytes.subarray(start, end);
      const following = wound.kind === "swap" ? bytes.subarray(end, next) : piece;
      return joinBytes(bytes.subarray(0, start), following, piece, bytes.subarray(next));
    }
    case "zero":
      return bytes.fill(0, at, at + wound.count);
  }
}

/** Makes the checksums of Ogg pages right again, so that the damage gets through to the codec. */
function repairOggChecksums(bytes: Uint8Array<ArrayBuffer>): void {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 27 <= bytes.length && view.getUint32(at) === 0x4f676753;) {
    const lacing = bytes.subarray(at + 27, at + 27 + bytes[at + 26]);
    const end = at + 27 + lacing.length + lacing.reduce((sum, length) => sum + length, 0);
    if (end > bytes.length) break;
    view.setUint32(at + 22, pageChecksum(bytes.subarray(at, end)), true);
    at = end;
  }
}

/** A source that counts how often it is asked: a decoder that reads the same again and again would not end. */
function countingSource(name: string, bytes: Uint8Array): ByteSource & { reads: number } {
  const { size, read } = bytesSource(name, bytes);
  return {
    name,
    size,
    reads: 0,
    read(offset, length) {
      assert(offset >= 0 && Number.isSafeInteger(offset) && length >= 0, `${offset}, ${length}`);
      assert(++this.reads < 100, "reads without end");
      return read(offset, length);
    },
  };
}

const damagedFile = fc.record({
  seed: fc.constantFrom(...seeds),
  wounds: fc.array(damage, { minLength: 1, maxLength: 4 }),
  isRepaired: fc.boolean(),
  durationSeconds: fc.constantFrom(5, 0.05, Infinity),
  /** Decoded once more in chunks of so many samples; 0: not. */
  chunkFrames: fc.constantFrom(0, 0, 0, 500),
});

/** Decodes in chunks; a fault comes with the samples before it. */
async function decodeInChunks(source: ByteSource, durationSeconds: number, chunkFrames: number) {
  const samples: number[] = [];
  try {
    const { chunks } = await decodeChunks(source, { durationSeconds, chunkFrames });
    for await (const chunk of chunks) samples.push(...chunk);
    return { samples };
  } catch (fault) {
    return { samples, fault };
  }
}

/** What a decoding in chunks must give: the same samples, or the same fault. */
async function checkChunks(
  inChunks: ReturnType<typeof decodeInChunks>,
  once: { readonly samples?: Float32Array; readonly fault?: Error },
): Promise<void> {
  const { samples, fault } = await inChunks;
  if (once.samples) {
    assertStrictEquals(fault, undefined);
    assertSameBits(Float32Array.from(samples), once.samples);
    return;
  }
  assert(fault instanceof DecodeError);
  // A sample that is none shows as soon as its chunk is there, not when all is decoded.
  if (!fault.expected.startsWith("finite")) assertStrictEquals(fault.message, once.fault!.message);
}

Deno.test("any damage ends in sound or a DecodeError, after few reads and within bounded memory", async () => {
  let decoded = 0, refused = 0;
  await fc.assert(
    fc.asyncProperty(
      damagedFile,
      async ({ seed, wounds, isRepaired, durationSeconds, chunkFrames }) => {
        const bytes = wounds.reduce(apply, seed.bytes.slice());
        if (isRepaired) repairOggChecksums(bytes);
        const source = countingSource(seed.name, bytes);
        const inChunks = () =>
          decodeInChunks(countingSource(seed.name, bytes), durationSeconds, chunkFrames);
        try {
          const { samples, sampleRateHz, numChannels, remark } = await decodeSource(source, {
            durationSeconds,
          });
          if (chunkFrames > 0) await checkChunks(inChunks(), { samples });
          assert(samples.every(Number.isFinite));
          assert(sampleRateHz >= 100 && numChannels >= 1);
          // No seed is dense enough to become more than a minute, whatever a header says.
          assert(samples.length <= 3_000_000, `${samples.length} samples`);
          assert(samples.length <= Math.round(durationSeconds * sampleRateHz));
          assert(remark === undefined || /^[^\n]+$/.test(remark), remark);
          decoded++;
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          if (chunkFrames > 0) await checkChunks(inChunks(), { fault: error });
          assertStrictEquals(error.path, seed.name);
          assert(error.expected !== "" && error.seen !== "");
          const { byteOffset = 0 } = error;
          assert(Number.isInteger(byteOffset), `byte ${byteOffset}`);
          assert(byteOffset >= 0 && byteOffset <= bytes.length, `byte ${byteOffset}`);
          refused++;
        }
      },
    ),
    { numRuns: numCases, seed: 20261123 },
  );
  assert(
    decoded > numCases / 10 && refused > numCases / 10,
    `${decoded} decoded, ${refused} refused`,
  );
});
