/**
 * A team of threads that goes through phases together. Within a phase tasks are handed out one by
 * one through an atomic counter, so that a thread whose core is busy takes fewer; what a task
 * computes never depends on who runs it.
 */

/** One step of the common work. */
export interface Phase {
  /** What it does, for measurements: `forward 2`. */
  readonly name: string;
  /** Number of tasks; they may run in any order and at once. */
  readonly tasks: number;
  run(task: number, thread: number): void;
  /** Runs once, after all tasks and before the next phase, on one thread. */
  finish?(): void;
}

/** Most phases in one piece of work. */
const maxPhases = 128;

/** Words of the control block. */
const stopped = 0, arrived = 1, released = 2, counters = 3;

/** Loads of a word before a thread goes to sleep: about 10 µs. Longer would starve other programs. */
const spins = 2000;

/** Longest sleep before a thread looks whether the team has been stopped. */
const sleepMs = 500;

/** Creates the control block of a team, to be sent to its workers. */
export function createControl(shared: boolean): Int32Array {
  const bytes = 4 * (counters + maxPhases);
  return new Int32Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

/** Gets the control block ready for the next piece of work; no thread may be at work. */
export function resetControl(control: Int32Array): void {
  control.fill(0, arrived);
}

/** Tells the team to leave its work at the next opportunity. It cannot be started again. */
export function stopTeam(control: Int32Array): void {
  Atomics.store(control, stopped, 1);
  Atomics.notify(control, released);
}

/**
 * Runs this thread's share of the phases.
 *
 * @throws {Error} where the team was stopped.
 */
export function runPhases(
  phases: readonly Phase[],
  control: Int32Array,
  thread: number,
  threads: number,
): void {
  if (phases.length > maxPhases) {
    throw new RangeError(
      `Cannot run this work as it must have at most ${maxPhases} phases: current value is ${phases.length}`,
    );
  }
  phases.forEach((phase, index) => {
    for (;;) {
      const task = Atomics.add(control, counters + index, 1);
      if (task >= phase.tasks || Atomics.load(control, stopped)) break;
      phase.run(task, thread);
    }
    if (Atomics.add(control, arrived, 1) + 1 === threads * (index + 1)) {
      phase.finish?.();
      Atomics.store(control, released, index + 1);
      Atomics.notify(control, released);
    } else {
      waitForRelease(control, index);
    }
    if (Atomics.load(control, stopped)) throw new Error("Cannot go on as the team was stopped");
  });
}

/** Waits until phase `index` is over. */
function waitForRelease(control: Int32Array, index: number): void {
  for (let i = 0; i < spins; i++) {
    if (Atomics.load(control, released) > index) return;
  }
  while (Atomics.load(control, released) <= index && !Atomics.load(control, stopped)) {
    Atomics.wait(control, released, index, sleepMs);
  }
}
