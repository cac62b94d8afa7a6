import { assert, assertStrictEquals } from "@std/assert";
import { type ByteSource, bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { maxDifference } from "./fixtures.ts";
import { buildFlac, type FlacOptions } from "./flac_files.ts";

const sampleRateHz = 8000, seconds = 300;
const random = createRandom("long FLAC");
/** Five minutes of noise: bytes that look like the beginning of a frame occur by chance. */
const samples = Int8Array.from({ length: seconds * sampleRateHz }, () => random.nextUint32());

function countingSource(bytes: Uint8Array): ByteSource & { bytesRead: number } {
  const { name, size, read } = bytesSource("long.flac", bytes);
  return {
    name,
    size,
    bytesRead: 0,
    read(offset, length) {
      const part = read(offset, length) as Uint8Array;
      this.bytesRead += part.length;
      return part;
    },
  };
}

const variants: Readonly<Record<string, Partial<FlacOptions>>> = {
  "blocks of one size": {},
  "blocks numbered by their samples": { isVariable: true },
  "an unknown length": { totalSamples: 0 },
  "small blocks": { blockSize: 300 },
};

for (const [name, options] of Object.entries(variants)) {
  Deno.test(`of a long FLAC with ${name} little more than the window is read`, async () => {
    const bytes = buildFlac({ sampleRateHz, samples, blockSize: 4096, ...options });
    for (const startSeconds of [0, 1, 77.7, 299]) {
      const source = countingSource(bytes);
      const decoded = await decodeSource(source, { startSeconds, durationSeconds: 2 });
      const start = Math.round(startSeconds * sampleRateHz);
      const expected = Float32Array.from(
        samples.subarray(start, start + 2 * sampleRateHz),
        (x) => x / 128,
      );
      assertStrictEquals(decoded.samples.length, expected.length);
      assertStrictEquals(maxDifference(decoded.samples, expected), 0, `from ${startSeconds} s`);
      assert(
        source.bytesRead < bytes.length / 3,
        `${source.bytesRead} of ${bytes.length} bytes`,
      );
      const isKnown = options.totalSamples === undefined || startSeconds === 299;
      assertStrictEquals(decoded.totalSeconds, isKnown ? seconds : undefined);
    }
  });
}

Deno.test("a FLAC that ends before the window gives nothing, one that ends within it what there is", async () => {
  for (const totalSamples of [undefined, 0]) {
    const bytes = buildFlac({
      sampleRateHz,
      samples: samples.subarray(0, 20_000),
      blockSize: 4096,
      totalSamples,
    });
    const source = bytesSource("short.flac", bytes);
    assertStrictEquals((await decodeSource(source, { startSeconds: 3 })).samples.length, 0);
    assertStrictEquals((await decodeSource(source, { startSeconds: 2 })).samples.length, 4000);
  }
});

Deno.test("a FLAC that claims 2³⁵ samples costs what it has", async () => {
  const bytes = buildFlac({
    sampleRateHz,
    samples: samples.subarray(0, 5000),
    blockSize: 4096,
    totalSamples: 2 ** 35,
  });
  const decoded = await decodeSource(bytesSource("claims.flac", bytes));
  assertStrictEquals(decoded.samples.length, 5000);
  assertStrictEquals(decoded.samples.buffer.byteLength, 4 * 5000);
});

Deno.test("a FLAC cut out of a longer one begins at its own first sample", async () => {
  const long = buildFlac({ sampleRateHz, samples: samples.subarray(0, 40_000), blockSize: 4000 });
  const metadataBytes = 42, frameBytes = (long.length - metadataBytes) / 10;
  const cut = new Uint8Array(long.length - 5 * frameBytes);
  cut.set(long.subarray(0, metadataBytes));
  cut.set(long.subarray(metadataBytes + 5 * frameBytes), metadataBytes);
  const decoded = await decodeSource(bytesSource("cut.flac", cut), { durationSeconds: 1 });
  const expected = Float32Array.from(samples.subarray(20_000, 28_000), (x) => x / 128);
  assertStrictEquals(decoded.samples.length, expected.length);
  assertStrictEquals(maxDifference(decoded.samples, expected), 0);
});
