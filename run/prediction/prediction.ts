/** What predictions have in common, whatever they write: models that stay open, and output that can be gone on with. */
import { dirname } from "../../deps/std_path.ts";
import type { LabelledRow } from "../../model/label_rows.ts";
import type { SavedModel } from "../../model/saved_model.ts";
import type { Clip } from "../../pipeline/clip.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { type RemarkCount, Remarks } from "../../pipeline/remarks.ts";
import type { Queues } from "../../workers/feature_pool.ts";
import { ErrorBudget, resumeAdvice } from "../error_budget.ts";
import type { FaultSettings } from "../config/fault_settings.ts";
import { hashOf, hashOfRecordings } from "../files/hash.ts";
import { type Labeller, type LabellerOptions, openLabeller } from "./labeller.ts";
import { predictOutputs, prepareOutputs } from "../files/outputs.ts";
import { ResumableOutput } from "../files/resumable_output.ts";
import type { ScoringCard } from "./scoring.ts";
import { type ContentKind, Part, type PartFile, partFolder } from "../shards/part.ts";
import { type Shard, takeShard } from "../shards/shard.ts";
import { SkippedClips } from "../skipped_clips.ts";

/** What every prediction is made of. */
export interface PredictionOptions extends LabellerOptions, Partial<FaultSettings> {
  /** The model, by `readModel`; or several, by `readModels`, whose probabilities are averaged. */
  readonly model: SavedModel | readonly SavedModel[];
  /** The recordings, in the order of the rows to write. */
  readonly recordings: readonly Recording[];
  /**
   * Which part of them to do: its rows are written to a folder of its own in `OUT.parts/`, for `mergeParts`.
   * @default {all}
   */
  readonly shard?: Shard;
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
  /** Is told how many recordings are done, after each, and where clips stand. */
  readonly onRow?: (done: number, queues: Queues) => void;
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
  /** What was remarked on them; absent in what an earlier version noted. */
  readonly remarks?: readonly RemarkCount[];
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
  /** What a shard's part holds. */
  readonly kind: ContentKind;
  /** The files of rows that are written in it in place of these. */
  readonly partFiles: readonly PartFile[];
}

/** A shard's part, and the places of its recordings among all. */
interface PartOfAll {
  readonly part: Part;
  readonly places: readonly number[];
}

/** Rows are told apart by their recordings: of a list in which one stands twice, copies. */
function toldApart(recordings: readonly Recording[]): readonly Recording[] {
  const isRepeated = new Set(recordings).size < recordings.length;
  return isRepeated ? recordings.map((recording) => ({ ...recording })) : recordings;
}

/** A prediction under way. */
export class Prediction implements AsyncDisposable {
  readonly #options: PredictionOptions;
  readonly #skippedPath: string;
  readonly #skipped = new SkippedClips();
  readonly #failures: NotedFailure[];
  #standIns: number;
  #rows: number;
  readonly #budget: ErrorBudget;
  readonly #part: PartOfAll | undefined;
  readonly #remarks: Remarks;
  /** Rows that were remarked on, of recordings that are not done, by their places. */
  #remarked: { readonly place: number; readonly row: LabelledRow }[] = [];
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
    part?: PartOfAll,
  ) {
    this.#part = part;
    this.#options = options;
    this.#skippedPath = skippedPath;
    this.#place = output.done - 1;
    this.#budget = new ErrorBudget(
      ...[options, options.recordings.length, skippedPath, resumeAdvice] as const,
    );
    // Of a recording that is not done, what was noted is asked again.
    const known = output.notes?.failures ?? [];
    this.#failures = known.filter(({ place }) => place < output.done);
    this.#standIns = output.notes?.standIns ?? 0;
    this.#rows = output.notes?.rows ?? 0;
    this.#remarks = new Remarks("once", output.notes?.remarks);
    for (const { place, start, length, ...failure } of this.#failures) {
      const clip = { recording: options.recordings[place], start, length };
      const noted = { ...failure, request: { clip, epoch: 0, copy: 0 } };
      this.#skipped.add(noted);
      this.#budget.note(noted);
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
    const { shard } = rest, { out, isFolder = false, kind, partFiles } = files;
    const share = shard && takeShard(listed, shard);
    const recordings = toldApart(share?.items ?? listed);
    const options: PredictionOptions = { ...rest, recordings };
    const { model, resume = false, unknown, rawProbabilities = false } = options;
    const [{ card }] = [model].flat();
    const folder = shard ? partFolder(out, shard) : isFolder ? out : dirname(out);
    const skipped = options.skipped ?? `${folder}/skipped.csv`;
    await prepareOutputs(predictOutputs({ ...files, skipped }, isFolder ? "folder" : "file"));
    const begun = {
      model: hashOf([model].flat().flatMap(({ weights }) => weights.map(({ values }) => values))),
      recordings: hashOfRecordings(listed),
      ...{ unknown, rawProbabilities, scores: card.scores, background: card.backgroundClasses },
      backbone: card.backbone,
      ...choices,
    };
    await using stack = new AsyncDisposableStack();
    const opened = shard && await Part.open<PredictionNotes>({
      ...{ kind, shard, begun, out, resume, files: partFiles, numAll: listed.length },
    });
    const output = stack.use(
      opened?.output ?? await ResumableOutput.open<PredictionNotes>({ out, begun, resume }),
    );
    const labeller = await openLabeller(model, options, options.onNotice);
    stack.move();
    options.onEngine?.(labeller.engine, labeller.engineReason);
    if (output.done > 0) {
      options.onNotice?.(`going on behind the ${output.done} recordings that are done`);
    }
    const part = share && opened && { part: opened.part, places: share.places };
    return new Prediction(options, labeller, output, skipped, part);
  }

  /** The recordings of this prediction: all, or those of its shard. */
  get recordings(): readonly Recording[] {
    return this.#options.recordings;
  }

  /** The folder of the shard's part, and the place among all of the recording that is not done; else undefined. */
  get partPlace(): { readonly folder: string; readonly place: number } | undefined {
    return this.#part &&
      { folder: this.#part.part.folder, place: this.#part.places[this.output.done] };
  }

  /** The place of a file: where it is asked for, or in the shard's part. @param name Its name there. */
  pathOf(name: string, asked: string): string {
    return this.#part ? `${this.#part.part.folder}/${name}` : asked;
  }

  /** The recordings that are still to be done. */
  get rest(): readonly Recording[] {
    return this.#options.recordings.slice(this.output.done);
  }

  /**
   * Passes rows of recordings, one after the other, and notes what is to be said of them.
   *
   * @throws {RunError} where too many cannot be read: what is done is kept, to be gone on with.
   */
  async *watch(rows: AsyncIterable<LabelledRow>): AsyncGenerator<LabelledRow> {
    for await (const row of rows) {
      const { failure, request: { clip } } = row, { recording, start, length } = clip;
      if (recording !== this.#current) this.#place++;
      this.#current = recording;
      if (failure && this.#skipped.add(failure)) {
        const { stage, message } = failure;
        this.#failures.push({ stage, message, place: this.#place, start, length });
        this.#options.onSkipped?.(failure);
        const tooMany = this.#budget.spend(failure);
        if (tooMany) {
          await this.#skipped.write(this.#skippedPath);
          throw tooMany;
        }
      }
      if (row.remarks) this.#remarked.push({ place: this.#place, row });
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
    if (this.#part) {
      const { part, places } = this.#part, { done } = this.output;
      await part.add(this.recordings[done].id, places[done]);
    }
    const done = this.output.done + 1;
    for (const { place, row } of this.#remarked) if (place < done) this.#remarks.add(row);
    this.#remarked = this.#remarked.filter(({ place }) => place >= done);
    const { counts: remarks } = this.#remarks;
    const notes = { failures: this.#failures, standIns: this.#standIns, rows: this.#rows, remarks };
    await this.output.progress(done, notes);
    this.#options.onRow?.(this.output.done, this.labeller.queues);
  }

  /**
   * Writes what is left to write, and says what was remarked.
   *
   * @param scoring By what the rows of a shard's part are scored, when they are merged.
   * @returns The clips that could not be read.
   */
  async end(scoring?: ScoringCard): Promise<readonly ClipFailure[]> {
    const { onNotice } = this.#options, { card: { frontEnd }, describeCache } = this.labeller;
    await this.#skipped.writeIfNeeded(this.#skippedPath);
    const standIns = this.#standIns, numRecordings = this.recordings.length;
    const skipped = this.#skipped.all.length;
    await this.#part?.part.end({ numRecordings, standIns, skipped, scoring });
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
