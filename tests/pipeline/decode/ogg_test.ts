import { assert, assertStrictEquals } from "@std/assert";
import { type ByteSource, bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { assertFails } from "../../assert_failure.ts";
import { expectedFiles, maxDifference, readFixture } from "./fixtures.ts";
import { buildOgg, readPackets } from "./ogg_files.ts";

function countingSource(bytes: Uint8Array): ByteSource & { bytesRead: number } {
  const { name, size, read } = bytesSource("long.opus", bytes);
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

for (const name of ["opus_mono.opus", "opus_stereo.opus", "vorbis_mono.ogg", "vorbis_stereo.ogg"]) {
  Deno.test(`${name}: any paging gives the same sound`, async () => {
    const { samples } = await decodeSource(bytesSource(name, readFixture(name)));
    const packets = await readPackets(readFixture(name));
    for (const segmentsPerPage of [1, 2, 7, 255]) {
      const rebuilt = bytesSource(name, buildOgg(packets, segmentsPerPage));
      const decoded = await decodeSource(rebuilt);
      assertStrictEquals(
        decoded.samples.length,
        expectedFiles[name].numSamples,
        `${segmentsPerPage}`,
      );
      assertStrictEquals(maxDifference(decoded.samples, samples), 0, `${segmentsPerPage}`);
    }
  });
}

Deno.test("Opus: pre-skip is cut off, output gain is applied", async () => {
  const [head, ...rest] = await readPackets(readFixture("opus_mono.opus"));
  const original = await decodeSource(bytesSource("a", readFixture("opus_mono.opus")));
  const bytes = head.bytes.slice(), view = new DataView(bytes.buffer);
  view.setUint16(10, view.getUint16(10, true) + 480, true);
  view.setInt16(16, 256 * -6, true); // dB in 1/256
  const changed = await decodeSource(
    bytesSource("b", buildOgg([{ bytes, granule: 0 }, ...rest], 255)),
  );
  assertStrictEquals(changed.samples.length, original.samples.length - 480);
  const expected = original.samples.slice(480).map((x) => x * 10 ** (-6 / 20));
  assert(maxDifference(changed.samples, expected) < 1e-6);
});

Deno.test("what lies behind the window on the same page is not decoded", async () => {
  const packets = await readPackets(readFixture("opus_mono.opus")); // 20 ms each, after two headers
  packets[2 + 23] = { bytes: new Uint8Array(40).fill(0xff), granule: packets[2 + 23].granule };
  const broken = bytesSource("broken.opus", buildOgg(packets, 12)); // the last on the second page
  await assertFails(decodeSource(broken), { name: "DecodeError", seen: /OPUS_INVALID_PACKET/ });
  const { samples } = await decodeSource(broken, { durationSeconds: 0.3 });
  assertStrictEquals(samples.length, 0.3 * 48000);
});

/** Two minutes of Opus: the sound of a fixture again and again. */
async function longOpus(segmentsPerPage: number): Promise<Uint8Array> {
  const [head, tags, ...sound] = await readPackets(readFixture("opus_stereo.opus"));
  const packets = Array.from({ length: 6000 }, (_, i) => ({
    bytes: sound[i % sound.length].bytes,
    granule: 960 * (i + 1), // 20 ms
  }));
  return buildOgg([head, tags, ...packets], segmentsPerPage);
}

Deno.test("of a long Ogg file little more than the window is read", async () => {
  const bytes = await longOpus(50);
  const whole = await decodeSource(bytesSource("long.opus", bytes));
  assertStrictEquals(whole.totalSeconds, whole.samples.length / 48000);
  for (const startSeconds of [0, 9.9, 30.5, 60, 117, 119.5]) {
    const source = countingSource(bytes);
    const { samples, totalSeconds } = await decodeSource(source, {
      startSeconds,
      durationSeconds: 2,
    });
    const start = Math.round(startSeconds * 48000);
    const expected = whole.samples.subarray(start, start + 2 * 48000);
    assertStrictEquals(samples.length, expected.length);
    assert(maxDifference(samples, expected) < 1e-4, `from ${startSeconds} s`);
    assertStrictEquals(totalSeconds, whole.totalSeconds);
    assert(
      source.bytesRead < 0.75 * bytes.length,
      `${source.bytesRead} of ${bytes.length} bytes`,
    );
  }
});

Deno.test("of streams beside each other the first that is known is decoded", async () => {
  const vorbis = readFixture("vorbis_mono.ogg"), opus = readFixture("opus_mono.opus");
  // First pages come first; then the pages of both in turn.
  const firstOf = (file: Uint8Array) => 27 + file[26] + file[27];
  const together = new Uint8Array(vorbis.length + opus.length);
  const parts = [
    vorbis.subarray(0, firstOf(vorbis)),
    opus.subarray(0, firstOf(opus)),
    opus.subarray(firstOf(opus)),
    vorbis.subarray(firstOf(vorbis)),
  ];
  let at = 0;
  for (const part of parts) {
    together.set(part, at);
    at += part.length;
  }
  const { format, samples } = await decodeSource(bytesSource("both.ogg", together));
  assertStrictEquals(format, "Ogg Vorbis");
  assertStrictEquals(samples.length, expectedFiles["vorbis_mono.ogg"].numSamples);
});
