import { assert, assertEquals, assertNotEquals, assertStrictEquals } from "@std/assert";
import { defaultPolicy } from "../../pipeline/augment/augment.ts";
import type { FeatureGraphOptions } from "../../pipeline/graph_options.ts";
import { fitLength } from "../../pipeline/fit_length.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { encodeWav, withFolder, writeTone } from "../fixtures.ts";
import { noise } from "./dsp/signals.ts";
import { featuresOf, openGraph, requestFor, run } from "./run_graph.ts";

const plain: FeatureGraphOptions = { frontEnd: defaultFrontEnd, seed: 1 };
const augmented: FeatureGraphOptions = { ...plain, augment: defaultPolicy };

Deno.test("a recording's features are bit-equal in training, validation and prediction", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 440, "a");
    const [training] = await run(augmented, [requestFor(`${dir}/a.wav`, { epoch: 3 })]);
    const [validation] = await run(plain, [requestFor(`${dir}/a.wav`)]);
    const [prediction] = await run({ ...plain, seed: 9 }, [requestFor(`${dir}/a.wav`)]);
    assertStrictEquals(featuresOf(training).length, 128 * 216);
    assertSameBits(featuresOf(training), featuresOf(validation));
    assertSameBits(featuresOf(validation), featuresOf(prediction));
  }));

Deno.test("an augmented copy is a function of seed, epoch, clip and copy; without the stage it is the recording", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 440, "a", { seconds: 2 });
    const path = `${dir}/a.wav`;
    // Several copies, since one may draw `none`.
    const copies = (epoch: number) =>
      [1, 2, 3, 4, 5, 6].map((copy) => requestFor(path, { epoch, copy }));
    const draw = async (options: FeatureGraphOptions, epoch: number) =>
      (await run(options, copies(epoch))).map(featuresOf);
    const once = await draw(augmented, 0);
    assertSameBits(await draw(augmented, 0), once);
    assertNotEquals(await draw(augmented, 1), once);
    assertNotEquals(await draw({ ...augmented, seed: 2 }, 0), once);
    const original = featuresOf((await run(plain, [requestFor(path)]))[0]);
    assert(once.some((features) => features.some((x, i) => x !== original[i])));
    for (const features of await draw(plain, 0)) assertSameBits(features, original);
  }));

Deno.test("a clip that cannot be read leaves the graph as a failure in its place; its neighbours are whole", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 440, "a");
    await writeTone(`${dir}/b.wav`, 880, "b");
    await Deno.writeTextFile(`${dir}/text.wav`, "this is no sound");
    const alone = featuresOf((await run(plain, [requestFor(`${dir}/b.wav`)]))[0]);
    const results = await run(
      plain,
      ["a", "text", "missing", "b"].map((name) => requestFor(`${dir}/${name}.wav`)),
    );
    assertEquals(results.map(({ kind }) => kind), [
      "features",
      "failure",
      "failure",
      "features",
    ]);
    assertSameBits(featuresOf(results[3]), alone);
    for (const [result, name] of [[results[1], "text.wav"], [results[2], "missing.wav"]] as const) {
      assert(result.kind === "failure" && result.failure.stage === "decode");
      assert(result.failure.message.includes(`${dir}/${name}`), result.failure.message);
      assert(!result.failure.message.includes("\n"));
    }
  }));

Deno.test("features go where the task says", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 440, "a");
    const out = new Float32Array(new SharedArrayBuffer(4 * 128 * 216));
    const graph = openGraph(plain);
    const writer = graph.writable.getWriter();
    writer.write({ request: requestFor(`${dir}/a.wav`), out });
    writer.close();
    const { value } = await graph.readable.getReader().read();
    assertStrictEquals(featuresOf(value!), out);
    assert(Math.max(...out) === 0 && Math.min(...out) >= -80);
  }));

Deno.test("what went through the graph before leaves no trace: long, short and augmented clips, of many rates", () =>
  withFolder(async (dir) => {
    const rates = [8000, 22050, 44100], requests: FeatureRequest[] = [];
    for (const [i, seconds] of [6, 0.3, 5, 0.1, 7, 1].entries()) {
      const path = `${dir}/${i}.wav`;
      await Deno.writeFile(path, encodeWav(noise(seconds * rates[i % 3]), rates[i % 3]));
      for (const copy of [0, 1, 2, 3]) requests.push(requestFor(path, { copy }));
    }
    const together = await run(augmented, requests);
    for (const [i, request] of requests.entries()) {
      const [alone] = await run(augmented, [request]);
      assertSameBits(featuresOf(together[i]), featuresOf(alone), request.clip.recording.id);
    }
  }));

Deno.test("clips are padded with zeros or cut", () => {
  assertSameBits(fitLength(Float32Array.of(1, 2), 4), Float32Array.of(1, 2, 0, 0));
  assertSameBits(fitLength(Float32Array.of(1, 2, 3), 2), Float32Array.of(1, 2));
  const same = Float32Array.of(1, 2);
  assertStrictEquals(fitLength(same, 2), same);
});
