/** The threads of the engine as one: give it a job, await its end. */
import { CrewMember } from "./crew_member.ts";
import type { Assignment, EngineMessage, Job, WorkerMessage } from "./protocol.ts";
import { resetControl, stopTeam } from "./team.ts";

/** What does the work. */
export interface Crew {
  /** Runs one job at a time. @throws {Error} where a thread failed; the crew is useless then. */
  run(job: Job): Promise<void>;
  /** Ends all threads. */
  dispose(): void;
}

/** What all threads are assigned, but for their number. */
export type CommonAssignment = Omit<Assignment, "thread">;

/** Works in the caller's thread: where memory cannot be shared. Blocks it for the length of a job. */
export function createLocalCrew(assignment: CommonAssignment): Crew {
  const member = new CrewMember({ ...assignment, thread: 0 });
  return {
    run(job) {
      resetControl(assignment.control);
      member.run(job);
      return Promise.resolve();
    },
    dispose: () => {},
  };
}

/** Written literally, so that `deno compile` finds the worker. */
function createEngineWorker(): Worker {
  return new Worker(new URL("./engine_worker.ts", import.meta.url), { type: "module" });
}

/**
 * Starts one worker a thread. The caller's thread only waits for their messages.
 *
 * @param createWorker Makes a thread that speaks `protocol.ts`.
 */
export async function createWorkerCrew(
  assignment: CommonAssignment,
  createWorker: () => Worker = createEngineWorker,
): Promise<Crew> {
  const { threads, control } = assignment;
  const workers: Worker[] = [];
  let failure: Error | undefined;
  let waiting: { left: number; resolve(): void; reject(error: Error): void } | undefined;

  const fail = (reason: string) => {
    failure ??= new Error(`Cannot go on training as a worker failed: ${reason}`);
    stopTeam(control);
    waiting?.reject(failure);
  };
  const all = (send: (worker: Worker, thread: number) => void) =>
    new Promise<void>((resolve, reject) => {
      if (failure) return reject(failure);
      waiting = { left: threads, resolve, reject };
      workers.forEach(send);
    });
  const dispose = () => {
    stopTeam(control);
    for (const worker of workers) worker.terminate();
  };

  for (let thread = 0; thread < threads; thread++) {
    const worker = createWorker();
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.kind === "failed") fail(data.reason);
      else if (waiting && --waiting.left === 0) waiting.resolve();
    };
    worker.onerror = (event) => {
      event.preventDefault(); // It is reported to whoever waits for the job.
      fail(event.message);
    };
    workers.push(worker);
  }
  try {
    await all((worker, thread) => {
      const message: EngineMessage = { kind: "join", assignment: { ...assignment, thread } };
      worker.postMessage(message);
    });
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    run(job) {
      if (!failure) resetControl(control);
      const message: EngineMessage = { kind: "run", job };
      return all((worker) => worker.postMessage(message));
    },
    dispose,
  };
}
