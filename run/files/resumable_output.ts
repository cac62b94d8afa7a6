/**
 * The output of a long job that grows row by row, and that another process can go on with. Until it is
 * whole, it lies in a folder beside its place, `OUT.unfinished`, with a note of how far all of its files are.
 */
import { makeFolder, writeAtomically } from "./atomic_file.ts";
import { exists, ignoreMissing } from "./file_errors.ts";
import { GrowingFile, moveFile } from "./growing_file.ts";
import { acquireLock, lockPathOf } from "./lock.ts";
import { RunError } from "../run_error.ts";

/** All that decides an output, as plain data. */
export type Begun = Readonly<Record<string, unknown>>;

/** What is to be written. */
export interface ResumableOptions {
  /** Its main file, or its folder. */
  readonly out: string;
  /** What is gone on with must have begun with the same. */
  readonly begun: Begun;
  /** Goes on with what is unfinished, where there is something. */
  readonly resume: boolean;
  /** Time between two notes of how far it is, in milliseconds: what is lost with its process. @default {2000} */
  readonly noteMs?: number;
}

/** How far a job is. */
interface Checkpoint<Notes> {
  readonly begun: Begun;
  /** Recordings that are done. */
  readonly done: number;
  /** What is to be known of them. */
  readonly notes?: Notes;
  /** Bytes of each file that belong to them. */
  readonly sizes: Readonly<Record<string, number>>;
  /** All is there: a file that is missing has been put in its place. */
  readonly isWhole: boolean;
}

/** Makes of a file that has grown what stands in its place. */
export type Finish = (from: string, to: string) => Promise<void>;

/** The output while its process has it. */
export class ResumableOutput<Notes> implements AsyncDisposable {
  readonly #options: ResumableOptions;
  readonly #folder: string;
  readonly #locks: DisposableStack;
  readonly #files = new Map<string, { file: GrowingFile; finish: () => Promise<void> }>();
  #scratch?: GrowingFile;
  #checkpoint: Checkpoint<Notes>;
  #lastMs = performance.now();
  #isCommitted = false;

  private constructor(
    options: ResumableOptions,
    folder: string,
    locks: DisposableStack,
    begun: Checkpoint<Notes> | undefined,
  ) {
    this.#options = options;
    this.#folder = folder;
    this.#locks = locks;
    this.#checkpoint = begun ?? { begun: options.begun, done: 0, sizes: {}, isWhole: false };
  }

  /**
   * Opens it, locked.
   *
   * @throws {RunError} where another is writing it, something is unfinished that is not to be gone on with, or
   *   that did not begin so.
   */
  static async open<Notes>(options: ResumableOptions): Promise<ResumableOutput<Notes>> {
    const out = options.out.replace(/(.)\/+$/, "$1"), folder = `${out}.unfinished`;
    using stack = new DisposableStack();
    stack.use(await acquireLock(lockPathOf(out), out));
    const found = await readCheckpoint<Notes>(folder);
    if (found && !options.resume) {
      throw new RunError(
        `Cannot write ${out} as ${folder} must be gone on with (--resume) or deleted: of an earlier job ` +
          `${found.done} recordings are done there`,
      );
    }
    if (found) checkBegun(out, found.begun, options.begun);
    await makeFolder(folder);
    return new ResumableOutput(options, folder, stack.move(), found);
  }

  /** All is there, and some of it in its place: only the rest is still to be put there. */
  get isWhole(): boolean {
    return this.#checkpoint.isWhole;
  }

  /** Recordings that are done. */
  get done(): number {
    return this.#checkpoint.done;
  }

  /** What was noted of them. */
  get notes(): Notes | undefined {
    return this.#checkpoint.notes;
  }

  /**
   * Opens a file of the output, as far as it belongs to what is done. The first one is put in its place last.
   *
   * @param name Its name meanwhile.
   * @param path Its place; `undefined` for one that only this job needs.
   * @param finish What puts it there. @default {it is moved}
   * @returns Nothing where it is in its place already.
   * @throws {RunError} where another is writing it, or some of it is missing.
   */
  async file(
    name: string,
    path?: string,
    finish: Finish = moveFile,
  ): Promise<GrowingFile | undefined> {
    if (path !== undefined && path !== this.#options.out) {
      this.#locks.use(await acquireLock(lockPathOf(path), path));
    }
    const { sizes, isWhole } = this.#checkpoint, own = `${this.#folder}/${name}`;
    if (isWhole && !await exists(own)) return undefined;
    const file = await GrowingFile.open(own, sizes[name] ?? 0);
    this.#files.set(name, {
      file,
      finish: async () => {
        if (path !== undefined) await finish(own, path);
      },
    });
    return file;
  }

  /** Begins a file that is put in its place by whoever asked for it, before the next one begins. */
  async scratch(name: string): Promise<GrowingFile> {
    this.#scratch?.close();
    return this.#scratch = await GrowingFile.open(`${this.#folder}/${name}`, 0);
  }

  /** Says that so many recordings are done, and notes it now and then. */
  async progress(done: number, notes: Notes): Promise<void> {
    const sizes = Object.fromEntries([...this.#files].map(([name, { file }]) => [name, file.size]));
    this.#checkpoint = { ...this.#checkpoint, done, notes, sizes };
    if (performance.now() - this.#lastMs < (this.#options.noteMs ?? 2000)) return;
    await this.#note();
    this.#lastMs = performance.now();
  }

  /** Puts all files in their places. */
  async commit(): Promise<void> {
    this.#checkpoint = { ...this.#checkpoint, isWhole: true };
    await this.#note();
    for (const { finish } of [...this.#files.values()].reverse()) await finish();
    await Deno.remove(this.#folder, { recursive: true });
    this.#isCommitted = true;
  }

  /** Leaves what is unfinished for later; nothing, where nothing is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#isCommitted) return;
      if (this.done > 0) await this.#note().catch(() => {}); // such as a full disk: the last note holds
      else await Deno.remove(this.#folder, { recursive: true }).catch(ignoreMissing);
    } finally {
      for (const { file } of this.#files.values()) file.close();
      this.#scratch?.close();
      this.#locks.dispose();
    }
  }

  async #note(): Promise<void> {
    for (const { file } of this.#files.values()) await file.sync();
    await writeAtomically(`${this.#folder}/state.json`, JSON.stringify(this.#checkpoint));
  }
}

async function readCheckpoint<Notes>(folder: string): Promise<Checkpoint<Notes> | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(`${folder}/state.json`));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new RunError(`Cannot go on with ${folder}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Compares what an output began with with what it is to be gone on with.
 *
 * @throws {RunError} naming the first thing that differs.
 */
export function checkBegun(out: string, begun: Begun, now: Begun): void {
  const differs = differenceOf(begun, now);
  if (!differs) return;
  const { name, before, after } = differs;
  throw new RunError(
    `Cannot go on with ${out} as ${name} must be what it began with, ${before}: current value is ${after}`,
  );
}

/** The first thing that differs, and its two values in words; undefined where nothing does. */
export function differenceOf(
  begun: Begun,
  now: Begun,
): { readonly name: string; readonly before: string; readonly after: string } | undefined {
  for (const name of Object.keys({ ...begun, ...now })) {
    const [before, after] = [begun[name], now[name]].map((value) => `${JSON.stringify(value)}`);
    if (before !== after) return { name, before, after };
  }
}
