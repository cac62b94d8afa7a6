/**
 * The feature graph on several threads: tasks are handed to the worker with the least to do, at most
 * `credit` to each. A task that finds no credit waits, and with it whoever reads the source: that is
 * the backpressure. A worker that dies or falls silent is replaced and its tasks are tried once more,
 * each alone, so that the one clip that kills a worker is found and the others are not lost.
 */
import type { Backbone } from "../backbone/backbone.ts";
import type { CacheOutcome } from "../pipeline/cache/audio_cache.ts";
import type { CacheFolder } from "../pipeline/cache/cache_folder.ts";
import { type Clip, soundKey } from "../pipeline/clip.ts";
import type { FeatureGraphOptions } from "../pipeline/graph_options.ts";
import { clipSamples, type FrontEnd } from "../pipeline/front_end.ts";
import type { ClipFailure, ClipTrace } from "../pipeline/graph_stage.ts";
import { describeLocation } from "../pipeline/locations/location.ts";
import { clipsAtOnce, type FeatureRequest } from "../pipeline/requests.ts";
import { ClipStore, type LentClip } from "./clip_store.ts";
import { MemoryGuard } from "./memory_guard.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { type FeatureThread, startThread, type ThreadListener } from "./thread.ts";

/** How a pool is set up. */
export interface FeaturePoolOptions {
  /** Number of threads. @default {navigator.hardwareConcurrency} */
  readonly workers?: number;
  /** Clips that one worker may hold at a time. @default {3} */
  readonly credit?: number;
  /** A worker that is silent for longer while it holds clips is taken for dead. @default {60} */
  readonly stallSeconds?: number;
  /** Is told, once each, what a person should know and no clip is to blame for. */
  readonly onNotice?: (message: string) => void;
  /** Most that the process may have resident, in bytes; see `MemoryGuard`. @default {undefined} */
  readonly memoryLimit?: number;
  /** What it has. @default what the system says */
  readonly residentBytes?: () => number;
  /** Starts a thread. @default the feature worker's */
  readonly createThread?: (listener: ThreadListener) => FeatureThread;
}

/** A worker may take so long to load its kernels. */
const mostStartSeconds = 60;

/** Named in place, so that executables have it. */
function createFeatureThread(listener: ThreadListener): FeatureThread {
  return startThread(new URL("./feature_worker.ts", import.meta.url), listener);
}

/** Where clips stand between their source and whoever reads the batches. */
export interface Queues {
  /** Clips that threads have: fewer than `credit`, and the source is the slow one. */
  readonly underWay: number;
  /** Most clips that threads have at a time. */
  readonly credit: number;
  /** Threads that wait for bytes, as of a server. */
  readonly waiting: number;
  /** Rows that are made and not asked for yet: near `room`, and what reads the batches is the slow one. */
  readonly ready: number;
  /** Rows that are made ahead at most. */
  readonly room: number;
}

/** How one task ended: its features are in its row, or there is a failure. */
export interface TaskResult {
  /** Why there are no features. */
  readonly failure?: ClipFailure;
  /** What was noted of it; absent where its worker died. */
  readonly trace?: ClipTrace;
}

/** What a stream's graphs keep sound in, and make embeddings with. */
export interface StreamParts {
  /** For clips whose copies are asked for one soon after the other. */
  readonly clips?: ClipStore;
  /** For later epochs and runs. */
  readonly cache?: CacheFolder;
  /** What makes embeddings, in the place of log-mel features. */
  readonly backbone?: Backbone;
}

/** One graph, open in every worker of a pool. */
export interface FeatureStream {
  /**
   * Hands a task to a worker.
   *
   * @param row The row of the stream's memory that the features are written to.
   * @returns when a worker has taken it; `result` settles when it has ended.
   */
  submit(request: FeatureRequest, row: number): Promise<{ readonly result: Promise<TaskResult> }>;
  /** Lets the workers forget the graph. Tasks under way end without a result. */
  close(): void;
}

interface Task {
  readonly id: number;
  readonly streamId: number;
  readonly request: FeatureRequest;
  readonly row: number;
  /** A worker died while it held this task: it gets one more chance, alone with a worker. */
  readonly retried: boolean;
  /** What failed if this task does not: the clip that its own was mixed with before. */
  readonly suspect?: ClipFailure;
  readonly settled: PromiseWithResolvers<TaskResult>;
  /** Places of the sound of clips, with their keys, while a worker has the task. */
  readonly lent: [key: string, clip: LentClip][];
}

/** One graph that is open in every worker. */
interface OpenStream {
  /** Opens it: said again to a thread that replaces a dead one. */
  readonly message: ToWorker;
  readonly clips?: ClipStore;
  /** Where clips come recording after recording: whose turn it is, and the thread that reads it. */
  readonly turn?: { recordingId?: string; thread?: Thread };
}

interface Thread {
  readonly worker: FeatureThread;
  readonly tasks: Map<number, Task>;
  /** Credit in use. */
  load: number;
  /** It has loaded its kernels: what kills it from now on is a clip. */
  ready: boolean;
  /** Time of its last word or first task, by `performance.now()`. */
  lastWordMs: number;
  /** Its last word was that it waits for bytes. */
  isWaiting: boolean;
}

/** Worker threads that make features. Close it when it is no longer needed. */
export class FeaturePool {
  /** Number of threads. */
  readonly numWorkers: number;
  /** How many clips fared how with the audio cache. */
  readonly cacheCounts: Record<CacheOutcome, number> = { hit: 0, added: 0, rebuilt: 0, missed: 0 };
  /** Rows of open streams that are made, and the room for them: the streams count them. */
  readonly rows: { ready: number; room: number } = { ready: 0, room: 0 };
  readonly #credit: number;
  readonly #createThread: (listener: ThreadListener) => FeatureThread;
  readonly #onNotice: (message: string) => void;
  /** Said already: several workers may find the same. */
  readonly #notices = new Set<string>();
  readonly #threads = new Set<Thread>();
  readonly #streams = new Map<number, OpenStream>();
  /** The sound of clips, for the front end named. */
  #clips: { readonly key: string; readonly store: ClipStore } | undefined;
  /** Memory that no stream uses. */
  readonly #spareMemory: SharedArrayBuffer[] = [];
  /** Tasks that wait for credit, first come first served. */
  readonly #waiting: { readonly task: Task; readonly taken: () => void }[] = [];
  readonly #timers: readonly ReturnType<typeof setInterval>[];
  readonly #guard: MemoryGuard | undefined;
  #nextId = 1;
  /** Workers that died before they were heard to be ready, since the last that was. */
  #stillborn = 0;
  /** Why no worker can run here, once that is known. */
  #brokenBy: Error | undefined;

  /**
   * Starts the threads.
   *
   * @throws {RangeError} where `workers` or `credit` is not a positive whole number.
   * @throws {SettingError} where the program alone takes the memory that there may be.
   */
  constructor(options: FeaturePoolOptions = {}) {
    const { workers = navigator.hardwareConcurrency, credit = 3, stallSeconds = 60 } = options;
    const { memoryLimit: limitBytes, residentBytes } = options;
    for (const [name, value] of Object.entries({ workers, credit })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new RangeError(
          `Cannot start the workers as ${name} must be a whole number of at least 1: ` +
            `current value is ${value}`,
        );
      }
    }
    const guard = limitBytes === undefined
      ? undefined
      : new MemoryGuard({ limitBytes, residentBytes });
    this.#guard = guard;
    this.numWorkers = guard?.threadsOf(workers) ?? workers;
    guard?.begin(this.numWorkers * credit);
    this.#credit = credit;
    this.#createThread = options.createThread ?? createFeatureThread;
    this.#onNotice = options.onNotice ?? (() => {});
    for (let i = 0; i < this.numWorkers; i++) this.#startThread();
    this.#timers = [
      setInterval(() => this.#replaceSilent(stallSeconds), 1000),
      ...guard ? [setInterval(() => this.#watchMemory(guard), 250)] : [],
    ];
  }

  /** Most that the process may have resident, in bytes; undefined where nobody says. */
  get memoryLimit(): number | undefined {
    return this.#guard?.limitBytes;
  }

  /** Where clips stand now. */
  get queues(): Queues {
    const threads = [...this.#threads];
    return {
      underWay: this.#numUnderWay,
      credit: this.numWorkers * this.#credit,
      waiting: threads.filter(({ isWaiting }) => isWaiting).length,
      ...this.rows,
    };
  }

  get #numUnderWay(): number {
    let sum = 0;
    for (const { tasks } of this.#threads) sum += tasks.size;
    return sum;
  }

  /**
   * Memory for a stream's rows; what they hold is to be written over. That of an earlier stream, where one
   * gave it back: shared memory that is only let go waits for the garbage collector of every thread.
   */
  takeMemory(numBytes: number): SharedArrayBuffer {
    const index = this.#spareMemory.findIndex(({ byteLength }) => byteLength === numBytes);
    return index < 0 ? new SharedArrayBuffer(numBytes) : this.#spareMemory.splice(index, 1)[0];
  }

  /** Takes memory back that no task and no reader uses any more. */
  giveBackMemory(memory: SharedArrayBuffer): void {
    if (this.#spareMemory.push(memory) > 2) this.#spareMemory.shift();
  }

  /**
   * Where graphs with this front end may keep the sound of clips. One memory serves all streams, one
   * epoch after the other; of several front ends the last one has it.
   */
  clipsOf(frontEnd: FrontEnd): ClipStore {
    const key = `${frontEnd.sampleRateHz} Hz, ${frontEnd.durationSeconds} s`;
    if (this.#clips?.key !== key) {
      const mostBytes = this.memoryLimit && this.memoryLimit / 16;
      this.#clips = { key, store: new ClipStore(clipSamples(frontEnd), clipsAtOnce, mostBytes) };
    }
    return this.#clips.store;
  }

  /**
   * Opens one graph in every worker.
   *
   * @param memory Rows of `[melBands, numFrames]` float32, or of embeddings, one behind the other.
   * @param parts What the graphs keep sound in, and make embeddings with.
   * @throws {Error} where no worker can run here.
   */
  open(
    options: FeatureGraphOptions,
    memory: SharedArrayBuffer,
    { clips, cache, backbone }: StreamParts = {},
  ): FeatureStream {
    if (this.#brokenBy) throw this.#brokenBy;
    const streamId = this.#nextId++;
    const message: ToWorker = {
      kind: "open",
      streamId,
      options,
      memory,
      cache,
      clips: clips?.memory,
      backbone,
    };
    const turn = options.order === "forward" ? {} : undefined;
    this.#streams.set(streamId, { message, clips, turn });
    for (const thread of this.#threads) thread.worker.postMessage(message);
    return {
      submit: async (request, row) => {
        const settled = Promise.withResolvers<TaskResult>();
        settled.promise.catch(() => {}); // its reader may come later
        const task = {
          id: this.#nextId++,
          streamId,
          request,
          row,
          retried: false,
          settled,
          lent: [],
        };
        await this.#give(task);
        return { result: settled.promise };
      },
      close: () => this.#endStream(streamId, new Error("The stream of features was closed")),
    };
  }

  /** Ends the threads; tasks under way are rejected. */
  close(): void {
    this.#timers.forEach(clearInterval);
    for (const streamId of [...this.#streams.keys()]) {
      this.#endStream(streamId, new Error("The workers were closed"));
    }
    for (const thread of this.#threads) thread.worker.terminate();
    this.#threads.clear();
  }

  #startThread(): void {
    const worker = this.#createThread({
      onMessage: (message) => this.#receive(thread, message),
      onDeath: (reason) => this.#replace(thread, `its worker died (${reason})`),
    });
    const lastWordMs = performance.now();
    const thread: Thread = {
      ...{ worker, tasks: new Map(), load: 0, ready: false, lastWordMs, isWaiting: false },
    };
    for (const { message } of this.#streams.values()) worker.postMessage(message);
    this.#threads.add(thread);
  }

  /** Waits for a worker with enough credit and hands it the task. */
  #give(task: Task): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ task, taken: resolve });
    this.#handOut();
    return promise;
  }

  /** Share of a worker's credit that a task takes. */
  #weight(task: Task): number {
    return task.retried ? this.#credit : 1;
  }

  #handOut(): void {
    while (this.#waiting.length > 0) {
      const { task, taken } = this.#waiting[0];
      if (this.#streams.has(task.streamId)) {
        const thread = this.#threadFor(task);
        if (!thread || thread.load + this.#weight(task) > this.#credit) return;
        if (this.#guard && this.#numUnderWay >= this.#guard.atOnce) return;
        this.#assign(thread, task);
      } else {
        task.settled.reject(this.#brokenBy ?? new Error("The stream of features was closed"));
      }
      this.#waiting.shift();
      taken();
    }
  }

  /** The idlest thread; of a stream that goes forward, the one that is reading the recording. */
  #threadFor({ streamId, request, retried }: Task): Thread | undefined {
    const [first, ...others] = this.#threads;
    const idlest = others.reduce((a, b) => b.load < a.load ? b : a, first);
    const turn = this.#streams.get(streamId)?.turn;
    if (!turn || retried) return idlest;
    const { id } = request.clip.recording;
    if (turn.recordingId !== id || !this.#threads.has(turn.thread!)) {
      Object.assign(turn, { recordingId: id, thread: idlest });
    }
    return turn.thread;
  }

  #assign(thread: Thread, task: Task): void {
    if (this.#guard && this.#numUnderWay === 0) this.#guard.note();
    if (thread.tasks.size === 0) thread.lastWordMs = performance.now();
    thread.tasks.set(task.id, task);
    thread.load += this.#weight(task);
    const { id: taskId, streamId, request, row } = task, store = this.#clipsOf(task);
    const lend = (key: string, lent?: LentClip) => {
      if (lent) task.lent.push([key, lent]);
      return lent;
    };
    const key = soundKey(request.clip), other = request.mix && soundKey(request.mix.clip);
    const clip = lend(key, store?.lend(key));
    const partner = other === undefined ? undefined : lend(other, store?.lendFilled(other));
    const message: ToWorker = { kind: "task", taskId, streamId, request, row, clip, partner };
    thread.worker.postMessage(message);
  }

  /** Takes a task from its worker. */
  #unassign(thread: Thread, task: Task): void {
    thread.tasks.delete(task.id);
    thread.load -= this.#weight(task);
  }

  #clipsOf({ streamId }: Task): ClipStore | undefined {
    return this.#streams.get(streamId)?.clips;
  }

  #receive(thread: Thread, message: FromWorker): void {
    if (!this.#threads.has(thread)) return; // replaced: its tasks are elsewhere by now
    thread.lastWordMs = performance.now();
    thread.isWaiting = message.kind === "waiting";
    if (message.kind === "broken") {
      return this.#endStream(message.streamId, new Error(message.message));
    }
    if (message.kind === "ready") {
      thread.ready = true;
      this.#stillborn = 0;
      return;
    }
    if (message.kind === "waiting") return; // it lives, and that is noted
    if (message.kind === "notice") return this.#notice(message.message);
    const task = thread.tasks.get(message.taskId);
    if (!task) return; // its stream was closed
    this.#unassign(thread, task);
    for (const [key, clip] of task.lent) {
      this.#clipsOf(task)?.giveBack(key, clip, !message.failure);
    }
    const { cache } = message.trace;
    if (cache) this.cacheCounts[cache]++;
    const { failure = task.suspect, trace } = message;
    task.settled.resolve({ failure, trace });
    this.#handOut();
  }

  #notice(text: string): void {
    if (!this.#notices.has(text)) this.#onNotice(text);
    this.#notices.add(text);
  }

  #endStream(streamId: number, reason: Error): void {
    const stream = this.#streams.get(streamId);
    if (!stream) return;
    this.#streams.delete(streamId);
    for (const { task } of this.#waiting) {
      if (task.streamId === streamId) task.settled.reject(reason);
    }
    for (const thread of this.#threads) {
      thread.worker.postMessage({ kind: "close", streamId } satisfies ToWorker);
      for (const task of [...thread.tasks.values()].filter((t) => t.streamId === streamId)) {
        this.#unassign(thread, task);
        for (const [key, clip] of task.lent) stream.clips?.abandon(key, clip);
        task.settled.reject(reason);
      }
    }
    this.#handOut();
  }

  #replaceSilent(stallSeconds: number): void {
    for (const thread of [...this.#threads]) {
      // One that has yet to start, on a busy machine, has no clip to blame.
      const seconds = thread.ready ? stallSeconds : Math.max(stallSeconds, mostStartSeconds);
      if (thread.tasks.size > 0 && thread.lastWordMs < performance.now() - 1000 * seconds) {
        this.#replace(thread, `its worker gave no answer for ${seconds} s`);
      }
    }
  }

  /**
   * Hands out as many tasks as memory allows. Where there is too little with one thread at work, what that has is
   * tried once more, each task alone, as after its death; else the others are waited for.
   */
  #watchMemory(guard: MemoryGuard): void {
    guard.look();
    const busy = [...this.#threads].filter(({ tasks }) => tasks.size > 0);
    if (guard.isAbove && (busy.length === 1 ? guard.isOwing : guard.isFarAbove)) {
      const reason = `it took the memory to ${guard.describe()} (--memory-limit)`;
      for (const thread of busy) this.#replace(thread, reason);
    } else if (guard.isStuck) {
      this.#notice(
        "more memory is taken than --memory-limit allows, though one clip at a time is under way: " +
          "by the model, the list of recordings and what else is kept",
      );
    }
    this.#handOut();
  }

  /** Starts a thread in place of a dead one and gives its tasks a second chance, each alone. */
  #replace(thread: Thread, reason: string): void {
    if (!this.#threads.delete(thread)) return;
    thread.worker.terminate();
    const orphans = [...thread.tasks.values()];
    // A worker's death may be heard of before its «ready», so one alone says nothing.
    if (!thread.ready && ++this.#stillborn > this.numWorkers + 1) {
      // Not a clip's fault: workers cannot run here at all.
      const error = new Error(`Cannot make features as a worker did not start: ${reason}`);
      this.#brokenBy = error;
      for (const task of orphans) task.settled.reject(error);
      for (const streamId of [...this.#streams.keys()]) this.#endStream(streamId, error);
      return;
    }
    this.#startThread();
    for (const task of orphans) {
      for (const [key, clip] of task.lent) this.#clipsOf(task)?.abandon(key, clip);
      if (!task.retried) {
        this.#give({ ...task, lent: [], retried: true });
      } else {
        const { mix, ...request } = task.request;
        const failureOf = (clip: Clip): ClipFailure => {
          const place = describeLocation(clip.recording.location);
          const message = `Cannot use ${place}: ${reason}`;
          return { request: { ...request, clip }, stage: "worker", message };
        };
        // Of two clips that were mixed, it is the other one unless the own one does it alone.
        if (mix) this.#give({ ...task, lent: [], request, suspect: failureOf(mix.clip) });
        else task.settled.resolve({ failure: failureOf(request.clip) });
      }
    }
    this.#handOut();
  }
}
