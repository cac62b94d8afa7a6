/**
 * Parts: what the shards of a job write, until `merge` joins them. The part of a shard is a folder,
 * `OUT.parts/I-of-N`, that holds its rows, in `recordings.csv` its recordings with their places among all, and in
 * `part.json` what made it, which is written last: with it the part is whole, without it there is none.
 */
import { resolve } from "../../deps/std_path.ts";
import { formatRow } from "../files/csv_file.ts";
import type { GrowingFile } from "../files/growing_file.ts";
import { type Begun, checkBegun, ResumableOutput } from "../files/resumable_output.ts";
import { RunError } from "../run_error.ts";
import type { ScoringCard } from "../prediction/scoring.ts";
import { program } from "../version.ts";
import type { Shard } from "./shard.ts";

/** What a part holds: labels, events in one file, or files of their own for each recording, which lie elsewhere. */
export type ContentKind = "labels" | "events" | "files";

/** A part's `part.json`. */
export interface PartCard {
  /** Name and version of the program. */
  readonly program: string;
  /** What it holds. */
  readonly kind: ContentKind;
  /** Which part of how many. */
  readonly shard: Shard;
  /** All that decides the whole output, as `ResumableOutput` keeps it: equal for all parts of one job. */
  readonly begun: Begun;
  /** Where the whole is to be written, where the parts do not lie beside it. */
  readonly out: string;
  /** Files of rows in this folder, beside `recordings.csv` and `skipped.csv`, and what becomes of them. */
  readonly files: readonly PartFile[];
  /** Recordings of the whole job. */
  readonly numAll: number;
  /** Recordings of this part. */
  readonly numRecordings: number;
  /** Rows of labels that stand for recordings that could not be read. */
  readonly standIns: number;
  /** Clips that could not be read; absent in parts of earlier versions. */
  readonly skipped?: number;
  /** By what the rows of labels in `scored.jsonl` are scored. */
  readonly scoring?: ScoringCard;
}

/** A file of a part. */
export interface PartFile {
  /** Its name in the part's folder. */
  readonly name: string;
  /** How its rows are written. */
  readonly format: "csv" | "jsonl";
  /** Where the joined file is to be written. */
  readonly out: string;
  /** Set where the joined JSON lines become a Parquet file; `hasPeak` as its events have one. */
  readonly parquet?: { readonly hasPeak: boolean };
}

/** The shard's part is there, made by the same job. */
export class PartIsWhole extends RunError {
  /** Of this part. */
  constructor(readonly folder: string, readonly card: PartCard) {
    super(`Cannot write ${folder} as it is whole already: keep it (--resume), or delete it first`);
  }
}

/** The folder of a job's parts. */
export function partsFolder(out: string): string {
  return `${out.replace(/(.)\/+$/, "$1")}.parts`;
}

/** The folder of a shard's part. */
export function partFolder(out: string, { index, of }: Shard): string {
  return `${partsFolder(out)}/${index}-of-${of}`;
}

/** What a part is begun with. */
export interface PartOptions extends Pick<PartCard, "kind" | "shard" | "begun" | "out" | "files"> {
  /** Recordings of the whole job. */
  readonly numAll: number;
  /** Goes on with what is unfinished. */
  readonly resume: boolean;
}

/** A part under way. */
export class Part {
  private constructor(
    readonly options: PartOptions,
    readonly folder: string,
    readonly card: GrowingFile | undefined,
    readonly recordings: GrowingFile | undefined,
  ) {}

  /**
   * Opens a shard's output, and its part.
   *
   * @throws {PartIsWhole} where it is there already.
   * @throws {RunError} as `ResumableOutput.open`, and where a part is there that did not begin so.
   */
  static async open<Notes>(
    options: PartOptions,
  ): Promise<{ readonly output: ResumableOutput<Notes>; readonly part: Part }> {
    const { out, shard, begun, resume } = options, folder = partFolder(out, shard);
    await Deno.mkdir(folder, { recursive: true });
    await using stack = new AsyncDisposableStack();
    const output = stack.use(await ResumableOutput.open<Notes>({ out: folder, begun, resume }));
    const whole = await readPart(folder);
    if (whole && !output.isWhole) {
      if (resume) checkBegun(folder, whole.begun, begun);
      throw new PartIsWhole(folder, whole);
    }
    // The first is put in its place last.
    const card = await output.file("part.json", `${folder}/part.json`);
    const recordings = await output.file("recordings.csv", `${folder}/recordings.csv`);
    if (recordings?.size === 0) await recordings.write(formatRow(["filename", "place"]));
    stack.move();
    return { output, part: new Part(options, folder, card, recordings) };
  }

  /** Says that a recording is done. @param place Its place among all, counted from 0. */
  async add(id: string, place: number): Promise<void> {
    await this.recordings?.write(formatRow([id, place]));
  }

  /** Says that all are. */
  async end(
    done: Pick<PartCard, "numRecordings" | "standIns" | "skipped" | "scoring">,
  ): Promise<void> {
    const { kind, shard, begun, out, files, numAll } = this.options;
    const card: PartCard = {
      ...{ program, kind, shard, begun, numAll, ...done },
      out: resolve(out),
      files: files.map((file) => ({ ...file, out: resolve(file.out) })),
    };
    await this.card?.write(`${JSON.stringify(card, null, 2)}\n`);
  }
}

/**
 * Reads a part's `part.json`; undefined where there is none.
 *
 * @throws {RunError} where it cannot be read.
 */
export async function readPart(folder: string): Promise<PartCard | undefined> {
  const path = `${folder}/part.json`;
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new RunError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}
