/** What the models of several runs said of the clips that they were not trained on. */
import { meanAnswer } from "../../model/ensemble.ts";
import type { Evaluation } from "../../model/evaluation/evaluation.ts";
import { createEvaluator } from "../../model/evaluation/create_evaluator.ts";
import {
  fitScores,
  type FitScoresOptions,
  type ScoreFigures,
} from "../../model/scores/fit_scores.ts";
import { ScoreSample, type ScoreSampleOptions } from "../../model/scores/score_sample.ts";
import { type Clip, clipId } from "../../pipeline/clip.ts";
import { readCsvRows } from "../../pipeline/sources/csv_rows.ts";
import { createCsvFile, writeCsv } from "../files/csv_file.ts";
import { RunError } from "../run_error.ts";

/** Runs whose predictions are joined. */
export interface JoinOptions {
  /** The folder to write to. */
  readonly out: string;
  /** The runs' folders, first to last. */
  readonly dirs: readonly string[];
  /** Columns of each `validation.csv` before the classes: see `validationColumns`. */
  readonly columns: readonly string[];
  /** The clips that any run was validated on, in the order of its rows. */
  readonly clips: readonly Clip[];
  /** The runs that a clip was validated in, by their places in `dirs`. @param clip Its place in `clips`. */
  readonly validatedIn: (clip: number) => readonly number[];
  /** See `scoreOptionsOf`. */
  readonly scoreOptions: FitScoresOptions & ScoreSampleOptions;
}

/**
 * Joins the `validation.csv` of several runs to one in `out`, in the clips' order, row by row: the mean of what
 * the runs say of a clip that were validated on it. A clip that one of these could not read has no row.
 *
 * @returns the figures over all rows, and the scores that fit them.
 * @throws {RunError} where a run's rows are not those of its clips.
 */
export async function joinPredictions(
  { out, dirs, columns, clips, validatedIn, scoreOptions }: JoinOptions,
): Promise<{ readonly evaluation: Evaluation; readonly scores: ScoreFigures | undefined }> {
  const { task, classes, seed } = scoreOptions;
  const evaluator = createEvaluator({ task, classes, seed });
  const sample = new ScoreSample(scoreOptions);
  const sources = dirs.map((dir) => new RowSource(`${dir}/validation.csv`));
  const file = await createCsvFile(`${out}/validation.csv`, [...columns, ...classes]);
  try {
    for (const source of sources) await source.advance(); // past the header
    for (const source of sources) await source.advance();
    for (const [i, clip] of clips.entries()) {
      const id = clipId(clip), asked = validatedIn(i).map((run) => sources[run]);
      const rows: (readonly string[])[] = [];
      for (const source of asked) {
        if (source.row?.[0] !== id) continue; // it could not be read
        rows.push(source.row);
        await source.advance();
      }
      if (rows.length === 0 || rows.length < asked.length) continue;
      const said = rows.map((row) => row.slice(columns.length).map(Number));
      const probabilities = said.length === 1 ? said[0] : meanAnswer(said);
      const evaluated = { id, labels: clip.labels!, group: clip.group, probabilities };
      evaluator.add(evaluated);
      sample.add(evaluated);
      await file.addRow([...rows[0].slice(0, columns.length), ...probabilities]);
    }
    for (const { path, row } of sources) {
      if (!row) continue;
      throw new RunError(`Cannot join ${path} as it must hold its run's clips: it has ${row[0]}`);
    }
    await file.commit();
  } finally {
    await file.abort(); // nothing, where it was committed
    for (const source of sources) await source.close();
  }
  return { evaluation: evaluator.build(), scores: fitScores(sample.rows, scoreOptions) };
}

/** A CSV file with its next row at hand. */
class RowSource {
  /** The next row; none at the end. */
  row?: readonly string[];
  readonly #rows: AsyncGenerator<{ readonly row: readonly string[] }>;

  constructor(readonly path: string) {
    this.#rows = readCsvRows(path);
  }

  async advance(): Promise<void> {
    this.row = (await this.#rows.next()).value?.row;
  }

  async close(): Promise<void> {
    await this.#rows.return(undefined);
  }
}

/**
 * Writes the clips that any run could not read to `skipped.csv` in `out`, each once.
 *
 * @returns how many there are.
 */
export async function joinSkipped(out: string, dirs: readonly string[]): Promise<number> {
  const rows = new Map<string, readonly string[]>();
  let header: readonly string[] = [];
  for (const dir of dirs) {
    let isHeader = true;
    for await (const { row } of readCsvRows(`${dir}/skipped.csv`)) {
      if (isHeader) header = row;
      else if (!rows.has(row[0])) rows.set(row[0], row);
      isHeader = false;
    }
  }
  await writeCsv(`${out}/skipped.csv`, header, rows.values());
  return rows.size;
}
