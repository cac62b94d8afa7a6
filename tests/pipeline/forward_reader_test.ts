import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Clip } from "../../pipeline/clip.ts";
import type { FeatureGraphOptions, FeatureResult } from "../../pipeline/graph_options.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import type { OpenSource } from "../../pipeline/locations/byte_source.ts";
import { fileLocation, type Location } from "../../pipeline/locations/location.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { encodeWav, recordingAt, withFolder } from "../fixtures.ts";
import { fixtureNames, fixturePath } from "./decode/fixtures.ts";
import { noise } from "./dsp/signals.ts";
import { featuresOf, openGraph, run } from "./run_graph.ts";

const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.2, melBands: 32 };
const plain: FeatureGraphOptions = { frontEnd, seed: 1 };
const forward: FeatureGraphOptions = { ...plain, order: "forward" };

/** A clip's features and where the recording ends in it, or that it is behind the end. */
const outcomeOf = (result: FeatureResult) =>
  result.kind === "features"
    ? { features: result.features, endSample: result.trace.endSample }
    : result.failure.isPastEnd;

/** Requests for clips at some starts, in samples at the front end's rate. */
const windowsOf = (location: Location, starts: readonly number[]) =>
  starts.map((start) => {
    const clip: Clip = { recording: recordingAt("", { location }), start };
    return { clip, epoch: 0, copy: 0 };
  });

Deno.test("windows read in one pass are those that are sought, of every format", async () => {
  const starts = [0, 1000, 2205, 2205, 4410, 9000, 22050, 500, 4410, 60000, 10_000_000];
  for (const name of fixtureNames) {
    const requests = windowsOf(fileLocation(fixturePath(name)), starts);
    const sought = await run(plain, requests), passed = await run(forward, requests);
    assertSameBits(passed.map(outcomeOf), sought.map(outcomeOf), name);
    assert(sought.some(({ kind }) => kind === "features"));
    const last = sought.at(-1)!;
    assert(last.kind === "failure" && last.failure.isPastEnd);
  }
});

/** Opens locations and counts what is open, and what was read. */
function countingOpener() {
  const counts = { opened: 0, closed: 0, bytesRead: 0 };
  const open = async (location: Location): Promise<OpenSource> => {
    counts.opened++;
    const source = await openLocation(location);
    return {
      name: source.name,
      size: source.size,
      read(offset, length, out) {
        counts.bytesRead += length;
        return source.read(offset, length, out);
      },
      [Symbol.dispose]() {
        counts.closed++;
        source[Symbol.dispose]();
      },
    };
  };
  return { counts, open };
}

Deno.test("of a recording whose windows overlap every byte is read once, and it is opened once", () =>
  withFolder(async (dir) => {
    await Deno.writeFile(`${dir}/a.wav`, encodeWav(noise(20 * 8000), 8000));
    await Deno.writeFile(`${dir}/b.wav`, encodeWav(noise(8000), 8000));
    const hops = Array.from({ length: 190 }, (_, i) => i * 2205);
    const requests = [
      ...windowsOf(fileLocation(`${dir}/a.wav`), hops),
      ...windowsOf(fileLocation(`${dir}/b.wav`), hops.slice(0, 5)),
    ];
    const { counts, open } = countingOpener(), graph = openGraph(forward, { open });
    const tasks = ReadableStream.from(requests.map((request) => ({ request })));
    const results = await Array.fromAsync(tasks.pipeThrough(graph));
    assert(results.every(({ kind }) => kind === "features"));
    assertEquals([counts.opened, counts.closed], [2, 2]);
    assert(counts.bytesRead < 1.1 * 2 * 21 * 8000, `${counts.bytesRead} bytes`);
  }));

Deno.test("windows in any order are those that are sought", () =>
  withFolder(async (dir) => {
    await Deno.writeFile(`${dir}/a.wav`, encodeWav(noise(3 * 11025), 11025));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(80000), { minLength: 1, maxLength: 8 }), async (starts) => {
        const requests = windowsOf(fileLocation(`${dir}/a.wav`), starts);
        const sought = await run(plain, requests), passed = await run(forward, requests);
        assertSameBits(passed.map(outcomeOf), sought.map(outcomeOf));
      }),
      { numRuns: 30 },
    );
  }));

Deno.test("a window is the stretch as a file of its own, at the model's rate and at twice that", () =>
  withFolder(async (dir) => {
    for (const rate of [22050, 44100]) {
      const samples = noise(4 * rate), perSample = rate / 22050;
      await Deno.writeFile(`${dir}/whole.wav`, encodeWav(samples, rate));
      const starts = [0, 2205, 11025, 44100];
      const passed = await run(forward, windowsOf(fileLocation(`${dir}/whole.wav`), starts));
      for (const [i, start] of starts.entries()) {
        const cut = samples.slice(start * perSample, start * perSample + rate * 0.2);
        await Deno.writeFile(`${dir}/cut.wav`, encodeWav(cut, rate));
        const [alone] = await run(plain, windowsOf(fileLocation(`${dir}/cut.wav`), [0]));
        assertSameBits(featuresOf(passed[i]), featuresOf(alone), `${rate} Hz from ${start}`);
      }
    }
  }));

Deno.test("a window with damage fails alone; the ones behind it are read", async () => {
  const samples = noise(3 * 8000), bytes = encodeWav(new Float32Array(2 * samples.length), 8000);
  const view = new DataView(bytes.buffer);
  view.setUint16(20, 3, true); // 32 bit float
  view.setUint32(28, 32000, true); // bytes a second
  view.setUint16(32, 4, true); // bytes a frame
  view.setUint16(34, 32, true);
  samples.forEach((x, i) => view.setFloat32(44 + 4 * i, x, true));
  view.setFloat32(44 + 4 * 5000, NaN, true); // at 0.625 s
  const location: Location = { kind: "memory", name: "damaged", bytes };
  const requests = windowsOf(location, [0, 4410, 8820, 13230, 17640, 22050]);
  for (const options of [plain, forward]) {
    const kinds = (await run(options, requests)).map(({ kind }) => kind);
    const expected = [0, 1, 2, 3, 4, 5].map((i) => i === 3 ? "failure" : "features");
    assertEquals(kinds, expected, JSON.stringify(options.order));
  }
});
