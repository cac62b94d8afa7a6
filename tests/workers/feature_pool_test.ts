import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { assertFails } from "../assert_failure.ts";
import { clipAt } from "../fixtures.ts";
import { type AugmentPolicy, defaultPolicy } from "../../pipeline/augment/augment.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { type FeatureRequest, plainRequests } from "../../pipeline/requests.ts";
import { SettingError } from "../../settings/setting.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import { FeaturePool, type FeaturePoolOptions } from "../../workers/feature_pool.ts";
import type { ToWorker } from "../../workers/protocol.ts";
import { startThread, type ThreadListener } from "../../workers/thread.ts";

const faulty = new URL("./faulty_worker.ts", import.meta.url);
const createThread = (listener: ThreadListener) => startThread(faulty, listener, 32);
/** A thread with this program. */
const startText = (text: string, listener: ThreadListener) =>
  startThread(new URL(`data:text/javascript,${encodeURIComponent(text)}`), listener);

/** Gives clips of these names to faulty workers; returns the failures by name. */
async function failuresOf(
  ids: readonly string[],
  options: FeaturePoolOptions & { augment?: AugmentPolicy },
): Promise<Record<string, string>> {
  const pool = new FeaturePool({ createThread, ...options });
  try {
    const clips = ids.map((id) => clipAt(`/data/${id}`));
    const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.1 };
    const graph = { frontEnd, seed: 1, augment: options.augment };
    const batches = createBatchStream(pool, plainRequests(clips), { graph, batchSize: 4 });
    const failures: Record<string, string> = {}, seen: string[] = [];
    for await (const batch of batches) {
      for (const { request, failure } of batch.rows) {
        seen.push(request.clip.recording.id);
        if (failure) failures[request.clip.recording.id] = failure.message;
      }
      batch.release();
    }
    assertEquals(seen, ids);
    return failures;
  } finally {
    pool.close();
  }
}

Deno.test("a worker that dies is replaced: the clip that killed it fails, its neighbours do not", async () => {
  for (const workers of [1, 2]) {
    for (const credit of [1, 3]) {
      const ids = ["a", "b", "kills", "c", "d", "a", "kills", "e", "f"];
      for (const augment of [undefined, defaultPolicy]) { // without and with a store of clips
        const failures = await failuresOf(ids, { workers, credit, augment });
        assertEquals(Object.keys(failures), ["kills"], `${workers} workers, credit ${credit}`);
        assertMatch(failures.kills, /^Cannot use \/data\/kills: its worker died .*out of memory/);
      }
    }
  }
});

Deno.test("of two clips that are mixed the one that kills workers is named, whichever it is", async () => {
  const pool = new FeaturePool({ createThread, workers: 2 });
  try {
    const [good, bad, other] = ["good", "kills", "other"].map((id) => clipAt(`/data/${id}`));
    const mixed = [[good, other], [good, bad], [bad, good], [other, good]];
    const requests = mixed.map(([clip, partner]): FeatureRequest => {
      return { clip, epoch: 0, copy: 1, mix: { clip: partner, ratio: 0.5 } };
    });
    const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.1 };
    const graph = { frontEnd, seed: 1, augment: defaultPolicy };
    const source = ReadableStream.from(requests);
    for await (const batch of createBatchStream(pool, source, { graph, batchSize: 4 })) {
      assertEquals(batch.rows.map(({ request }) => request), requests);
      assertEquals(batch.clips.length, 2);
      const [first, second, third, fourth] = batch.rows.map(({ failure }) => failure);
      assertEquals([first, fourth], [undefined, undefined]);
      for (const failure of [second!, third!]) {
        assertStrictEquals(failure.request.clip.recording.id, "kills");
        assertMatch(failure.message, /^Cannot use \/data\/kills: its worker died .*out of memory/);
      }
      batch.release();
    }
  } finally {
    pool.close();
  }
});

Deno.test("a worker may die before it is heard to be ready", async () => {
  // The first says nothing before a clip kills it, as where its death overtakes its «ready».
  let numWorkers = 0;
  const text = `import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ kind }) => { if (kind === "task") throw new Error("early"); });`;
  const createEarly = (listener: ThreadListener) =>
    numWorkers++ === 0 ? startText(text, listener) : createThread(listener);
  assertEquals(await failuresOf(["a", "b"], { workers: 1, createThread: createEarly }), {});
});

Deno.test("a worker may take longer to start than a clip may keep it silent", async () => {
  let numWorkers = 0;
  const text = `import { parentPort } from "node:worker_threads";
    let held = [];
    const answer = ({ streamId, taskId }) =>
      parentPort.postMessage({ kind: "done", streamId, taskId, trace: { stageMs: {} } });
    parentPort.on("message", (data) => data.kind === "task" && (held?.push(data) ?? answer(data)));
    setTimeout(() => {
      parentPort.postMessage({ kind: "ready" });
      held.forEach(answer);
      held = undefined;
    }, 2500);`;
  const createSlow = (listener: ThreadListener) => {
    numWorkers++;
    return startText(text, listener);
  };
  const options = { workers: 1, stallSeconds: 0.2, createThread: createSlow };
  assertEquals([await failuresOf(["a", "b"], options), numWorkers], [{}, 1]);
});

Deno.test("a worker that falls silent is replaced as well", async () => {
  const failures = await failuresOf(["a", "silences", "b", "c", "d"], {
    workers: 2,
    stallSeconds: 0.5,
  });
  assertEquals(Object.keys(failures), ["silences"]);
  assertMatch(failures.silences, /no answer for 0.5 s/);
});

Deno.test("a worker that swells ends alone: its clip fails, and the program lives", async () => {
  const failures = await failuresOf(["a", "swells", "b", "c"], { workers: 1, stallSeconds: 1 });
  assertEquals(Object.keys(failures), ["swells"]);
  assertMatch(failures.swells, /^Cannot use \/data\/swells: its worker /);
});

Deno.test("a clip that alone takes the memory past its limit fails, its neighbours do not", async () => {
  for (const workers of [1, 2]) {
    let resident = 500e6;
    const createThread = (listener: ThreadListener) => {
      const thread = startThread(faulty, listener);
      return {
        // What a thread takes with such a clip, until it is ended.
        postMessage(message: ToWorker) {
          const isLarge = message.kind === "task" &&
            message.request.clip.recording.id === "silences";
          if (isLarge) resident += 800e6;
          thread.postMessage(message);
        },
        terminate() {
          resident = 500e6;
          thread.terminate();
        },
      };
    };
    const ids = ["a", "silences", "b", "c", "d", "e", "f", "g"];
    const failures = await failuresOf(ids, {
      ...{ workers, createThread, memoryLimit: 1e9, residentBytes: () => resident },
    });
    assertEquals(Object.keys(failures), ["silences"]);
    const expected = /^Cannot use .*: it took the memory to 1.3GB of 1GB \(--memory-limit\)/;
    assertMatch(failures.silences, expected);
  }
});

Deno.test("near the memory limit one clip at a time is under way, and all are done", async () => {
  let resident = 500e6;
  const pool = new FeaturePool({
    ...{ createThread, workers: 2, memoryLimit: 1e9, residentBytes: () => resident },
  });
  try {
    assertEquals([pool.queues.underWay, pool.queues.credit], [0, 6]);
    resident = 1.1e9; // of which no clip is guilty
    await new Promise((resolve) => setTimeout(resolve, 600));
    const clips = Array.from({ length: 12 }, (_, i) => clipAt(`/data/${i}`));
    const graph = { frontEnd: { ...defaultFrontEnd, durationSeconds: 0.1 }, seed: 1 };
    let numRows = 0, mostUnderWay = 0;
    const requests = plainRequests((async function* () {
      for (const clip of clips) {
        mostUnderWay = Math.max(mostUnderWay, pool.queues.underWay);
        yield await Promise.resolve(clip);
      }
    })());
    for await (
      const { rows, release } of createBatchStream(pool, requests, { graph, batchSize: 4 })
    ) {
      numRows += rows.filter(({ failure }) => !failure).length;
      release();
    }
    assertEquals([numRows, mostUnderWay], [12, 1]);
    assertEquals(pool.rows, { ready: 0, room: 0 });
  } finally {
    pool.close();
  }
});

Deno.test("a worker that waits for bytes and says so is not taken for dead", async () => {
  assertEquals(await failuresOf(["waits"], { workers: 1, stallSeconds: 1 }), {});
});

Deno.test("of a stream that goes forward one thread reads all windows of a recording", async () => {
  const pool = new FeaturePool({ createThread, workers: 2, credit: 2 });
  try {
    const requests = ["tells a", "tells b"].flatMap((id) =>
      Array.from({ length: 9 }, (_, i): FeatureRequest => {
        return { clip: { ...clipAt(id), start: 100 * i }, epoch: 0, copy: 0 };
      })
    );
    const graph = { frontEnd: defaultFrontEnd, seed: 1, order: "forward" as const };
    const source = ReadableStream.from(requests);
    const threads: string[] = [];
    for await (const batch of createBatchStream(pool, source, { graph, batchSize: 4 })) {
      threads.push(...batch.rows.map(({ failure }) => failure!.message));
      batch.release();
    }
    assertStrictEquals(new Set(threads.slice(0, 9)).size, 1);
    assertStrictEquals(new Set(threads.slice(9)).size, 1);
  } finally {
    pool.close();
  }
});

Deno.test("what several workers have to say is said once", async () => {
  const notices: string[] = [];
  const ids = Array.from({ length: 8 }, () => "complains");
  await failuresOf(ids, { workers: 2, credit: 1, onNotice: (text) => notices.push(text) });
  assertEquals(notices, ["the background is gone"]);
});

Deno.test("workers that cannot run at all end the stream with their cause", async () => {
  const createThread = (listener: ThreadListener) =>
    startText("throw new Error('no kernels here')", listener);
  await assertFails(
    failuresOf(["a", "b"], { workers: 2, createThread }),
    /a worker did not start.*no kernels here/,
  );
});

Deno.test("closing the pool ends the streams that are open", async () => {
  const pool = new FeaturePool({ workers: 1, createThread });
  const graph = { frontEnd: { ...defaultFrontEnd, durationSeconds: 0.1 }, seed: 1 };
  const requests = plainRequests([clipAt("silences")]);
  const reader = createBatchStream(pool, requests, { graph, batchSize: 1 }).getReader();
  const reading = assertFails(reader.read(), /closed/);
  await new Promise((resolve) => setTimeout(resolve, 100));
  pool.close();
  await reading;
});

Deno.test("a memory limit that leaves no room for a clip or a batch is refused", () => {
  const residentBytes = () => 150e6;
  assertThrows(
    () => new FeaturePool({ memoryLimit: 200e6, residentBytes }),
    SettingError,
    "at least 230MB, as 150MB are taken before the first clip: current value is 200MB",
  );
  const pool = new FeaturePool({ createThread, workers: 1, memoryLimit: 300e6, residentBytes });
  try {
    const graph = { frontEnd: { ...defaultFrontEnd, durationSeconds: 600 }, seed: 1 };
    const options = { graph, batchSize: 16 };
    assertThrows(
      () => createBatchStream(pool, plainRequests([]), options),
      SettingError,
      "at least 424MB, twice what a batch of 16 clips takes: current value is 300MB",
    );
  } finally {
    pool.close();
  }
});

Deno.test("a pool without workers is refused", () => {
  assertThrows(() => new FeaturePool({ workers: 0 }), RangeError);
  assertThrows(() => new FeaturePool({ credit: 1.5 }), RangeError);
});

Deno.test("a thread sets little aside for new objects, however many of them live for a while", async () => {
  const text = `import { parentPort } from "node:worker_threads";
    import { getHeapSpaceStatistics } from "node:v8";
    const alive = new Array(60000);
    for (let i = 0; i < 600000; i++) alive[i % alive.length] = { i, list: [i] };
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    parentPort.postMessage({ kind: "notice", message: String(young.space_size) });`;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const thread = startText(text, {
    onMessage: (message) => resolve(message.kind === "notice" ? message.message : message.kind),
    onDeath: reject,
  });
  const bytes = Number(await promise);
  thread.terminate();
  assert(bytes > 0 && bytes <= 12 * 2 ** 20, `${bytes} bytes`);
});
