/** Parts of recordings are what they would be as files of their own, to the bit. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { openCacheFolder } from "../../pipeline/cache/cache_folder.ts";
import { firstClips, soundKey } from "../../pipeline/clip.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import type { Location } from "../../pipeline/locations/location.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { measureLengths } from "../../pipeline/recording_length.ts";
import { createWindowing, windowsOf } from "../../pipeline/windows.ts";
import { cutStretch } from "../../run/segments/cut_stretch.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { encodeWav, withFolder } from "../fixtures.ts";
import { noise } from "./dsp/signals.ts";
import { featuresOf, type GraphSetting, run } from "./run_graph.ts";

const sampleRateHz = 8000, sound = noise(6 * sampleRateHz);
const frontEnd = { ...defaultFrontEnd, durationSeconds: 1 };
/** Beginnings and ends, in seconds: within, to the end, past it, shorter than a clip. */
const parts = [[0, 1.5], [1.25, 3.75], [4.5, undefined], [5, 9], [2, 2.25]] as const;

/** The parts of one file, and files of the same sound. */
async function writeParts(dir: string): Promise<{ inOne: Recording[]; apart: Recording[] }> {
  const write = async (name: string, samples: Float32Array): Promise<Location> => {
    await Deno.writeFile(`${dir}/${name}`, encodeWav(samples, sampleRateHz));
    return { kind: "file", path: `${dir}/${name}` };
  };
  const whole = await write("whole.wav", sound), inOne: Recording[] = [], apart: Recording[] = [];
  for (const [i, [startSeconds, endSeconds]] of parts.entries()) {
    inOne.push({ id: `${i}`, location: whole, part: { startSeconds, endSeconds } });
    const [start, end = undefined] = [startSeconds, endSeconds].map((it) =>
      it && it * sampleRateHz
    );
    apart.push({ id: `${i}`, location: await write(`${i}.wav`, sound.slice(start, end)) });
  }
  return { inOne, apart };
}

Deno.test("features of parts are those of files: whole, cropped, from the cache, in windows", () =>
  withFolder(async (dir) => {
    const { inOne, apart } = await writeParts(dir);
    const cache = await openCacheFolder(`${dir}/cache`, 1e9);
    const settings: readonly GraphSetting[] = [
      { frontEnd, seed: 1 },
      { frontEnd, seed: 1, crop: "random" },
      { frontEnd, seed: 1, crop: "random", cache },
      { frontEnd, seed: 1, crop: "random", cache },
    ];
    const requestsOf = (recordings: readonly Recording[]) =>
      firstClips(recordings).flatMap((clip) => [0, 1, 2].map((copy) => ({ clip, epoch: 0, copy })));
    for (const options of settings) {
      const [seen, expected] = [
        await run(options, requestsOf(inOne)),
        await run(options, requestsOf(apart)),
      ];
      assertSameBits(seen.map(featuresOf), expected.map(featuresOf));
      assertEquals(
        seen.map(({ trace }) => trace.remarks),
        expected.map(({ trace }) => trace.remarks),
      );
    }
    const windowing = createWindowing(frontEnd, { windowSeconds: 0.8, hopSeconds: 0.5 });
    const inWindows = async (recordings: readonly Recording[]) => {
      const clips = await Array.fromAsync(
        windowsOf(recordings, windowing, openLocation, () => true),
      );
      const requests = clips.map((clip) => ({ clip, epoch: 0, copy: 0 }));
      const results = await run({ frontEnd, seed: 1, order: "forward" }, requests);
      return {
        starts: clips.map(({ start }) => start),
        ends: results.map(({ trace }) => trace.endSample),
        results,
      };
    };
    const near = await inWindows(inOne), far = await inWindows(apart);
    assertEquals([near.starts, near.ends], [far.starts, far.ends]);
    assertSameBits(near.results.map(featuresOf), far.results.map(featuresOf));
    assert(near.starts.length > parts.length + 4);
  }));

Deno.test("parts have their own lengths and keys; one behind the end is said; events in them are cut", () =>
  withFolder(async (dir) => {
    const { inOne } = await writeParts(dir);
    assertEquals(
      [...await measureLengths(inOne, 5, openLocation)],
      [0.25, 1, 1.5, 1.5, 2.5],
    );
    assertEquals(new Set(firstClips(inOne).map(soundKey)).size, parts.length);
    const behind = { ...inOne[0], part: { startSeconds: 7 } };
    const [result] = await run({ frontEnd, seed: 1 }, [{
      clip: firstClips([behind])[0],
      epoch: 0,
      copy: 0,
    }]);
    assert(result.kind === "failure" && !result.failure.isPastEnd);
    assertMatch(
      result.failure.message,
      /whole\.wav: expected sound from 7\.000 s on, saw its end before/,
    );
    using source = await openLocation(inOne[1].location);
    const options = { contextSeconds: 0, longestSeconds: 5 };
    const cut = await cutStretch({ start: 0.5, end: 1 }, source, options, inOne[1].part);
    assertEquals([cut.startSeconds, cut.samples.length], [0.5, 4000]);
    const start = 1.75 * sampleRateHz;
    assert(cut.samples.every((sample, i) => Math.abs(sample - sound[start + i]) < 1e-4));
  }));
