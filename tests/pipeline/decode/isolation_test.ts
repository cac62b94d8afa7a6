/** A file's result does not depend on what was decoded before it, nor on what is decoded beside it. */
import assert from "node:assert/strict";
import { type DecodedAudio, DecodeError } from "../../../pipeline/decode/audio.ts";
import { bytesSource } from "../../../pipeline/decode/byte_source.ts";
import { decodeFile, decodeSource } from "../../../pipeline/decode/decode.ts";
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
  assert.equal(a.samples.length, b.samples.length, message);
  assert.equal(maxDifference(a.samples, b.samples), 0, message);
  assert.deepEqual({ ...a, samples: 0 }, { ...b, samples: 0 }, message);
}

Deno.test("a broken file never spoils the next one", async () => {
  for (const name of fixtureNames) {
    const before = await decodeFile(fixturePath(name));
    for (const other of [name, "flac_stereo.flac", "mp3_vbr_mono.mp3", "vorbis_mono.ogg"]) {
      const broken = bytesSource(other, damaged(other));
      const result = await decodeSource(broken).catch((error) => error);
      if (other === "flac_stereo.flac" || other === "vorbis_mono.ogg") {
        assert.ok(result instanceof DecodeError, other);
      }
      const after = await decodeFile(fixturePath(name));
      assertSame(after, before, `${name} after ${other}`);
    }
  }
});

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
    assert.equal(new TextDecoder().decode(stderr).replaceAll(/^Check .*\n/gm, ""), "");
    const sums = new TextDecoder().decode(stdout).trim().split("\n").map(Number);
    const alone: number[] = [];
    for (const name of fixtureNames) {
      const { samples } = await decodeFile(fixturePath(name));
      alone.push(samples.reduce((sum, x) => sum + Math.abs(x), 0));
    }
    assert.deepEqual(sums, alone);
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
    await assert.rejects(decodeSource(broken), {
      name: "DecodeError",
      seen: /OPUS_INVALID_PACKET/,
    });
    assert.equal(console.error, record); // put back
  } finally {
    console.error = error;
  }
  assert.deepEqual(printed, []);
});
