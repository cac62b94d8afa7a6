/** Out-of-fold predictions: what the models of a cross-validation said of the clips they were not trained on. */
import type { Evaluation } from "../model/evaluation/evaluation.ts";
import { createEvaluator } from "../model/evaluation/create_evaluator.ts";
import { fitScores, type FitScoresOptions, type ScoreFigures } from "../model/scores/fit_scores.ts";
import { ScoreSample, type ScoreSampleOptions } from "../model/scores/score_sample.ts";
import { type Clip, clipId } from "../pipeline/clip.ts";
import { readCsvRows } from "../pipeline/sources/csv_rows.ts";
import { createCsvFile, writeCsv } from "./csv_file.ts";
import { RunError } from "./run_error.ts";
import { validationColumns } from "./validation_rows.ts";

/**
 * Joins the `validation.csv` of all folds to one in `out`, in the clips' order, row by row.
 *
 * @param foldDirs The folds' folders, first to last.
 * @param folds The fold of every clip, counted from 1, or 0: see `assignFolds`.
 * @param options See `scoreOptionsOf`.
 * @returns the figures over all rows, and the scores that fit them.
 * @throws {RunError} where a fold's rows are not those of its clips.
 */
export async function joinPredictions(
  out: string,
  foldDirs: readonly string[],
  clips: readonly Clip[],
  folds: ArrayLike<number>,
  options: FitScoresOptions & ScoreSampleOptions,
): Promise<{ readonly evaluation: Evaluation; readonly scores: ScoreFigures | undefined }> {
  const { task, classes, seed } = options;
  const evaluator = createEvaluator({ task, classes, seed }), sample = new ScoreSample(options);
  const sources = foldDirs.map((dir) => new RowSource(`${dir}/validation.csv`));
  const columns = validationColumns(clips);
  const file = await createCsvFile(`${out}/validation.csv`, [...columns, ...classes]);
  try {
    for (const source of sources) await source.advance(); // past the header
    for (const source of sources) await source.advance();
    for (const [i, clip] of clips.entries()) {
      const source = sources[folds[i] - 1];
      const id = clipId(clip);
      if (source?.row?.[0] !== id) continue; // in no fold, or it could not be read
      const probabilities = source.row.slice(columns.length).map(Number);
      const evaluated = { id, labels: clip.labels!, group: clip.group, probabilities };
      evaluator.add(evaluated);
      sample.add(evaluated);
      await file.addRow(source.row);
      await source.advance();
    }
    for (const { path, row } of sources) {
      if (!row) continue;
      throw new RunError(`Cannot join the folds as ${path} must hold its clips: it has ${row[0]}`);
    }
    await file.commit();
  } finally {
    await file.abort(); // nothing, where it was committed
    for (const source of sources) await source.close();
  }
  return { evaluation: evaluator.build(), scores: fitScores(sample.rows, options) };
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
 * Writes the clips that any fold could not read to `skipped.csv` in `out`, each once.
 *
 * @returns how many there are.
 */
export async function joinSkipped(out: string, foldDirs: readonly string[]): Promise<number> {
  const rows = new Map<string, readonly string[]>();
  let header: readonly string[] = [];
  for (const dir of foldDirs) {
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
