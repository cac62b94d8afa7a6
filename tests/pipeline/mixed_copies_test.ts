/** Copies that are mixes of two clips: what the graph makes of them, and who is to blame. */
import { assertEquals, assertMatch, assertNotEquals, assertStrictEquals } from "@std/assert";
import {
  applyAugmentation,
  applyPadding,
  drawAugmentation,
  drawPadding,
  mixSounds,
  parsePolicy,
} from "../../pipeline/augment/augment.ts";
import { decodeFile } from "../../pipeline/decode/decode_file.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import type { FeatureGraphOptions } from "../../pipeline/graph_options.ts";
import { clipSamples, defaultFrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { createRandom } from "../../pipeline/random.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import { FeaturePool } from "../../workers/feature_pool.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { clipAt, withFolder, writeTone } from "../fixtures.ts";
import { featuresOf, requestFor, run, runTasks } from "./run_graph.ts";

const dsp = await loadDsp();
const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };
const { sampleRateHz } = frontEnd, length = clipSamples(frontEnd);
const augment = parsePolicy("gain:gainDb=-20");
const options: FeatureGraphOptions = { frontEnd, seed: 1, augment, mixSounds: 1 };

/** A recording of 0.3 s and one of 0.8 s, and a copy of each that is mixed with the other. */
async function writeMixes(dir: string): Promise<[FeatureRequest, FeatureRequest]> {
  const short = `${dir}/short.wav`, long = `${dir}/long.wav`;
  await writeTone(short, 440, 1, { seconds: 0.3 });
  await writeTone(long, 1500, 1, { sampleRateHz: 16000, seconds: 0.8 });
  return [
    requestFor(short, { copy: 1, mix: { clip: clipAt(long), ratio: 0.7 } }),
    requestFor(long, { copy: 2, mix: { clip: clipAt(short), ratio: 0.2 } }),
  ];
}

/** A clip's sound as copy `copy` of it is filled up. */
async function readClip(path: string, copy: number): Promise<Float32Array> {
  const audio = await decodeFile(path, { durationSeconds: 0.5 });
  const sound = dsp.resample(audio.samples, audio.sampleRateHz, sampleRateHz).slice(0, length);
  const padded = new Float32Array(length);
  const id = path.slice(path.lastIndexOf("/") + 1);
  applyPadding(drawPadding("repeat", createRandom(1, 0, id, copy, "pad")), sound, padded);
  return padded;
}

Deno.test("a mixed copy is both clips as their copies begin, augmented together", () =>
  withFolder(async (dir) => {
    const requests = await writeMixes(dir);
    const results = await run({ ...options, pad: "repeat" }, requests);
    for (const [i, path] of [`${dir}/short.wav`, `${dir}/long.wav`].entries()) {
      const { copy, mix, clip } = requests[i],
        expected = new Float32Array(32 * numFrames(frontEnd));
      const own = await readClip(path, copy);
      const other = await readClip(i === 0 ? `${dir}/long.wav` : `${dir}/short.wav`, copy);
      mixSounds(own, other, mix!.ratio, sampleRateHz, own);
      const random = createRandom(1, 0, clip.recording.id, copy, "augment");
      const draw = drawAugmentation(augment, random);
      const changed = applyAugmentation(draw, own, { sampleRateHz, dsp });
      dsp.createLogMel(frontEnd).compute(changed, expected);
      assertSameBits(featuresOf(results[i]), expected);
    }
    const [unmixed] = await run({ ...options, mixSounds: 0 }, requests);
    assertNotEquals(featuresOf(unmixed), featuresOf(results[0]));
  }));

Deno.test("a partner's sound may be at hand, and stays as it is", () =>
  withFolder(async (dir) => {
    const [request] = await writeMixes(dir);
    const partner = { samples: new Float32Array(length), soundLength: new Uint32Array(1) };
    const [alone] = await run(options, [request]);
    const other = requestFor(`${dir}/long.wav`);
    await runTasks(options, [{ request: other, shared: { ...partner, isFilled: false } }]);
    await Deno.remove(`${dir}/long.wav`);
    const filled = partner.samples.slice();
    const task = { request, partner: { ...partner, isFilled: true } };
    const results = await runTasks(options, [task, task]);
    assertSameBits(results.map(featuresOf), [alone, alone].map(featuresOf));
    assertSameBits(partner.samples, filled);
  }));

Deno.test("where the partner cannot be read, the failure is the partner's", () =>
  withFolder(async (dir) => {
    const [request] = await writeMixes(dir);
    await Deno.writeTextFile(`${dir}/long.wav`, "no sound");
    const [result, ...others] = await run(options, [request, requestFor(`${dir}/short.wav`)]);
    assertStrictEquals(result.kind, "failure");
    if (result.kind !== "failure") return;
    const { failure } = result;
    assertEquals([failure.request.clip, failure.stage], [request.mix!.clip, "decode"]);
    assertMatch(failure.message, /^Cannot decode \S*long.wav/);
    assertEquals(others.map(({ kind }) => kind), ["features"]);
  }));

Deno.test("mixed copies are the same for one worker and for three, whatever lies in shared memory", () =>
  withFolder(async (dir) => {
    const mixes = await writeMixes(dir),
      again = mixes.map((mix) => ({ ...mix, copy: mix.copy + 2 }));
    const plain = [requestFor(`${dir}/short.wav`), requestFor(`${dir}/long.wav`)];
    const requests = [...mixes, ...plain, ...again, ...mixes];
    const alone = (await run(options, requests)).map(featuresOf);
    for (const workers of [1, 3]) {
      const pool = new FeaturePool({ workers });
      try {
        const source = ReadableStream.from(requests);
        for await (
          const batch of createBatchStream(pool, source, { graph: options, batchSize: 8 })
        ) {
          const cells = alone[0].length;
          const rows = alone.map((_, i) => batch.inputs.slice(i * cells, (i + 1) * cells));
          assertSameBits(rows, alone);
          batch.release();
        }
      } finally {
        pool.close();
      }
    }
  }));
