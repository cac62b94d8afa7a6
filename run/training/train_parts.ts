/** Several runs in one run's folder, trained one after another: what cross-validations and ensembles share. */
import { type Evaluation, scoreOf } from "../../model/evaluation/evaluation.ts";
import { meanAndSpread } from "../../model/evaluation/mean_and_spread.ts";
import { RunError } from "../run_error.ts";
import { hasEnded } from "../run_folder.ts";
import { partDir, type PartKind } from "../run_parts.ts";
import { train } from "./train.ts";
import type { PartsSpread, TrainResult } from "./train_events.ts";
import { Interrupted, type TrainOptions } from "./train_options.ts";

/**
 * Trains the runs that have not ended, and reads the results of those that have.
 *
 * @param out The folder that they stand in.
 * @param runs Options of each; its folder and whether it goes on are told by what is there.
 * @param onBegin Called before a run is trained. @param index Counted from 1.
 * @returns their results, in order.
 * @throws what `train` throws; `Interrupted` and `RunError` name `out` to go on with.
 */
export async function trainParts(
  out: string,
  kind: PartKind,
  runs: readonly TrainOptions[],
  onBegin: (index: number) => void,
): Promise<TrainResult[]> {
  const results: TrainResult[] = [];
  for (const [i, options] of runs.entries()) {
    const dir = partDir(out, kind, i + 1);
    if (!await hasEnded(dir)) onBegin(i + 1);
    results.push(
      await goOn({ ...options, out: dir }).catch((error) => {
        throw ofWhole(error, out);
      }),
    );
  }
  return results;
}

/**
 * Begins a run or goes on with it, as what is in its folder tells.
 *
 * @returns its result: of one that has ended, that which it came to.
 * @throws what `train` throws.
 */
export async function goOn(
  options: TrainOptions & { readonly out: string },
): Promise<TrainResult> {
  const { out } = options;
  if (await hasEnded(out)) return JSON.parse(await Deno.readTextFile(`${out}/metrics.json`));
  const isBegun = await Deno.stat(`${out}/config.json`).then(() => true, () => false);
  return await train({ ...options, mode: isBegun ? "resume" : "new" });
}

/** An error of a run as that of all: the folder to go on with is theirs, `out`, whatever the run itself has saved. */
function ofWhole(error: unknown, out: string): unknown {
  if (error instanceof Interrupted) return new Interrupted(out, { cause: error });
  if (!(error instanceof RunError)) return error;
  return new RunError(error.message, { cause: error, resumable: out });
}

/** The runs' figures together; a run that was not validated does not enter them. */
export function describeSpread(runs: readonly Evaluation[]): PartsSpread {
  const over = (figure: (run: Evaluation) => number | null) => meanAndSpread(runs.map(figure));
  return {
    numValidated: runs.filter(({ examples }) => examples > 0).length,
    macroF1: over(({ macroF1 }) => macroF1),
    ...runs[0].task === "one-label"
      ? { accuracy: over((run) => run.task === "one-label" ? run.accuracy : null) }
      : {
        meanAveragePrecision: over(scoreOf),
        labelAccuracy: over((run) => run.task === "several-labels" ? run.labelAccuracy : null),
      },
  };
}
