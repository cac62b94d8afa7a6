/** The program, whose feature threads end now and then: `MELSTREAM_SOAK_THREADS` says after how many milliseconds, how many of them, and the seed. */
import threads, { type WorkerOptions } from "node:worker_threads";
import { main } from "../../cli/main.ts";
import { createRandom } from "../../pipeline/random.ts";

const [mostMs, mostEnds, seed] = Deno.env.get("MELSTREAM_SOAK_THREADS")!.split(" ").map(Number);
const random = createRandom(seed, "threads"), { Worker } = threads;
let ends = 0;
threads.Worker = class extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    this.once("message", () => { // it is ready
      if (++ends <= mostEnds) setTimeout(() => this.terminate(), random.uniform(0, mostMs));
    });
  }
};
await main(Deno.args);
