/** Says how a search goes, a line a run, and what it came to: of `tune`, its shards, and `merge`. */
import { type Recipe, recipeSettings } from "../model/recipe.ts";
import { plural } from "../report/format.ts";
import type { TrainEvent } from "../run/training/train_events.ts";
import type { MergeTrialsResult } from "../run/tune/merge_trials.ts";
import type { TrialResult } from "../run/tune/rank_trials.ts";
import type { TrialRun } from "../run/tune/search.ts";
import { searchedSettings } from "../run/tune/trials.ts";
import type { TuneResult } from "../run/tune/tune.ts";
import { callOf } from "../settings/call_of.ts";
import { flagOf } from "./setting_options.ts";
import { formatFixed, formatSeconds, formatShare, type Terminal } from "./terminal.ts";

const header = "rung  trial  epochs   score   loss    time";

/** Tells of a search on a terminal. */
export function narrateSearch(terminal: Terminal) {
  let under: TrialRun | undefined, isBegun = false, planned = 0;
  const endRun = (result: TrialResult) => terminal.line(describeRun(result));
  const endRungs = ({ rungs, refit }: Pick<TuneResult, "rungs" | "refit">, out: string) => {
    const last = rungs[rungs.length - 1], [best] = last;
    const asked = last.find(({ trial }) => trial === 1)!;
    terminal.clearStatus();
    terminal.line("");
    terminal.line(
      best === asked
        ? `best: the recipe that was asked for, ${formatShare(asked.score)}`
        : `best: trial ${best.trial}, ${formatShare(best.score)}; the recipe that was asked for, ` +
          `${formatShare(asked.score)}`,
    );
    terminal.line(`table: ${out}/tune.csv, comparison: ${out}/report.html`);
    const rest = refit === 0 ? "" : ` --refit ${refit}`; // which its trials leave out
    terminal.line(`train with it: ${callOf("train")} --config ${best.out}/config.json${rest}`);
  };
  return {
    notice: (text: string) => terminal.line(text),
    endRun,
    endRungs,
    tell(event: TrainEvent) {
      if (event.kind === "start") planned = event.start.plan.epochs;
      if (event.kind === "start" && !isBegun) {
        isBegun = true;
        const { data, numTrain, numValidation, engine } = event.start;
        const turns = under?.fold ? `, ${under.fold.of} folds in turn` : "";
        terminal.line(
          `data       ${data}: ${numTrain} clips, ${numValidation} to validate on${turns}`,
        );
        terminal.line(`engine     ${engine}`);
        terminal.line("");
        terminal.line(header);
      } else if (event.kind === "progress" && under) {
        const { rung, trial, fold } = under, part = fold ? `  fold ${fold.index}` : "";
        terminal.status(`rung ${rung}  trial ${trial}${part}  epoch ${event.epoch}/${planned}`);
      } else if (event.kind === "notice" && event.level === "warning") {
        terminal.line(`warning: ${event.text}`);
      }
    },
    begin: (run: TrialRun) => under = run,
    /** A shard's part is done. */
    endShard({ rung, missing }: TuneResult, out: string) {
      terminal.clearStatus();
      const left = missing.length === 0
        ? `all runs of rung ${rung} are there`
        : `${
          plural(missing.length, "run")
        } of rung ${rung} left to other shards; when all are there`;
      terminal.line(`${left}: ${callOf("merge")} ${out}`);
    },
    /** A rung is ended. */
    endRung({ rungs, next, refit }: MergeTrialsResult, out: string) {
      terminal.clearStatus();
      terminal.line(header);
      rungs[rungs.length - 1].forEach(endRun);
      if (next.length === 0) return endRungs({ rungs, refit }, out);
      const [{ rung }] = next, numbers = next.map(({ trial }) => trial).join(", ");
      terminal.line("");
      terminal.line(`table: ${out}/tune.csv`);
      terminal.line(`rung ${rung} is next, of ${plural(next.length, "trial")}: ${numbers}`);
      terminal.line(
        `the same tasks again (${callOf("tune")} … --shard), then ${callOf("merge")} ${out}`,
      );
    },
  };
}

function describeRun(
  { rung, trial, fold, recipe, score, loss, epochs, seconds }: TrialResult,
): string {
  const name = fold ? `${trial}.${fold.index}` : `${trial}`;
  const cells = [
    ...[String(rung).padStart(4), name.padStart(5), String(Math.round(epochs)).padStart(6)],
    ...[formatShare(score).padStart(7), formatFixed(loss), formatSeconds(seconds).padStart(6)],
  ];
  return `${cells.join("  ")}  ${describeRecipe(recipe)}`;
}

/** What of a recipe is searched, in a line, as options say it. */
function describeRecipe(recipe: Recipe): string {
  return searchedSettings.map((name) =>
    `${flagOf(name, recipeSettings[name])!.slice(2)} ${recipe[name]}`
  ).join(", ");
}
