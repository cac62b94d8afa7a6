import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { defaultPolicy } from "../../pipeline/augment/augment.ts";
import type { Batch } from "../../pipeline/batch.ts";
import { type Clip, clipId } from "../../pipeline/clip.ts";
import type { FeatureGraphOptions } from "../../pipeline/graph_options.ts";
import { defaultFrontEnd, type FrontEnd } from "../../pipeline/front_end.ts";
import { type FeatureRequest, plainRequests, trainingRequests } from "../../pipeline/requests.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import { FeaturePool, type FeaturePoolOptions } from "../../workers/feature_pool.ts";
import { assertFails } from "../assert_failure.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { clipAt, withFolder, writeTone } from "../fixtures.ts";
import { openGraph } from "../pipeline/run_graph.ts";

const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 16 };
const graph: FeatureGraphOptions = { frontEnd, seed: 1, augment: defaultPolicy };

async function withPool<T>(
  options: FeaturePoolOptions,
  use: (pool: FeaturePool) => Promise<T>,
): Promise<T> {
  const pool = new FeaturePool(options);
  try {
    return await use(pool);
  } finally {
    pool.close();
  }
}

async function writeClips(dir: string, count: number): Promise<Clip[]> {
  const clips: Clip[] = [];
  for (let i = 0; i < count; i++) {
    // Longer and shorter ones by turns, so that a later clip can be done before an earlier one.
    await writeTone(`${dir}/${i}.wav`, 200 + 50 * i, i, { seconds: i % 3 === 0 ? 2 : 0.1 });
    clips.push(clipAt(`${dir}/${i}.wav`, { labels: ["tone"] }));
  }
  return clips;
}

/** Reads a stream to its end, keeping copies of what the batches held. */
async function collect(batches: ReadableStream<Batch>) {
  const collected = [];
  for await (const batch of batches) {
    collected.push({
      inputs: batch.inputs.slice(),
      clips: batch.clips.map(({ clip, copy }) => `${clipId(clip)}#${copy}`),
      failed: batch.rows.filter(({ failure }) => failure).map(({ request }) =>
        clipId(request.clip)
      ),
    });
    batch.release();
  }
  return collected;
}

Deno.test("one worker and three give the same batches, in the source's order, as one graph alone does", () =>
  withFolder(async (dir) => {
    const clips = await writeClips(dir, 11);
    const requests = () => trainingRequests(clips, { epoch: 0, seed: 1, augmentFactor: 1 });
    const order: string[] = [];
    for await (const { clip, copy } of requests()) order.push(`${clipId(clip)}#${copy}`);
    const byWorkers = (workers: number) =>
      withPool(
        { workers },
        (pool) => collect(createBatchStream(pool, requests(), { graph, batchSize: 4 })),
      );
    const one = await byWorkers(1), three = await byWorkers(3);
    assertEquals(one.map(({ clips }) => clips.length), [4, 4, 4, 4, 4, 2]);
    assertEquals(one.flatMap(({ clips }) => clips), order);
    assertSameBits(three, one);

    const alone = openGraph(graph);
    requests().pipeThrough(
      new TransformStream({
        transform: (request: FeatureRequest, controller) => controller.enqueue({ request }),
      }),
    ).pipeTo(alone.writable);
    const numCells = one[0].inputs.length / 4;
    let row = 0;
    for await (const result of alone.readable) {
      assert(result.kind === "features");
      const { inputs } = one[Math.floor(row / 4)], start = row % 4 * numCells;
      assertSameBits(result.features, inputs.slice(start, start + numCells));
      row++;
    }
    assertStrictEquals(row, 22);
  }));

Deno.test("a recording is decoded once for the copies that come soon after, in the next epoch, too", () =>
  withFolder(async (dir) => {
    await withPool({ workers: 1 }, async (pool) => {
      /** Asks for two copies of a recording, which is deleted between the two. */
      const failuresOf = async (options: FeatureGraphOptions) => {
        const [clip] = await writeClips(dir, 1);
        const isDeleted = Promise.withResolvers<void>();
        const source = ReadableStream.from((async function* () {
          yield { clip, epoch: 0, copy: 0 };
          await isDeleted.promise;
          yield { clip, epoch: 0, copy: 1 };
        })());
        let failures = 0;
        for await (
          const batch of createBatchStream(pool, source, { graph: options, batchSize: 1 })
        ) {
          await Deno.remove(`${dir}/0.wav`).catch(() => {});
          isDeleted.resolve();
          failures += batch.rows.filter(({ failure }) => failure).length;
          batch.release();
        }
        return failures;
      };
      assertStrictEquals(await failuresOf(graph), 0);
      const gone = ReadableStream.from([{
        clip: clipAt(`${dir}/0.wav`, { id: "gone" }),
        epoch: 1,
        copy: 2,
      }]);
      const [{ failed }] = await collect(createBatchStream(pool, gone, { graph, batchSize: 1 }));
      assertEquals(failed, []);
      assertStrictEquals(await failuresOf({ ...graph, crop: "random" }), 1, "another part of it");
      assertStrictEquals(await failuresOf({ ...graph, augment: undefined }), 1, "nothing is kept");
    });
  }));

Deno.test("a stream that has ended leaves its memory to the next, once all its batches are released", () =>
  withFolder(async (dir) => {
    const clips = await writeClips(dir, 4);
    await withPool({ workers: 2 }, async (pool) => {
      for (const count of [3, 4]) { // the last batch is partial, or full
        const buffers = new Set<ArrayBufferLike>();
        const held: Batch[] = [];
        for (let epoch = 0; epoch < 4; epoch++) {
          const source = plainRequests(clips.slice(0, count));
          for await (const batch of createBatchStream(pool, source, { graph, batchSize: 2 })) {
            buffers.add(batch.inputs.buffer);
            if (epoch === 1) held.push(batch); // for a while
            else batch.release();
          }
        }
        assertStrictEquals(buffers.size, 2, `${count} clips: one while the other is held`);
        for (const batch of held) batch.release();
      }
    });
  }));

Deno.test("clips that fail are named in their places and the rows close up behind them", () =>
  withFolder(async (dir) => {
    const clips = await writeClips(dir, 6);
    for (const i of [1, 4, 5]) await Deno.writeTextFile(`${dir}/${i}.wav`, "broken");
    await withPool({ workers: 2 }, async (pool) => {
      const read = (of: Clip[], batchSize: number) =>
        collect(createBatchStream(pool, plainRequests(of), { graph, batchSize }));
      const batches = await read(clips, 2);
      assertEquals(batches.map(({ clips }) => clips), [
        ["0.wav#0"],
        ["2.wav#0", "3.wav#0"],
        [],
      ]);
      assertEquals(batches.map(({ failed }) => failed), [["1.wav"], [], ["4.wav", "5.wav"]]);
      const [whole] = await read([clips[0], clips[2], clips[3]], 3);
      const closedUp = batches.flatMap(({ inputs }) => [...inputs]);
      assertSameBits(closedUp, [...whole.inputs]);
    });
  }));

Deno.test("nothing is read ahead beyond the credit and the prefetched batches", () =>
  withFolder(async (dir) => {
    const [clip] = await writeClips(dir, 1);
    let asked = 0;
    const endless = new ReadableStream<FeatureRequest>({
      pull: (controller) => {
        controller.enqueue({
          clip: { ...clip, recording: { ...clip.recording, id: `${asked}` } },
          epoch: 0,
          copy: 0,
        });
        asked++;
      },
    }, { highWaterMark: 0 });
    await withPool({ workers: 2, credit: 2 }, async (pool) => {
      const reader = createBatchStream(pool, endless, { graph, batchSize: 3, prefetch: 2 })
        .getReader();
      const held: Batch[] = [];
      const settle = () => new Promise((resolve) => setTimeout(resolve, 300));
      await settle();
      assert(asked <= 9, `before the first read: ${asked}`); // prefetch + 1 batches of 3
      held.push((await reader.read()).value!);
      await settle();
      assert(asked <= 9, `while the first batch is held: ${asked}`);
      held[0].release();
      held[0].release(); // a second time is harmless
      while (asked <= 9) await settle();
      await settle();
      assert(asked <= 12, `after it was given back: ${asked}`);
      for (let i = 0; i < 50; i++) (await reader.read()).value!.release();
      assert(asked <= 3 * (51 + 3), `after 51 batches: ${asked}`);
      await reader.cancel();
    });
  }));

Deno.test("a stream that is cancelled cancels its source and leaves the pool usable", () =>
  withFolder(async (dir) => {
    const clips = await writeClips(dir, 4);
    await withPool({ workers: 2 }, async (pool) => {
      let cancelled: unknown;
      const source = new ReadableStream<FeatureRequest>({
        pull: (controller) => controller.enqueue({ clip: clips[0], epoch: 0, copy: 0 }),
        cancel: (reason) => void (cancelled = reason),
      });
      const reader = createBatchStream(pool, source, { graph, batchSize: 2 }).getReader();
      await reader.read();
      await reader.cancel("enough");
      assertStrictEquals(cancelled, "enough");
      const batches = createBatchStream(pool, plainRequests(clips), { graph, batchSize: 4 });
      assertStrictEquals((await collect(batches))[0].clips.length, 4);
    });
  }));

Deno.test("an error of the source reaches the reader", () =>
  withPool({ workers: 1 }, async (pool) => {
    const source = new ReadableStream<FeatureRequest>({
      pull: () => Promise.reject(new Error("the disk is gone")),
    });
    const batches = createBatchStream(pool, source, { graph, batchSize: 2 });
    await assertFails(collect(batches), /the disk is gone/);
    assertEquals(pool.rows, { ready: 0, room: 0 }, "nothing of it is counted any more");
  }));

Deno.test("a graph that cannot be built fails the stream, not the clips", () =>
  withFolder(async (dir) => {
    const clips = await writeClips(dir, 1);
    await withPool({ workers: 1 }, async (pool) => {
      const wrong = { ...graph, frontEnd: { ...frontEnd, maxHz: 20000 } };
      const batches = createBatchStream(pool, plainRequests(clips), { graph: wrong, batchSize: 2 });
      await assertFails(collect(batches), /maxHz/);
    });
  }));
