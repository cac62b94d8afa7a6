/** What happens to augmented copies beside the policy's draw: random crop, masks, background. */
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  applyAugmentation,
  applyPadding,
  applyResizedCrop,
  applySpecAugment,
  backgroundPolicy,
  defaultPolicy,
  defaultSpecAugment,
  drawAugmentation,
  drawCropStart,
  drawPadding,
  drawResizedCrop,
  drawSpecAugment,
  parsePolicy,
} from "../../pipeline/augment/augment.ts";
import { decodeFile } from "../../pipeline/decode/decode_file.ts";
import { maxSamples } from "../../pipeline/decode/mono_collector.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import type { FeatureGraphOptions } from "../../pipeline/graph_options.ts";
import { fitLength } from "../../pipeline/fit_length.ts";
import {
  describeLocation,
  fileLocation,
  type Location,
} from "../../pipeline/locations/location.ts";
import {
  clipSamples,
  defaultFrontEnd,
  type FrontEnd,
  numFrames,
} from "../../pipeline/front_end.ts";
import { createRandom } from "../../pipeline/random.ts";
import { assertFails } from "../assert_failure.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { encodeWav, withFolder, writeTone } from "../fixtures.ts";
import { featuresOf, openGraph, requestFor, run, runTasks } from "./run_graph.ts";

const dsp = await loadDsp();
const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };
const plain: FeatureGraphOptions = { frontEnd, seed: 1 };
const { sampleRateHz } = frontEnd, length = clipSamples(frontEnd);
const shape = { melBands: 32, numFrames: numFrames(frontEnd) };

function logMelOf(samples: Float32Array): Float32Array {
  const features = new Float32Array(shape.melBands * shape.numFrames);
  dsp.createLogMel(frontEnd).compute(samples, features);
  return features;
}

/** A part of a file at the front end's rate. */
async function readClip(path: string, startSeconds = 0): Promise<Float32Array> {
  const audio = await decodeFile(path, { startSeconds, durationSeconds: 0.5 });
  return dsp.resample(audio.samples, audio.sampleRateHz, sampleRateHz).slice(0, length);
}

/** Copies 0 to 4 of a file in each of two epochs. */
const copiesOf = (path: string) =>
  [0, 1].flatMap((epoch) => [0, 1, 2, 3, 4].map((copy) => requestFor(path, { epoch, copy })));

Deno.test("copies that share a recording's sound have the same features, and leave it as it is", () =>
  withFolder(async (dir) => {
    const path = `${dir}/short.wav`, options = { ...plain, augment: defaultPolicy };
    await writeTone(path, 440, 1, { seconds: 0.4 });
    const requests = Array.from({ length: 24 }, (_, copy) => requestFor(path, { copy }));
    const alone = await run(options, requests);
    const samples = new Float32Array(length).fill(NaN);
    const soundLength = new Uint32Array(1), place = { samples, soundLength };
    await runTasks(options, [{ request: requests[3], shared: { ...place, isFilled: false } }]);
    const filled = samples.slice();
    assertSameBits(filled, fitLength(await readClip(path), length));
    await Deno.remove(path);
    assertEquals([...soundLength], [Math.round(0.4 * sampleRateHz)]);
    const shared = { ...place, isFilled: true };
    const results = await runTasks(options, requests.map((request) => ({ request, shared })));
    assertSameBits(results.map(featuresOf), alone.map(featuresOf));
    assertSameBits(samples, filled);
  }));

Deno.test("random crop: copies begin where their draw says, the recording itself at its start", () =>
  withFolder(async (dir) => {
    const path = `${dir}/long.wav`;
    await Deno.writeFile(
      path,
      encodeWav(new Float32Array(20 * 8000).map((_, i) => Math.sin(1e-6 * i * i)), 8000),
    );
    const start = logMelOf(await readClip(path));
    for (const request of copiesOf(path)) {
      const [cropped] = await run({ ...plain, crop: "random" }, [request]);
      const [fromStart] = await run({ ...plain, crop: "start" }, [request]);
      const { epoch, copy, clip } = request;
      const random = createRandom(1, epoch, clip.recording.id, copy, "crop");
      const startSeconds = copy === 0 ? 0 : drawCropStart(20, 0.5, random);
      assertSameBits(featuresOf(cropped), logMelOf(await readClip(path, startSeconds)));
      assertStrictEquals(copy === 0, featuresOf(cropped).every((x, i) => x === start[i]));
      assertSameBits(featuresOf(fromStart), start);
    }
  }));

Deno.test("random crop: a recording no longer than a clip is taken from its start", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/short.wav`, 440, "short", { seconds: 0.5 });
    const results = await run({ ...plain, crop: "random" }, copiesOf(`${dir}/short.wav`));
    for (const result of results) assertSameBits(featuresOf(result), featuresOf(results[0]));
  }));

Deno.test("random crop: of two hours no more than the clip is decoded", () =>
  withFolder(async (dir) => {
    const path = `${dir}/hours.wav`, dataBytes = 2 * 3600 * 44100 * 2;
    const bytes = encodeWav(new Float32Array(0), 44100), view = new DataView(bytes.buffer);
    view.setUint32(4, 36 + dataBytes, true);
    view.setUint32(40, dataBytes, true);
    await Deno.writeFile(path, bytes);
    await Deno.truncate(path, bytes.length + dataBytes); // a file with a hole: it takes no disk
    // Whoever asked for all of it would get a failure.
    assert(dataBytes / 2 > maxSamples);
    for (const result of await run({ ...plain, crop: "random" }, copiesOf(path))) {
      assert(featuresOf(result).every((x) => x === 0));
    }
  }));

Deno.test("padding: copies are filled up by their draws, however their sound is come by; others stay", () =>
  withFolder(async (dir) => {
    // It ends in silence of its own, which is not padding.
    const sound = Float32Array.from({ length: 6000 }, (_, i) => i < 4000 ? Math.sin(i / 9) : 0);
    const path = `${dir}/short.wav`, long = `${dir}/long.wav`;
    await Deno.writeFile(path, encodeWav(sound, 22050));
    await writeTone(long, 440, 1, { seconds: 0.5 });
    const clip = (await readClip(path)).slice(),
      options = { ...plain, augment: parsePolicy("none") };
    assertStrictEquals(clip.length, 6000);
    const samples = new Float32Array(length), soundLength = new Uint32Array(1);
    const shared = { samples, soundLength, isFilled: true };
    await runTasks(options, [{
      request: requestFor(path),
      shared: { ...shared, isFilled: false },
    }]);
    for (const pad of ["random", "repeat", "mixed"] as const) {
      for (const request of copiesOf(path)) {
        const { epoch, copy } = request, expected = new Float32Array(length);
        const draw = drawPadding(pad, createRandom(1, epoch, "short.wav", copy, "pad"));
        if (copy === 0) expected.set(clip);
        else applyPadding(draw, clip, expected);
        const alone = await run({ ...options, pad }, [request]);
        const other = await runTasks({ ...options, pad }, [{ request, shared }]);
        assertSameBits([...alone, ...other].map(featuresOf), [
          logMelOf(expected),
          logMelOf(expected),
        ]);
      }
      const [original, copy] = await run({ ...options, pad }, copiesOf(long).slice(0, 2));
      assertSameBits(featuresOf(copy), featuresOf(original));
    }
    assertSameBits(samples, fitLength(clip, length));
  }));

Deno.test("SpecAugment masks the copies by their draws and leaves the recording as it is", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 440, "a");
    const original = featuresOf((await run(plain, [requestFor(`${dir}/a.wav`)]))[0]);
    for (const request of copiesOf(`${dir}/a.wav`)) {
      const [result] = await run({ ...plain, specAugment: defaultSpecAugment }, [request]);
      const { epoch, copy, clip } = request, expected = original.slice();
      if (copy > 0) {
        const random = createRandom(1, epoch, clip.recording.id, copy, "spec-augment");
        applySpecAugment(drawSpecAugment(defaultSpecAugment, shape, random), expected, shape);
        assertNotEquals(expected, original);
      }
      assertSameBits(featuresOf(result), expected);
    }
  }));

Deno.test("a share of the copies is resized by their draws before it is masked; the recording stays as it is", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 440, "a");
    const original = featuresOf((await run(plain, [requestFor(`${dir}/a.wav`)]))[0]);
    let count = 0;
    for (const request of copiesOf(`${dir}/a.wav`)) {
      const options = { ...plain, resizedCrop: 0.5, specAugment: defaultSpecAugment };
      const [result] = await run(options, [request]), expected = original.slice();
      const random = (key: string) => createRandom(1, request.epoch, "a.wav", request.copy, key);
      const coin = random("resized-crop");
      if (request.copy > 0 && coin.next() < 0.5) {
        applyResizedCrop(drawResizedCrop(coin), expected, shape);
        count++;
      }
      if (request.copy > 0) {
        const draw = drawSpecAugment(defaultSpecAugment, shape, random("spec-augment"));
        applySpecAugment(draw, expected, shape);
      }
      assertSameBits(featuresOf(result), expected);
    }
    assert(count > 0 && count < 8, `${count} of 8 resized`);
  }));

/** A folder with a clip and three backgrounds: two short ones and one of 40 s. */
async function writeBackgrounds(dir: string): Promise<Location[]> {
  await writeTone(`${dir}/a.wav`, 440, "a");
  const paths = ["one", "two", "long"].map((name) => `${dir}/background/${name}.wav`);
  for (const [i, path] of paths.entries()) {
    await writeTone(path, 900 + 700 * i, path, { seconds: i === 2 ? 40 : 0.3 + 0.4 * i });
  }
  return paths.map(fileLocation);
}

const onlyBackground = parsePolicy("background-noise");

Deno.test("background noise: the drawn part of the drawn recording is mixed in", () =>
  withFolder(async (dir) => {
    const background = await writeBackgrounds(dir), clip = await readClip(`${dir}/a.wav`);
    const used = new Set<number>();
    for (const request of copiesOf(`${dir}/a.wav`)) {
      const [result] = await run({ ...plain, augment: onlyBackground, background }, [request]);
      const { epoch, copy } = request;
      if (copy === 0) {
        assertSameBits(featuresOf(result), logMelOf(clip));
        continue;
      }
      const draw = drawAugmentation(
        onlyBackground,
        createRandom(1, epoch, "a.wav", copy, "augment"),
      );
      assert(draw.kind === "background-noise");
      const index = Math.floor(3 * draw.choice);
      used.add(index);
      const window = index === 2
        ? { startSeconds: draw.offset * 39.5, durationSeconds: 0.5 } // the stretch alone is read
        : {};
      const audio = await decodeFile(describeLocation(background[index]), window);
      const samples = dsp.resample(audio.samples, audio.sampleRateHz, sampleRateHz);
      const mixed = applyAugmentation({ ...draw, offset: index === 2 ? 0 : draw.offset }, clip, {
        sampleRateHz,
        dsp,
        background: samples,
      });
      assertSameBits(featuresOf(result), logMelOf(mixed));
    }
    assertStrictEquals(used.size, 3);
  }));

Deno.test("a chain's copies are what its draws make of the clip, background included", () =>
  withFolder(async (dir) => {
    const background = (await writeBackgrounds(dir)).slice(0, 1);
    const clip = await readClip(`${dir}/a.wav`);
    const policy = parsePolicy("chain:background-noise=0.7,time-shift=0.7,gain=0.3");
    const audio = await decodeFile(describeLocation(background[0]));
    const context = {
      sampleRateHz,
      dsp,
      background: dsp.resample(audio.samples, audio.sampleRateHz, sampleRateHz),
    };
    const numDraws = new Set<number>();
    for (const request of copiesOf(`${dir}/a.wav`)) {
      const [result] = await run({ ...plain, augment: policy, background }, [request]);
      const { epoch, copy } = request, random = createRandom(1, epoch, "a.wav", copy, "augment");
      const draw = drawAugmentation(policy, random);
      assert(draw.kind === "chain");
      if (copy > 0) numDraws.add(draw.draws.length);
      const expected = copy === 0 ? clip : applyAugmentation(draw, clip, context);
      assertSameBits(featuresOf(result), logMelOf(fitLength(expected, length)));
    }
    assert(numDraws.size > 1, `chains of ${[...numDraws]} transforms`);
  }));

Deno.test("background noise: one that cannot be read is named and the next one taken; without any the graph ends", () =>
  withFolder(async (dir) => {
    const background = await writeBackgrounds(dir), [, two] = background;
    const requests = copiesOf(`${dir}/a.wav`), notices: string[] = [];
    const options = { ...plain, augment: onlyBackground, background };
    for (const location of background.filter((location) => location !== two)) {
      await Deno.writeTextFile(describeLocation(location), "no sound");
    }
    const results = await run(options, requests, notices);
    const alone = await run({ ...options, background: [two] }, requests);
    assertSameBits(results.map(featuresOf), alone.map(featuresOf));
    const named = notices.map((text) => /left out: Cannot decode \S*\/(\w+).wav/.exec(text)?.[1]);
    assertEquals([...new Set(named)].sort(), ["long", "one"]);

    await Deno.remove(describeLocation(two));
    await assertFails(run(options, requests), {
      name: "BackgroundError",
      message: /^Cannot mix in background noise as one of 3 recordings must be readable/,
    });
  }));

Deno.test("background noise without recordings is refused when the graph is built", () => {
  const build = (options: Partial<FeatureGraphOptions>) => openGraph({ ...plain, ...options });
  assertFails(() => build({ augment: backgroundPolicy }), /at least 1 recording of it/);
  assertThrows(() => build({ augment: backgroundPolicy, background: [] }), RangeError);
  build({ augment: parsePolicy("background-noise=0,none") });
});
