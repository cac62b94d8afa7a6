import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { bytesSource, type OpenSource } from "../../../pipeline/locations/byte_source.ts";
import type { Location } from "../../../pipeline/locations/location.ts";
import { openPatiently, TransientError, waitFor } from "../../../pipeline/locations/patience.ts";
import { defaultFrontEnd } from "../../../pipeline/front_end.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { encodeWav, recordingAt } from "../../fixtures.ts";
import { noise } from "../dsp/signals.ts";
import { featuresOf, openGraph, run } from "../run_graph.ts";

const quick = { timeoutMs: 50, attempts: 3, pauseMs: 1 };
const nothing = () => {};

Deno.test("a fault that passes is asked again, one that stays is thrown at once", async () => {
  let asked = 0;
  const second = () => {
    if (++asked < 3) throw new TransientError("503");
    return "here";
  };
  assertStrictEquals(await waitFor(second, quick, nothing), "here");
  assertStrictEquals(asked, 3);
  asked = 0;
  await assertFails(
    waitFor(
      () => {
        asked++;
        throw new Error("404");
      },
      quick,
      nothing,
    ),
    /404/,
  );
  assertStrictEquals(asked, 1);
  asked = 0;
  await assertFails(
    waitFor(
      () => {
        asked++;
        throw new TransientError("busy");
      },
      quick,
      nothing,
    ),
    /busy/,
  );
  assertStrictEquals(asked, 3, "no more often than was said");
});

Deno.test("an answer that does not come is given up, and discarded when it comes after all", async () => {
  const late = Promise.withResolvers<string>(), discarded: string[] = [];
  const keep = (text: string) => void discarded.push(text);
  await assertFails(
    waitFor(() => late.promise, { ...quick, attempts: 1 }, nothing, keep),
    /no answer within 0\.05 s/,
  );
  late.resolve("late");
  await late.promise;
  await Promise.resolve();
  assertEquals(discarded, ["late"]);
});

/** A server that answers every second question with a fault. */
function shakyOpener(bytes: Uint8Array): { open: () => Promise<OpenSource>; faults: number } {
  const state = { faults: 0, asked: 0, open: () => Promise.resolve(source) };
  const whole = bytesSource("shaky", bytes);
  const source: OpenSource = {
    ...whole,
    read: async (offset, length) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (state.asked++ % 2 === 0) {
        state.faults++;
        throw new TransientError("the connection was cut");
      }
      return whole.read(offset, length);
    },
  };
  return state;
}

const url = (name: string): Location => ({ kind: "url", url: `https://example.com/${name}` });

Deno.test("reading goes on over faults in the middle", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i), server = shakyOpener(bytes);
  using source = await openPatiently(server.open, url("a"), quick, nothing);
  for (const at of [0, 400, 900]) {
    assertSameBits(await source.read(at, 100), bytes.subarray(at, at + 100));
  }
  assertStrictEquals(server.faults, 3);
});

Deno.test("the graph has the same bits from a shaky server as from a file, a few fetched ahead in order", async () => {
  const files = [0, 1, 2, 3, 4].map((i) => encodeWav(noise(4000 + 100 * i), 8000));
  const requests = files.map((_, i) => ({
    clip: { recording: recordingAt("", { id: `${i}`, location: url(`${i}`) }), start: 0 },
    epoch: 0,
    copy: 0,
  }));
  const options = { frontEnd: { ...defaultFrontEnd, durationSeconds: 0.5 }, seed: 1 };
  const open = (location: Location) =>
    shakyOpener(files[Number(location.kind === "url" && location.url.at(-1))]).open();
  const graph = openGraph(options, { open, patience: quick });
  const tasks = ReadableStream.from(requests.map((request) => ({ request })));
  const results = await Array.fromAsync(tasks.pipeThrough(graph));
  const inMemory = requests.map(({ clip, ...rest }, i) => {
    const location: Location = { kind: "memory", name: `${i}`, bytes: files[i] };
    return { ...rest, clip: { ...clip, recording: { ...clip.recording, location } } };
  });
  const expected = await run(options, inMemory);
  assertSameBits(results.map(featuresOf), expected.map(featuresOf));
});

Deno.test("a recording that cannot be fetched fails alone, with its address and its stage", async () => {
  const clip = { recording: recordingAt("", { location: url("gone") }), start: 0 };
  const open = () => Promise.reject(new TransientError("503 Service Unavailable"));
  const graph = openGraph({ frontEnd: defaultFrontEnd, seed: 1 }, { open, patience: quick });
  const tasks = ReadableStream.from([{ request: { clip, epoch: 0, copy: 0 } }]);
  const [result] = await Array.fromAsync(tasks.pipeThrough(graph));
  assert(result.kind === "failure");
  assertStrictEquals(result.failure.stage, "fetch");
  assertMatch(
    result.failure.message,
    /https:\/\/example\.com\/gone: .*503 Service Unavailable \(after 3 tries\)/,
  );
});
