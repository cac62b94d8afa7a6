import { Command } from "../deps/commander.ts";
import { recipeSettings } from "../model/recipe.ts";
import { type Columns, columnSettings } from "../pipeline/sources/column_settings.ts";
import type { Dataset } from "../pipeline/sources/dataset.ts";
import { openDataset } from "../pipeline/sources/open_dataset.ts";
import { openRecordings } from "../pipeline/sources/open_recordings.ts";
import { plural } from "../report/format.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import type { ShardSample } from "../run/webdataset/shard_writer.ts";
import { type ShardSettings, shardSettings } from "../run/webdataset/shard_settings.ts";
import { writeShards } from "../run/webdataset/write_shards.ts";
import { onOrOff, text } from "../settings/value_range.ts";
import { SettingError, type SettingsOf, type SettingTable } from "../settings/setting.ts";
import { commonSettings } from "./common_settings.ts";
import { exitCodes } from "./exit_codes.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { createTerminal, formatSeconds } from "./terminal.ts";

interface ShardsFiles {
  readonly data?: string;
  readonly labels?: string;
  readonly groups?: string;
  readonly unlabelled: boolean;
  readonly seed: number;
}

const files: SettingsOf<ShardsFiles> = {
  data: {
    range: text,
    defaultWords: "the ones that come along",
    help: "the recordings, as for train",
    group: "Data",
    placeholder: "path",
  },
  labels: {
    range: text,
    help: "table that labels the files of --data, as for train",
    group: "Data",
    placeholder: "path",
  },
  groups: {
    range: text,
    help: "write down what keeps clips together, as for train",
    group: "Data",
    placeholder: "what",
  },
  unlabelled: {
    range: onOrOff,
    default: false,
    help: "write every recording below --data, without labels",
    group: "Data",
  },
  seed: recipeSettings.seed,
};

/** The settings of `shards`. */
export const shardsSettings: readonly SettingTable[] = [
  ...[files, columnSettings, shardSettings, commonSettings],
];

/** `shards`: a data set as tars of equal size. */
export function shardsCommand(): Command {
  const command = new Command("shards")
    .description("Write recordings and labels as shards of equal size, as WebDataset reads them")
    .action(runShards);
  return addOptions(command, shardsSettings);
}

async function runShards(_: unknown, command: Command): Promise<void> {
  const { data, labels, groups, unlabelled, seed } = readValues(command, files);
  const columns = readSaid<Columns>(command, columnSettings);
  const { out, shardSize } = readValues<ShardSettings>(command, shardSettings);
  await prepareOutputs([{ setting: "out", path: out, kind: "file" }], data);
  const terminal = createTerminal();
  const listed = unlabelled
    ? { classes: [], samples: await listAll(data, labels, columns, terminal.line) }
    : await listDataset({ dir: data, labelsFile: labels, groups, ...columns }, terminal);
  const startMs = performance.now();
  const { shards, written, skipped } = await writeShards({
    ...{ ...listed, out, shardSize, seed },
    onSample: (done, bytes) =>
      terminal.status(
        `${done}/${listed.samples.length} recordings  ${(bytes / 1e6).toFixed(0)} MB`,
      ),
    onSkipped: (message) => terminal.line(`skipped: ${message}`),
  });
  terminal.clearStatus();
  if (skipped > 0) {
    Deno.exitCode = exitCodes.incomplete;
    terminal.line(`${plural(skipped, "recording")} could not be read, left out`);
  }
  const time = formatSeconds((performance.now() - startMs) / 1000);
  const [first] = shards, last = shards.length > 1 ? ` to ${shards.at(-1)}` : "";
  terminal.line(
    `${plural(written, "recording")} in ${
      plural(shards.length, "shard")
    }: ${first}${last} (${time})`,
  );
}

async function listAll(
  data: string | undefined,
  labels: string | undefined,
  columns: Columns,
  onNote: (note: string) => void,
): Promise<ShardSample[]> {
  const refuse = (setting: string, rule: string, value: unknown) => {
    throw new SettingError("write shards without labels", setting, rule, value);
  };
  if (data === undefined) return refuse("data", "named", "none");
  if (labels !== undefined) refuse("labels", "left out", labels);
  return (await openRecordings(data, onNote, columns)).map((recording) => {
    const { labels: _, group: __, annotations: ___, ...bare } = recording;
    return { recording: bare };
  });
}

async function listDataset(
  choices: Parameters<typeof openDataset>[0],
  terminal: ReturnType<typeof createTerminal>,
): Promise<{ readonly classes: readonly string[]; readonly samples: ShardSample[] }> {
  const dataset: Dataset = await openDataset({
    ...choices,
    onAsked: (numAsked, numAll) =>
      terminal.status(`asking servers for the recordings: ${numAsked}/${numAll}`),
  });
  terminal.clearStatus();
  const { classes, train, validation = [], test, notes = [] } = dataset;
  notes.forEach(terminal.line);
  return {
    classes,
    samples: [
      ...train.map((recording) => ({ recording, split: "train" } as const)),
      ...validation.map((recording) => ({ recording, split: "val" } as const)),
      ...test.map((recording) => ({ recording, split: "test" } as const)),
    ],
  };
}
