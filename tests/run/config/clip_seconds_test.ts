import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { defaultFrontEnd } from "../../../pipeline/front_end.ts";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import type { Recording } from "../../../pipeline/recording.ts";
import { measureLengths } from "../../../pipeline/recording_length.ts";
import { encodeWav } from "../../../pipeline/encode_wav.ts";
import { adviseSeconds, chooseSeconds } from "../../../run/config/clip_seconds.ts";

const recordingOf = (seconds: number, i: number): Recording => {
  const bytes = encodeWav(new Float32Array(Math.round(1000 * seconds)), 1000, "int16");
  return { id: `${i}`, location: { kind: "memory", name: `${i}.wav`, bytes } };
};

const broken: Recording = {
  id: "broken",
  location: { kind: "memory", name: "broken.wav", bytes: new Uint8Array(3) },
};

const measure = (recordings: readonly Recording[]) => measureLengths(recordings, 5, openLocation);

Deno.test("lengths are sorted and at most the limit; what cannot be read has none", async () => {
  const recordings = [3, 0.25, 60].map(recordingOf);
  assertEquals([...await measure([...recordings, broken])], [0.25, 3, 5]);
  assertEquals([...await measure([broken])], []);
});

Deno.test("of many recordings 400 are measured, spread evenly", async () => {
  const recordings = Array.from({ length: 1000 }, (_, i) => recordingOf(i < 500 ? 0.5 : 1, i));
  const lengths = await measure(recordings);
  assertStrictEquals(lengths.length, 400);
  assertStrictEquals(lengths.filter((seconds) => seconds === 0.5).length, 200);
});

Deno.test("a length whose header is silent is told by decoding, at most to the limit", async () => {
  const path = "tests/vectors/decode/", names = [...Deno.readDirSync(path)].map(({ name }) => name);
  const mp3 = names.find((name) => name.endsWith(".mp3"))!;
  const recording: Recording = { id: mp3, location: { kind: "file", path: path + mp3 } };
  const [seconds] = await measure([recording]),
    [cut] = await measureLengths([recording], 0.1, openLocation);
  assertStrictEquals(seconds > 0.1, true);
  assertStrictEquals(cut, 0.1);
});

Deno.test("clips are as long as nineteen of twenty recordings, in tenths, from 0.5 to 5 s", async () => {
  const hundred = (seconds: number, longest: number) =>
    Array.from({ length: 100 }, (_, i) => recordingOf(i < 96 ? seconds : longest, i));
  assertStrictEquals(await chooseSeconds(hundred(0.91, 30)), 1);
  assertStrictEquals(await chooseSeconds(hundred(1.2, 30)), 1.2);
  assertStrictEquals(await chooseSeconds(hundred(0.1, 30)), 0.5);
  assertStrictEquals(await chooseSeconds(hundred(8, 30)), 5);
  assertStrictEquals(await chooseSeconds([broken]), 5);
});

Deno.test("what shorter clips would save is said where nine of ten recordings fill less than half a clip", async () => {
  const recordings = Array.from({ length: 20 }, (_, i) => recordingOf(i < 19 ? 0.9 : 4, i));
  const advice = await adviseSeconds(recordings, defaultFrontEnd, "--seconds auto");
  assertMatch(
    advice!,
    /half of a clip's 5 s.*--seconds auto takes 1\.1 s, and computes 4\.5 times less/,
  );
  const short = { ...defaultFrontEnd, durationSeconds: 1.5 };
  assertStrictEquals(await adviseSeconds(recordings, short, "--seconds auto"), undefined);
  assertStrictEquals(await adviseSeconds([broken], defaultFrontEnd, "--seconds auto"), undefined);
  const long = recordings.map((_, i) => recordingOf(i < 17 ? 0.9 : 4, i));
  assertStrictEquals(await adviseSeconds(long, defaultFrontEnd, "--seconds auto"), undefined);
});

Deno.test("clips of annotated recordings are as long as nineteen of twenty annotations", async () => {
  const annotations = Array.from({ length: 20 }, (_, i) => ({
    ...{ startSeconds: 2 * i, endSeconds: 2 * i + 0.04 * (i + 1), label: "a" },
  }));
  const recordings = [{ ...recordingOf(60, 0), annotations }, { ...broken, annotations: [] }];
  assertStrictEquals(await chooseSeconds(recordings), 0.8);
});
