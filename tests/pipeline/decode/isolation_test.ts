/** A file's result does not depend on what was decoded before it, nor on what is decoded beside it. */
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type DecodedAudio, DecodeError } from "../../../pipeline/decode/audio.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { decodeFile } from "../../../pipeline/decode/decode_file.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { loadModule } from "../../../wasm/load.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { fixtureNames, fixturePath, maxDifference, readFixture } from "./fixtures.ts";
import { buildOgg, readPackets } from "./ogg_files.ts";

/** Damages the second half, where the sound is, so that a codec is at work when it meets the damage. */
function damaged(name: string): Uint8Array {
  const bytes = readFixture(name);
  for (let i = bytes.length >> 1; i < bytes.length; i += 5) bytes[i] ^= 0x5a;
  return bytes;
}

/** Compares bit for bit, without a report of every sample where they differ. */
function assertSame(a: DecodedAudio, b: DecodedAudio, message: string): void {
  assertStrictEquals(a.samples.length, b.samples.length, message);
  assertStrictEquals(maxDifference(a.samples, b.samples), 0, message);
  assertEquals({ ...a, samples: 0 }, { ...b, samples: 0 }, message);
}

Deno.test("a broken file never spoils the next one", async () => {
  for (const name of fixtureNames) {
    const before = await decodeFile(fixturePath(name));
    for (const other of [name, "flac_stereo.flac", "mp3_vbr_mono.mp3", "vorbis_mono.ogg"]) {
      const broken = bytesSource(other, damaged(other));
      const result = await decodeSource(broken).catch((error) => error);
      if (other === "flac_stereo.flac" || other === "vorbis_mono.ogg") {
        assert(result instanceof DecodeError, other);
      }
      const after = await decodeFile(fixturePath(name));
      assertSame(after, before, `${name} after ${other}`);
    }
  }
});

Deno.test("the memory of a decoder's kernel has an end, whatever a file asks for", async () => {
  for (const [name, megabytes] of [["flac", 8.25], ["vorbis", 64]] as const) {
    const url = new URL(`../../../pipeline/decode/${name}.wasm`, import.meta.url);
    const { exports } = await WebAssembly.instantiate(await loadModule(url));
    const memory = exports.memory as WebAssembly.Memory;
    memory.grow(megabytes * 16 - memory.buffer.byteLength / 65536);
    assertThrows(() => memory.grow(1), RangeError);
  }
});

Deno.test("samples that are put into room are those of a new array, and nothing that lay there", async () => {
  const large = new Float32Array(2 ** 20), small = new Float32Array(100);
  for (const name of fixtureNames) {
    for (const window of [{}, { startSeconds: 0.1, durationSeconds: 0.2 }, { startSeconds: 9 }]) {
      const expected = await decodeFile(fixturePath(name), window);
      const inRoom = await decodeFile(fixturePath(name), { ...window, out: large.fill(NaN) });
      assertSame(inRoom, expected, name);
      assertStrictEquals(inRoom.samples.buffer, large.buffer);
      const tooLarge = await decodeFile(fixturePath(name), { ...window, out: small.fill(NaN) });
      assertSame(tooLarge, expected, name);
    }
  }
});

/** The fixture with other packets of sound behind its three headers; the pages' checksums are right. */
async function withPackets(
  name: string,
  change: (bytes: Uint8Array, i: number) => Uint8Array,
): Promise<Uint8Array> {
  const [identification, comment, setup, ...sound] = await readPackets(readFixture(name));
  const changed = sound.map(({ bytes, granule }, i) => ({ bytes: change(bytes, i), granule }));
  return buildOgg([identification, comment, setup, ...changed], 255);
}

for (const name of ["vorbis_mono.ogg", "vorbis_stereo.ogg"]) {
  Deno.test(`${name}: of what shares its headers nothing is left in the next file`, async () => {
    const random = createRandom("isolation", name);
    const noise = (bytes: Uint8Array) => bytes.map(() => random.nextUint32() & 255);
    const files = {
      itself: readFixture(name),
      "its end first": await withPackets(name, (bytes, i) => i === 0 ? bytes.slice(0, 3) : bytes),
      "a first packet that is none": await withPackets(
        name,
        (bytes, i) => i === 0 ? new Uint8Array([0xff, 0xff]) : bytes,
      ),
      "no first packet": await withPackets(name, (bytes, i) => i === 0 ? new Uint8Array() : bytes),
      noise: await withPackets(name, (bytes) => noise(bytes)),
      "noise that begins well": await withPackets(
        name,
        (bytes) => Uint8Array.from([bytes[0], ...noise(bytes.subarray(1))]),
      ),
      cut: readFixture(name).subarray(0, readFixture(name).length >> 1),
    };
    const other = name === "vorbis_mono.ogg" ? "vorbis_stereo.ogg" : "vorbis_mono.ogg";
    const decode = (bytes: Uint8Array) =>
      decodeSource(bytesSource(name, bytes)).catch((error) => {
        if (error instanceof DecodeError) return error.message;
        throw error;
      });
    const alone: (DecodedAudio | string)[] = [];
    for (const bytes of Object.values(files)) {
      await decodeFile(fixturePath(other)); // its headers are others: a decoder is made anew
      alone.push(await decode(bytes));
    }
    for (const [before, first] of Object.entries(files)) {
      for (const [i, [after, second]] of Object.entries(files).entries()) {
        await decode(first);
        const result = await decode(second), expected = alone[i];
        if (typeof result === "string" || typeof expected === "string") {
          assertStrictEquals(result, expected, `${after} after ${before}`);
        } else {
          assertSame(result, expected, `${after} after ${before}`);
        }
      }
    }
  });
}

Deno.test("files decoded at the same time do not mix", async () => {
  const alone: DecodedAudio[] = [];
  for (const name of fixtureNames) alone.push(await decodeFile(fixturePath(name)));
  const together = await Promise.all(fixtureNames.map((name) => decodeFile(fixturePath(name))));
  together.forEach((decoded, i) => assertSame(decoded, alone[i], fixtureNames[i]));
});

Deno.test({
  name: "a worker thread decodes with leave to read, and nothing else",
  sanitizeOps: true,
  sanitizeResources: true,
  fn: async () => {
    const program = new URL("./decode_in_worker.ts", import.meta.url).pathname;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-read", "--no-prompt", program, ...fixtureNames.map(fixturePath)],
    }).output();
    assertStrictEquals(new TextDecoder().decode(stderr).replaceAll(/^Check .*\n/gm, ""), "");
    const sums = new TextDecoder().decode(stdout).trim().split("\n").map(Number);
    const alone: number[] = [];
    for (const name of fixtureNames) {
      const { samples } = await decodeFile(fixturePath(name));
      alone.push(samples.reduce((sum, x) => sum + Math.abs(x), 0));
    }
    assertSameBits(sums, alone);
  },
});

Deno.test("what a codec prints about broken files is not printed", async () => {
  const packets = await readPackets(readFixture("opus_mono.opus"));
  packets[5] = { bytes: new Uint8Array(40).fill(0xff) }; // its page's checksum is right
  const broken = bytesSource("broken.opus", buildOgg(packets, 255));
  const { error } = console;
  const printed: unknown[] = [];
  const record = (...words: unknown[]) => void printed.push(words);
  console.error = record;
  try {
    await assertFails(decodeSource(broken), {
      name: "DecodeError",
      seen: /OPUS_INVALID_PACKET/,
    });
    assertStrictEquals(console.error, record); // put back
  } finally {
    console.error = error;
  }
  assertEquals(printed, []);
});
