/** What predictions have in common, whatever they write: models that stay open, and output that can be gone on with. */
import { dirname } from "../deps/std_path.ts";
import { createHash } from "node:crypto";
import type { LabelledRow } from "../model/label_rows.ts";
import type { SavedModel } from "../model/saved_model.ts";
import type { Clip } from "../pipeline/clip.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import type { Recording } from "../pipeline/recording.ts";
import { Remarks } from "../pipeline/remarks.ts";
import { type Labeller, type LabellerOptions, openLabeller } from "./labeller.ts";
import { predictOutputs, prepareOutputs } from "./outputs.ts";
import { ResumableOutput } from "./resumable_output.ts";
import { SkippedClips } from "./skipped_clips.ts";

/** What every prediction is made of. */
export interface PredictionOptions extends LabellerOptions {
  /** The model, by `readModel`; or several, by `readModels`, whose probabilities are averaged. */
  readonly model: SavedModel | readonly SavedModel[];
  /** The recordings, in the order of the rows to write. */
  readonly recordings: readonly Recording[];
  /** Where the clips that could not be read are named. @default {`skipped.csv` beside `out`} */
  readonly skipped?: string;
  /** Clips asked about at a time. @default {16} */
  readonly batchSize?: number;
  /**
   * Goes on behind the last whole recording of a prediction that was stopped: the result is that of one that
   * was not. Where there is none, it begins. @default {false}
   */
  readonly resume?: boolean;
  /** Ends the prediction, whose reason is thrown: what is done is kept, to be gone on with. */
  readonly signal?: AbortSignal;
  /** Is told what a person should know and no clip is to blame for. */
  readonly onNotice?: (text: string) => void;
  /** Is told how many recordings are done, after each. */
  readonly onRow?: (done: number) => void;
  /** Is told each clip that was listened to. */
  readonly onClip?: (clip: Clip) => void;
  /** Is told each clip that cannot be read. */
  readonly onSkipped?: (failure: ClipFailure) => void;
  /** Is told once which engine answers, and why it. */
  readonly onEngine?: (engine: string, reason: string) => void;
}

/** What is noted of recordings that are done. */
export interface PredictionNotes {
  /** Clips that could not be read. */
  readonly failures: readonly NotedFailure[];
  /** Recordings of which nothing could be read. */
  readonly standIns: number;
  /** Rows written of those whose recordings have any number of them. */
  readonly rows: number;
}

/** A failure as it is kept: its recording by its place among all. */
export interface NotedFailure
  extends Pick<ClipFailure, "stage" | "message">, Pick<Clip, "start" | "length"> {
  /** Counted from 0. */
  readonly place: number;
}

/** Where a prediction is written. */
export interface PredictionFiles {
  /** Its main file, or its folder. */
  readonly out: string;
  /** Set where that is a folder. */
  readonly isFolder?: boolean;
  /** A file with the probability of every class. */
  readonly probabilities?: string;
}

/** A prediction under way. */
export class Prediction implements AsyncDisposable {
  readonly #options: PredictionOptions;
  readonly #skippedPath: string;
  readonly #skipped = new SkippedClips();
  readonly #failures: NotedFailure[];
  #standIns: number;
  #rows: number;
  readonly #remarks = new Remarks();
  /** The recording whose rows pass by. */
  #current?: Recording;
  /** Its place among all. */
  #place: number;

  private constructor(
    options: PredictionOptions,
    /** What answers. */
    readonly labeller: Labeller,
    /** What is written; it counts recordings. */
    readonly output: ResumableOutput<PredictionNotes>,
    skippedPath: string,
  ) {
    this.#options = options;
    this.#skippedPath = skippedPath;
    this.#place = output.done - 1;
    this.#failures = [...output.notes?.failures ?? []];
    this.#standIns = output.notes?.standIns ?? 0;
    this.#rows = output.notes?.rows ?? 0;
    for (const { place, start, length, ...failure } of this.#failures) {
      const clip = { recording: options.recordings[place], start, length };
      this.#skipped.add({ ...failure, request: { clip, epoch: 0, copy: 0 } });
    }
  }

  /**
   * Opens models and output.
   *
   * @param files Where it is written.
   * @param choices What decides the output beside models and recordings.
   * @throws {SettingError} where two of the files are one, or one is a folder.
   * @throws {RunError} where the output is another's, or what is gone on with did not begin so, or this machine
   *   does not make the features or answers that the models carry.
   */
  static async open(
    { recordings: listed, ...rest }: PredictionOptions,
    files: PredictionFiles,
    choices: Readonly<Record<string, unknown>>,
  ): Promise<Prediction> {
    // Rows are told apart by their recordings: one that is listed twice has two.
    const recordings = listed.map((recording) => ({ ...recording }));
    const options: PredictionOptions = { ...rest, recordings };
    const { out, isFolder = false } = files, { model, resume = false } = options;
    const { unknown, rawProbabilities = false } = options, [{ card }] = [model].flat();
    const skipped = options.skipped ?? `${isFolder ? out : dirname(out)}/skipped.csv`;
    await prepareOutputs(predictOutputs({ ...files, skipped }, isFolder ? "folder" : "file"));
    const begun = {
      model: hashOf([model].flat().flatMap(({ weights }) => weights.map(({ values }) => values))),
      recordings: hashOf(
        recordings.map(({ id, labels, annotations }) =>
          new TextEncoder().encode(JSON.stringify([id, labels, annotations]))
        ),
      ),
      ...{ unknown, rawProbabilities, scores: card.scores, background: card.backgroundClasses },
      ...choices,
    };
    await using stack = new AsyncDisposableStack();
    const output = stack.use(await ResumableOutput.open<PredictionNotes>({ out, begun, resume }));
    const labeller = await openLabeller(model, options, options.onNotice);
    stack.move();
    options.onEngine?.(labeller.engine, labeller.engineReason);
    if (output.done > 0) {
      options.onNotice?.(`going on behind the ${output.done} recordings that are done`);
    }
    return new Prediction(options, labeller, output, skipped);
  }

  /** The recordings that are still to be done. */
  get rest(): readonly Recording[] {
    return this.#options.recordings.slice(this.output.done);
  }

  /** Passes rows of recordings, one after the other, and notes what is to be said of them. */
  async *watch(rows: AsyncIterable<LabelledRow>): AsyncGenerator<LabelledRow> {
    for await (const row of rows) {
      const { failure, request: { clip } } = row, { recording, start, length } = clip;
      if (recording !== this.#current) this.#place++;
      this.#current = recording;
      if (failure && this.#skipped.add(failure)) {
        const { stage, message } = failure;
        this.#failures.push({ stage, message, place: this.#place, start, length });
        this.#options.onSkipped?.(failure);
      }
      this.#remarks.add(row);
      this.#options.onClip?.(clip);
      yield row;
    }
  }

  /** Recordings of which nothing could be read. */
  get standIns(): number {
    return this.#standIns;
  }

  /** Rows written of recordings that have any number of them. */
  get rows(): number {
    return this.#rows;
  }

  /** Says that one such row more is written. */
  countRow(): void {
    this.#rows++;
  }

  /** Says that one recording more is done. @param isStandIn Nothing of it could be read. */
  async endRecording(isStandIn = false): Promise<void> {
    if (isStandIn) this.#standIns++;
    const notes = { failures: this.#failures, standIns: this.#standIns, rows: this.#rows };
    await this.output.progress(this.output.done + 1, notes);
    this.#options.onRow?.(this.output.done);
  }

  /** Writes what is left to write, and says what was remarked. @returns The clips that could not be read. */
  async end(): Promise<readonly ClipFailure[]> {
    const { onNotice } = this.#options, { card: { frontEnd }, describeCache } = this.labeller;
    // One that an earlier prediction left must not be taken for this one's.
    const stale = await Deno.stat(this.#skippedPath).then(() => true, () => false);
    if (this.#skipped.all.length > 0 || stale) await this.#skipped.write(this.#skippedPath);
    await this.output.commit();
    for (const line of this.#remarks.describe(frontEnd.durationSeconds)) onNotice?.(line);
    const cache = describeCache();
    if (cache !== undefined) onNotice?.(cache);
    return this.#skipped.all;
  }

  /** Ends its threads; what is not done is kept, to be gone on with. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.output[Symbol.asyncDispose]();
    await this.labeller.close();
  }
}

/** SHA-256 of some bytes, in hexadecimal digits. */
function hashOf(parts: readonly (Float32Array | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
