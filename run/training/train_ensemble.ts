/** An ensemble: runs that differ in nothing but their seed, and what they say together. */
import { joinValidation } from "../../pipeline/sources/open_dataset.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { checkMembersDiffer } from "../config/backbone_choices.ts";
import { cutClips, resolveConfig } from "../config/config.ts";
import type { RunConfig } from "../config/run_config.ts";
import { takeOver } from "./initial_model.ts";
import { joinPredictions, joinSkipped } from "./join_predictions.ts";
import { openRun } from "./open_run.ts";
import { RunError } from "../run_error.ts";
import { hasEnded } from "../run_folder.ts";
import { writeReport } from "./run_report.ts";
import { splitOf, splitSeedOf } from "./run_split.ts";
import { scoreOptionsOf } from "../config/score_options.ts";
import type { EnsembleResult } from "./train_events.ts";
import type { TrainOptions } from "./train_options.ts";
import { describeSpread, trainParts } from "./train_parts.ts";
import { validationColumns } from "./validation_rows.ts";

/** Options of an ensemble: those of a run, whose seed is the first member's, and the number of members. */
export interface TrainEnsembleOptions extends TrainOptions {
  /** Models whose probabilities are averaged. */
  readonly ensemble: number;
}

/**
 * Trains models of consecutive seeds on the same clips, each in a whole run's folder of its own, `member-1` and
 * on, in the ensemble's folder. All are validated on the same clips, those that the first seed draws. The
 * ensemble's folder holds `config.json`, `validation.csv` (the mean of the members' probabilities),
 * `skipped.csv`, `metrics.json` and `report.html`; `readModels` reads its models, with the temperature and the
 * thresholds that fit the mean. Resumed, it goes on with the first member that has not ended.
 *
 * @throws what `train` throws; `Interrupted` and `RunError` name the ensemble's folder to go on with.
 */
export async function trainEnsemble(given: TrainEnsembleOptions): Promise<EnsembleResult> {
  const choices = await takeOver(given);
  const dataset = choices.fold ? joinValidation(choices.dataset) : choices.dataset;
  const options = { ...choices, dataset }, { ensemble, mode = "new" } = options;
  const clips = await cutClips(options);
  const config: RunConfig = { ...await resolveConfig(options, clips), ensemble };
  checkMembersDiffer(config);
  const split = await splitOf(clips, config), splitSeed = splitSeedOf(config);
  using run = await openRun(options.out, mode, config);
  const { out } = run;
  if (await hasEnded(out)) throw new RunError(`Cannot resume ${out} as it has ended: all members`);

  const seeds = Array.from({ length: ensemble }, (_, i) => config.recipe.seed + i);
  const embeddings = options.embeddings ?? `${out}/embeddings.bin`;
  const runs = seeds.map((seed) => ({
    ...options,
    embeddings,
    ...{ splitSeed, splitFrom: config.splitFrom },
    recipe: { ...config.recipe, seed },
  }));
  const results = await trainParts(out, "member", runs, (index) => {
    const member = { index, of: ensemble, seed: seeds[index - 1] };
    options.onEvent?.({ kind: "member", member });
  });
  const dirs = results.map(({ out }) => out), everyone = dirs.map((_, i) => i);
  const { evaluation: best, scores = null } = await joinPredictions({
    out,
    dirs,
    columns: validationColumns([...split.train, ...split.validation]),
    clips: split.validation,
    validatedIn: () => everyone,
    scoreOptions: scoreOptionsOf(config),
  });
  const result: EnsembleResult = {
    out,
    classes: config.classes,
    members: results.map(({ out, bestEpoch, refit, epochs, ended, best }, i) => ({
      out,
      seed: seeds[i],
      bestEpoch,
      refit,
      epochs,
      ended,
      best,
    })),
    best,
    scores,
    ...describeSpread(results.map(({ best }) => best)),
    ended: "all members",
    skipped: await joinSkipped(out, dirs),
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  await writeAtomically(`${out}/metrics.json`, `${JSON.stringify(result, null, 2)}\n`);
  await writeReport(out, options.onEvent);
  return result;
}
