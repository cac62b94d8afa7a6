import { Command } from "../deps/commander.ts";
import { cacheSettings } from "../pipeline/cache/cache_folder.ts";
import { type FrontEnd, frontEndSettings, resolveFrontEnd } from "../pipeline/front_end.ts";
import { type FileColumns, fileColumnSettings } from "../pipeline/sources/column_settings.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openRecordings } from "../pipeline/sources/open_recordings.ts";
import { plural } from "../report/format.ts";
import { faultSettings } from "../run/config/fault_settings.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { type MachineSettings, machineSettings } from "../run/config/run_settings.ts";
import { partFolder } from "../run/shards/part.ts";
import { jobShardSettings } from "../run/shards/shard.ts";
import { writeFeatures, type WriteFeaturesOptions } from "../run/write_features.ts";
import { onOrOff, text } from "../settings/value_range.ts";
import type { SettingsOf, SettingTable } from "../settings/setting.ts";
import { readCache } from "./cache_option.ts";
import { commonSettings } from "./common_settings.ts";
import { describeQueues } from "./describe_queues.ts";
import { exitCodes } from "./exit_codes.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { readShard, runShard, tellShare } from "./shard_words.ts";
import { recordingsSetting } from "./shared_settings.ts";
import { createTerminal, formatSeconds } from "./terminal.ts";

interface FeaturesFiles extends Pick<MachineSettings, "workers" | "clipTimeout" | "memoryLimit"> {
  readonly data?: string;
  readonly out: string;
  readonly resume: boolean;
}

const files: SettingsOf<FeaturesFiles> = {
  data: recordingsSetting,
  out: {
    range: text,
    default: "features",
    help: "folder to write FILE.npy in",
    group: "Output",
    placeholder: "dir",
  },
  resume: {
    range: onOrOff,
    default: false,
    help: "go on with what was stopped",
    group: "Output",
  },
  workers: machineSettings.workers,
  clipTimeout: machineSettings.clipTimeout,
  memoryLimit: machineSettings.memoryLimit,
};

/** The settings of `features`. */
export const featuresSettings: readonly SettingTable[] = [
  ...[files, fileColumnSettings, jobShardSettings, faultSettings, frontEndSettings],
  ...[cacheSettings, commonSettings],
];

/** `features`: the log-mel features of recordings as `.npy` files. */
export function featuresCommand(): Command {
  const command = new Command("features")
    .description("Write the features of every recording as a float32 .npy file, for NumPy")
    .action(runFeatures);
  return addOptions(command, featuresSettings);
}

async function runFeatures(_: unknown, command: Command): Promise<void> {
  const { data, out, ...others } = readValues(command, files), shard = readShard(command);
  const frontEnd = resolveFrontEnd(readSaid<FrontEnd>(command, frontEndSettings));
  await prepareOutputs([{ setting: "out", path: out, kind: "folder" }], data);
  const terminal = createTerminal(),
    columns = readSaid<FileColumns>(command, fileColumnSettings);
  const dataset = data === undefined ? await openDefaultDataset() : undefined;
  const recordings = dataset
    ? [...dataset.train, ...dataset.test]
    : await openRecordings(data!, (note) => terminal.line(note), columns);
  const numOwn = tellShare(terminal, recordings, shard);
  const startMs = performance.now();
  const seconds = () => (performance.now() - startMs) / 1000;
  const options: WriteFeaturesOptions = {
    ...{ ...others, recordings, shard, frontEnd, out },
    ...readValues(command, faultSettings),
    cache: readCache(command),
    onNotice: (text) => terminal.line(text),
    onSkipped: (failure) => terminal.line(`skipped: ${failure.message}`),
    onClip: (done, queues) => {
      const rate = (done / seconds()).toFixed(0);
      terminal.status(`${done}/${numOwn} clips  ${rate} clips/s  ${describeQueues(queues)}`);
    },
  };
  const run = async () => {
    const { written, skipped } = await writeFeatures(options);
    terminal.clearStatus();
    if (skipped.length > 0) {
      const place = shard ? partFolder(out, shard) : out;
      terminal.line(`${plural(skipped.length, "clip")} could not be read: ${place}/skipped.csv`);
      Deno.exitCode = exitCodes.incomplete;
    }
    return `${plural(written, "file")}`;
  };
  if (shard) return await runShard(terminal, out, { shard, resume: others.resume }, run);
  terminal.line(`${await run()} in ${out} (${formatSeconds(seconds())})`);
}
