import { Command } from "../deps/commander.ts";
import { faultSettings } from "../run/config/fault_settings.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { RunError } from "../run/run_error.ts";
import { machineSettings, savingSettings } from "../run/config/run_settings.ts";
import { Interrupted } from "../run/training/train_options.ts";
import { tuneSettings } from "../run/tune/trials.ts";
import { tune } from "../run/tune/tune.ts";
import { text } from "../settings/value_range.ts";
import type { SettingsOf, SettingTable } from "../settings/setting.ts";
import { readCache } from "./cache_option.ts";
import { narrateSearch } from "./narrate_search.ts";
import { codeOfStop, runStoppable } from "./run_stoppable.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { readShard } from "./shard_words.ts";
import { createTerminal } from "./terminal.ts";
import { choiceSettings, choiceWords, foldWords, readChoices } from "./train_command.ts";

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
export const allTuneSettings: readonly SettingTable[] = [
  ...[files, tuneSettings, foldWords],
  ...choiceSettings,
];

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
  const choices = await readChoices(command, config);
  await prepareOutputs([{ setting: "out", path: out, kind: "folder" }], choices.dataset.dir);
  const createNarrator = (onClosed: () => void) => narrateSearch(createTerminal(onClosed));
  try {
    await runStoppable(createNarrator, async (narrator, signal) => {
      const result = await tune({
        ...{ ...choices, out, shard, signal },
        ...readValues(command, tuneSettings),
        ...readValues(command, machineSettings),
        ...readValues(command, savingSettings),
        ...readValues(command, faultSettings),
        cache: readCache(command),
        onEvent: narrator.tell,
        onTrial: narrator.begin,
        onTrialEnd: narrator.endRun,
      });
      if (shard) narrator.endShard(result, out);
      else narrator.endRungs(result, out);
    });
  } catch (error) {
    if (error instanceof RunError && error.resumable !== undefined) {
      throw new RunError(`${error.message}. The same command goes on`, { cause: error });
    }
    if (!(error instanceof Interrupted)) throw error;
    createTerminal().line("stopped; all is saved, and the same command goes on");
    Deno.exitCode = codeOfStop();
  }
}
