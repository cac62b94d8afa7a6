/** One thread of the engine: its kernels on the common memory, and its share of every job. */
import { instantiateKernels, type Kernels } from "./kernels.ts";
import { createMemoryPlan } from "./memory_plan.ts";
import { PlacedNetwork } from "./placed_network.ts";
import { createPhases } from "./program.ts";
import type { Assignment, Job } from "./protocol.ts";
import { runPhases } from "./team.ts";

/** Takes part in jobs. Knows nothing of messages: it runs in a worker or in the caller's thread. */
export class CrewMember {
  readonly #assignment: Assignment;
  readonly #kernels: Kernels;
  #network?: PlacedNetwork;
  #capacity = 0;

  constructor(assignment: Assignment) {
    this.#assignment = assignment;
    const { module, memory, joined } = assignment;
    this.#kernels = instantiateKernels(module, memory, joined);
  }

  /** Runs this thread's share of a job and returns when the whole job is done. */
  run(job: Job): void {
    const { chain, control, thread, threads } = this.#assignment;
    if (!this.#network || this.#capacity !== job.capacity) {
      const plan = createMemoryPlan(chain, job.capacity, threads);
      this.#network = new PlacedNetwork(chain, plan, this.#kernels);
      this.#capacity = job.capacity;
    }
    runPhases(createPhases(this.#network, job), control, thread, threads);
  }
}
