import { Command } from "../deps/commander.ts";
import { plural } from "../report/format.ts";
import { readConfig } from "../run/config/config_file.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { mergeParts } from "../run/shards/merge_parts.ts";
import { joinFolds } from "../run/training/train_folds.ts";
import { mergeTrials } from "../run/tune/merge_trials.ts";
import { holdsSearch } from "../run/tune/search.ts";
import { SettingError, type SettingsOf, type SettingTable } from "../settings/setting.ts";
import { text } from "../settings/value_range.ts";
import { commonSettings } from "./common_settings.ts";
import { describeLabels } from "./describe_evaluation.ts";
import { exitCodes } from "./exit_codes.ts";
import { narrateSearch } from "./narrate_search.ts";
import { addOptions, readValues } from "./setting_options.ts";
import { createTerminal } from "./terminal.ts";
import { readChoices } from "./train_command.ts";
import { createTextNarrator } from "./train_narrator.ts";

interface MergeFiles {
  readonly out?: string;
  readonly probabilities?: string;
}

const files: SettingsOf<MergeFiles> = {
  out: {
    range: text,
    defaultWords: "where the parts were asked to be",
    help: "file to write, or of features and events in files of their own the folder they lie in",
    group: "Output",
    placeholder: "path",
  },
  probabilities: {
    range: text,
    defaultWords: "where the parts were asked to be",
    help: "CSV file with the probability of every class",
    group: "Output",
    placeholder: "file",
  },
};

/** The settings of `merge`. */
export const mergeSettings: readonly SettingTable[] = [files, commonSettings];

/** `merge`: what the shards of a job wrote becomes what one process would have written. */
export function mergeCommand(): Command {
  const command = new Command("merge")
    .description("Join the parts that shards wrote to what one process would have written")
    .argument(
      "<parts...>",
      "OUT.parts, or parts in it; the folder of a cross-validation or of a search",
    )
    .action((paths: string[], _: unknown, command: Command) => runMerge(paths, command));
  return addOptions(command, mergeSettings);
}

async function runMerge(paths: readonly string[], command: Command): Promise<void> {
  const values = readValues(command, files), { out, probabilities } = values;
  if (await holdsSearch(paths[0])) return await mergeSearch(paths, values);
  if (await isCrossValidation(paths[0])) return await mergeFolds(paths, values, command);
  const outputs = Object.entries({ probabilities }).flatMap(([setting, path]) =>
    path === undefined ? [] : [{ setting, path, kind: "file" } as const]
  );
  await prepareOutputs(outputs);
  const terminal = createTerminal();
  const result = await mergeParts(paths, {
    ...{ out, probabilities },
    onRow: (done, all) => terminal.status(`${done}/${all} recordings`),
  });
  terminal.clearStatus();
  const { parts, recordings, standIns, skipped, figures } = result;
  if (figures) describeLabels(figures).forEach(terminal.line);
  terminal.line(`${plural(recordings, "recording")} of ${plural(parts, "part")} in ${result.out}`);
  if (skipped > 0) terminal.line(`${plural(skipped, "clip")} could not be read: see skipped.csv`);
  if (standIns > 0 || result.kind !== "labels" && skipped > 0) {
    Deno.exitCode = exitCodes.incomplete;
  }
}

/** Tells the folder of a cross-validation, whose parts are its folds. */
async function isCrossValidation(path: string): Promise<boolean> {
  const there = await Deno.stat(`${path}/config.json`).then(() => true, () => false);
  return there && (await readConfig(`${path}/config.json`)).folds !== null;
}

/** Joins the folds of a cross-validation, in its folder. */
async function mergeFolds(
  paths: readonly string[],
  values: MergeFiles,
  command: Command,
): Promise<void> {
  const path = onlyFolder(paths, values, "join the folds", "the folds of a cross-validation are");
  const { folds, ...choices } = await readChoices(command, `${path}/config.json`);
  const narrator = createTextNarrator(createTerminal());
  const options = { ...choices, out: path, onEvent: narrator.tell };
  narrator.end(await joinFolds({ ...options, folds: folds! }));
}

/** Ends the rung under way of a search, in its folder. */
async function mergeSearch(paths: readonly string[], values: MergeFiles): Promise<void> {
  const path = onlyFolder(paths, values, "end a rung", "the trials of a search are");
  const narrator = narrateSearch(createTerminal());
  narrator.endRung(await mergeTrials(path, narrator.tell), path);
}

/** The one folder in which runs are joined. @throws {SettingError} where more is said. */
function onlyFolder(
  [path, parts]: readonly string[],
  { out, probabilities }: MergeFiles,
  action: string,
  what: string,
): string {
  for (const [name, value] of Object.entries({ out, probabilities, parts })) {
    if (value === undefined) continue;
    throw new SettingError(action, name, `left out, as ${what} joined in its folder`, value);
  }
  return path.replace(/(.)\/+$/, "$1");
}
