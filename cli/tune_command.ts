import { Command } from "../deps/commander.ts";
import { type Recipe, recipeSettings } from "../model/recipe.ts";
import { plural } from "../report/format.ts";
import { faultSettings } from "../run/fault_settings.ts";
import { prepareOutputs } from "../run/outputs.ts";
import { machineSettings, savingSettings } from "../run/run_settings.ts";
import type { TrainEvent } from "../run/train_events.ts";
import { Interrupted } from "../run/train_options.ts";
import { searchedSettings, tuneSettings } from "../run/tune/trials.ts";
import { type Trial, type TrialResult, tune, type TuneResult } from "../run/tune/tune.ts";
import { callOf } from "../settings/call_of.ts";
import { text } from "../settings/value_range.ts";
import type { SettingsOf, SettingTable } from "../settings/setting.ts";
import { readCache } from "./cache_option.ts";
import { exitCodes } from "./exit_codes.ts";
import { runStoppable } from "./run_stoppable.ts";
import { addOptions, flagOf, readSaid, readValues } from "./setting_options.ts";
import { readShard } from "./shard_words.ts";
import {
  createTerminal,
  formatFixed,
  formatSeconds,
  formatShare,
  type Terminal,
} from "./terminal.ts";
import { choiceSettings, choiceWords, readChoices } from "./train_command.ts";

interface TuneFiles {
  readonly out: string;
}

const files: SettingsOf<TuneFiles> = {
  out: {
    range: text,
    default: "runs/tune",
    help: "folder of the trials; the same search goes on with those that are there",
    group: "Run",
    placeholder: "dir",
  },
};

/** The settings of `tune`. */
export const allTuneSettings: readonly SettingTable[] = [files, tuneSettings, ...choiceSettings];

/** `tune`: looks for a recipe that does better on the validation clips. */
export function tuneCommand(): Command {
  const command = new Command("tune")
    .description("Look for a better recipe: train with ones drawn at random, the best for longer")
    .action(runTune);
  return addOptions(command, allTuneSettings);
}

async function runTune(_: unknown, command: Command): Promise<void> {
  const { out } = readValues(command, files), shard = readShard(command);
  const { config } = readSaid(command, choiceWords);
  const { folds: _folds, ...choices } = await readChoices(command, config);
  await prepareOutputs([{ setting: "out", path: out, kind: "folder" }], choices.dataset.dir);
  const createNarrator = (onClosed: () => void) => narrate(createTerminal(onClosed));
  try {
    await runStoppable(createNarrator, async (narrator, signal) => {
      narrator.end(
        await tune({
          ...{ ...choices, out, shard, signal },
          ...readValues(command, tuneSettings),
          ...readValues(command, machineSettings),
          ...readValues(command, savingSettings),
          ...readValues(command, faultSettings),
          cache: readCache(command),
          onEvent: narrator.tell,
          onTrial: narrator.begin,
          onTrialEnd: narrator.endTrial,
        }),
        out,
      );
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    createTerminal().line("stopped; all is saved, and the same command goes on");
    Deno.exitCode = exitCodes.interrupted;
  }
}

/** Says how a search goes: a line a trial. */
function narrate(terminal: Terminal) {
  let under: Trial | undefined, isBegun = false, planned = 0;
  return {
    notice: (text: string) => terminal.line(text),
    tell(event: TrainEvent) {
      if (event.kind === "start") planned = event.start.plan.epochs;
      if (event.kind === "start" && !isBegun) {
        isBegun = true;
        const { data, numTrain, numValidation, engine } = event.start;
        terminal.line(`data       ${data}: ${numTrain} clips, ${numValidation} to validate on`);
        terminal.line(`engine     ${engine}`);
        terminal.line("");
        terminal.line("rung  trial  epochs   score   loss    time");
      } else if (event.kind === "progress" && under) {
        const { rung, trial } = under;
        terminal.status(`rung ${rung}  trial ${trial}  epoch ${event.epoch}/${planned}`);
      } else if (event.kind === "notice" && event.level === "warning") {
        terminal.line(`warning: ${event.text}`);
      }
    },
    begin: (trial: Trial) => under = trial,
    endTrial({ rung, trial, recipe, score, loss, epochs, seconds }: TrialResult) {
      const cells = [
        ...[String(rung).padStart(4), String(trial).padStart(5), String(epochs).padStart(6)],
        ...[formatShare(score).padStart(7), formatFixed(loss), formatSeconds(seconds).padStart(6)],
      ];
      terminal.line(`${cells.join("  ")}  ${describeRecipe(recipe)}`);
    },
    end({ rungs, missing }: TuneResult, out: string) {
      terminal.clearStatus();
      terminal.line("");
      if (missing > 0) {
        const next = rungs.length + 1;
        return terminal.line(
          `${
            plural(missing, "trial")
          } of rung ${next} left to other shards; when they are done, the same again`,
        );
      }
      const last = rungs.at(-1)!, [best] = last, asked = last.find(({ trial }) => trial === 1)!;
      terminal.line(
        best === asked
          ? `best: the recipe that was asked for, ${formatShare(asked.score)}`
          : `best: trial ${best.trial}, ${
            formatShare(best.score)
          }; the recipe that was asked for, ` +
            `${formatShare(asked.score)}`,
      );
      terminal.line(`table: ${out}/tune.csv, comparison: ${out}/report.html`);
      terminal.line(`train with it: ${callOf("train")} --config ${best.out}/config.json`);
    },
  };
}

/** What of a recipe is searched, in a line, as options say it. */
function describeRecipe(recipe: Recipe): string {
  return searchedSettings.map((name) =>
    `${flagOf(name, recipeSettings[name])!.slice(2)} ${recipe[name]}`
  ).join(", ");
}
