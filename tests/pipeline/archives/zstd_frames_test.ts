/** Zstandard files of any number of frames, whole and cut short. */
import { assertEquals } from "@std/assert";
import * as zlib from "node:zlib";
import { decompress } from "../../../pipeline/archives/decompress.ts";
import { ZstdFrames } from "../../../pipeline/archives/zstd_frames.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertFails } from "../../assert_failure.ts";

const random = createRandom("zstd");
const noise = Uint8Array.from({ length: 400_000 }, () => random.integer(256));
const zeros = new Uint8Array(300_000), text = new TextEncoder().encode("one ".repeat(3000));
const { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag, ZSTD_c_windowLog } = zlib.constants;

const compress = (bytes: Uint8Array, params: Record<number, number> = {}) =>
  new Uint8Array(zlib.zstdCompressSync(bytes, { params }));
const join = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));
const read = async (bytes: Uint8Array) =>
  new Uint8Array(await decompress({ kind: "memory", name: "a.tar.zst", bytes }, "zstd"));

/** A frame that holds nothing for those who do not know it. */
const skippable = Uint8Array.of(0x5c, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9);

Deno.test("all frames are read, whatever their headers say and their blocks are", async () => {
  const frames: readonly (readonly [Uint8Array, Uint8Array])[] = [
    [noise, compress(noise)],
    [zeros, compress(zeros, { [ZSTD_c_checksumFlag]: 1 })],
    [text, compress(text, { [ZSTD_c_contentSizeFlag]: 0, [ZSTD_c_windowLog]: 12 })],
    [text.subarray(0, 20), compress(text.subarray(0, 20))],
    [new Uint8Array(), compress(new Uint8Array())],
  ];
  for (const [bytes, frame] of frames) assertEquals(await read(frame), bytes);
  const all = frames.flatMap(([, frame]) => [frame, skippable]);
  assertEquals(await read(join(skippable, ...all)), join(...frames.map(([bytes]) => bytes)));
});

Deno.test("a file that is cut short, or has something behind a frame, is refused", async () => {
  const file = join(compress(noise, { [ZSTD_c_checksumFlag]: 1 }), skippable, compress(text));
  for (const cut of [1, 4, 7, compress(text).length + 2, 200_000]) {
    await assertFails(read(file.subarray(0, file.length - cut)), /it ends within a frame/);
  }
  await assertFails(read(join(file, text)), /expected a frame at byte \d+, saw something else/);
});

Deno.test("a file is read once: it may lie far away", async () => {
  const file = join(compress(noise), compress(noise)), seen = new Uint8Array(file.length);
  const frames = new ZstdFrames({
    ...{ name: "a.tar.zst", size: file.length },
    read(offset, length) {
      // What is looked at again is a header at most.
      for (let at = offset + 8; at < offset + length; at++) seen[at]++;
      return file.slice(offset, offset + length);
    },
  });
  while (await frames.goToNext()) for await (const _ of frames.bytes()) { /* and nothing kept */ }
  assertEquals(seen.filter((times) => times > 1).length, 0);
});
