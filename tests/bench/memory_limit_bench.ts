/**
 * How far a clip that swells takes the process past `--memory-limit`: the memory of a thread grows steadily until
 * the pool ends it, twice, as each clip has a second try.
 *
 *     deno task bench:memory:limit [--room 300] [--rates 50,200,800]
 *
 * Linux only: it reads the peak of the resident set from /proc.
 */
import { parseArgs } from "node:util";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { fileLocation } from "../../pipeline/locations/location.ts";
import { plainRequests } from "../../pipeline/requests.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import { FeaturePool } from "../../workers/feature_pool.ts";
import { startThread } from "../../workers/thread.ts";

const { values } = parseArgs({
  options: {
    room: { type: "string", default: "300" },
    rates: { type: "string", default: "50,200,800" },
  },
});
const graph = { frontEnd: { ...defaultFrontEnd, durationSeconds: 0.1 }, seed: 1 };
const worker = new URL("./swelling_worker.ts", import.meta.url);

/** Peak of the resident set since it was asked last, in MB. */
async function takePeak(): Promise<number> {
  const status = await Deno.readTextFile("/proc/self/status");
  await Deno.writeTextFile("/proc/self/clear_refs", "5");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) / 1000;
}

for (const rate of values.rates.split(",")) {
  const resident = Deno.memoryUsage().rss, memoryLimit = resident + 1e6 * Number(values.room);
  await takePeak();
  const pool = new FeaturePool({
    ...{ workers: 1, memoryLimit },
    createThread: (listener) => startThread(worker, listener),
  });
  const clip = { recording: { id: rate, location: fileLocation(rate) }, start: 0 };
  for await (
    const { rows } of createBatchStream(pool, plainRequests([clip]), { graph, batchSize: 1 })
  ) {
    const limit = memoryLimit / 1e6, peak = await takePeak();
    console.log(
      `${rate.padStart(5)} MB/s  limit ${limit.toFixed(0)} MB  peak ${peak.toFixed(0)} MB, ` +
        `${(100 * (peak / limit - 1)).toFixed(0)} % above  ${rows[0].failure?.message}`,
    );
  }
  pool.close();
}
