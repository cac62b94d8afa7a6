/** Files that end before what their headers say there is: what is there is given, and it is said. */
import { assert, assertStrictEquals } from "@std/assert";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { findMpegFrame } from "../../../pipeline/decode/mpeg_header.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { readFixture } from "./fixtures.ts";
import { buildFlac } from "./flac_files.ts";
import { ascii, buildWav, countingSource, int16Bytes, joinBytes } from "./wav_files.ts";

const remarkOf = async (bytes: Uint8Array, name = "cut") =>
  (await decodeSource(bytesSource(name, bytes))).remark;

/** A quarter of a second at 8 kHz. */
const data = int16Bytes(Array.from({ length: 2000 }, (_, i) => i));

for (
  const [name, options, expected] of [
    ["says 1 s", { claimedBytes: 16000 }, "cut short: 0.25 of 1.0 s are there"],
    ["says what it has", {}, undefined],
    ["says 0", { claimedBytes: 0 }, undefined],
    ["says 0xFFFFFFFF", { claimedBytes: 0xffff_ffff }, undefined],
    ["says 0x7FFFFFFF", { claimedBytes: 0x7fff_ffff }, undefined],
    ["says SoX's 0x7FFFF024", { claimedBytes: 0x7fff_f024 }, undefined],
    ["counts the padding", { claimedBytes: 4001 }, undefined],
    [
      "is RF64 and says 1 s",
      {
        form: "RF64",
        chunks: ["ds64", "fmt ", "data"],
        claimedBytes: 0xffff_ffff,
        longBytes: 16000,
      },
      "cut short: 0.25 of 1.0 s are there",
    ],
    [
      "is RF64 without ds64",
      { form: "RF64", claimedBytes: 0xffff_ffff },
      "read to the end of the file: it has no `ds64` chunk with its length",
    ],
    [
      "is of 8 bits and counts the padding",
      { bitsPerSample: 8, claimedBytes: 4001 },
      undefined,
    ],
  ] as const
) {
  Deno.test(`a WAV of a quarter of a second that ${name}: ${expected ?? "no word of it"}`, async () => {
    assertStrictEquals(await remarkOf(buildWav({ data, ...options })), expected);
  });
}

Deno.test("that a WAV is cut short is said without reading more than the window", async () => {
  const source = countingSource(buildWav({ data, claimedBytes: 1_600_000 }), 800_044);
  const { remark } = await decodeSource(source, { durationSeconds: 0.1 });
  assertStrictEquals(remark, "cut short: 50.0 of 100.0 s are there");
  assert(source.bytesRead < 10_000);
});

Deno.test("a FLAC that is cut short tells the length that is there, once its end was seen", async () => {
  const samples = Int8Array.from({ length: 24_000 }, (_, i) => (i * i) % 101);
  const bytes = buildFlac({ sampleRateHz: 8000, samples, blockSize: 1000 });
  assertStrictEquals(await remarkOf(bytes), undefined);
  const source = bytesSource("cut.flac", bytes.slice(0, Math.floor(bytes.length / 2)));
  for (const startSeconds of [0, 1, 2.5]) {
    const { totalSeconds, remark } = await decodeSource(source, { startSeconds });
    assert(totalSeconds! >= 1.25 && totalSeconds! < 1.5);
    assertStrictEquals(remark, `cut short: ${totalSeconds} of 3.0 s are there`);
  }
  const early = await decodeSource(source, { durationSeconds: 0.5 });
  assertStrictEquals(early.remark, undefined);
  assertStrictEquals(early.totalSeconds, 3);
});

for (const name of ["mp3_joint_stereo.mp3", "mp3_vbr_mono.mp3"]) {
  Deno.test(`${name}: cut short where it says more frames than there are, and that is said`, async () => {
    const bytes = readFixture(name), begin = findMpegFrame(bytes);
    const whole = await decodeSource(bytesSource(name, bytes));
    assertStrictEquals(whole.remark, undefined);
    const cut = bytes.slice(0, begin + Math.floor((bytes.length - begin) / 2));
    const { samples, sampleRateHz, remark = "" } = await decodeSource(bytesSource(name, cut));
    const [, there, all] = remark.match(/^cut short: ([\d.]+) of ([\d.]+) s are there$/)!;
    assert(Math.abs(Number(there) - samples.length / sampleRateHz) < 0.001);
    assert(Math.abs(Number(all) - whole.samples.length / sampleRateHz) < 0.001);
    const [tagged] = [joinBytes(bytes, ascii("TAG"), new Uint8Array(125))];
    assertStrictEquals(await remarkOf(tagged), undefined);
  });
}

for (const name of ["aiff_s16.aiff", "aifc_ima4.aifc", "caf_s16.caf", "caf_ima4.caf"]) {
  Deno.test(`${name}, cut short: that is said`, async () => {
    const bytes = readFixture(name), half = bytes.slice(0, Math.floor(bytes.length / 2));
    assertStrictEquals(await remarkOf(bytes), undefined);
    const remark = await remarkOf(half);
    assert(/^cut short: [\d.]+ of [\d.]+ (s|bytes) are there$/.test(remark ?? ""), remark);
  });
}

for (const name of ["aiff_s16.aiff", "aifc_ima4.aifc"]) {
  Deno.test(`${name} from a pipe, whose lengths are all 0, is all that is there`, async () => {
    const bytes = readFixture(name), text = new TextDecoder("latin1").decode(bytes);
    const whole = await decodeSource(bytesSource(name, bytes.slice()));
    for (const at of [4, text.indexOf("COMM") + 10, text.indexOf("SSND") + 4]) {
      bytes.fill(0, at, at + 4);
    }
    const { samples, remark } = await decodeSource(bytesSource(name, bytes));
    assertSameBits(samples, whole.samples);
    assertStrictEquals(remark, undefined);
  });
}
