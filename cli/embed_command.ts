import { dirname } from "../deps/std_path.ts";
import { Command } from "../deps/commander.ts";
import { cacheSettings } from "../pipeline/cache/cache_folder.ts";
import { frontEndSettings } from "../pipeline/front_end.ts";
import { type FileColumns, fileColumnSettings } from "../pipeline/sources/column_settings.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openRecordings } from "../pipeline/sources/open_recordings.ts";
import { plural } from "../report/format.ts";
import { openBackbone } from "../run/open_backbone.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { type MachineSettings, machineSettings } from "../run/config/run_settings.ts";
import { SettingError, type SettingsOf, type SettingTable } from "../settings/setting.ts";
import { numberIn, text } from "../settings/value_range.ts";
import { readCache } from "./cache_option.ts";
import { commonSettings } from "./common_settings.ts";
import { exitCodes } from "./exit_codes.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { backboneSetting, recordingsSetting } from "./shared_settings.ts";
import { createTerminal, formatSeconds } from "./terminal.ts";

interface EmbedValues extends Pick<MachineSettings, "workers"> {
  readonly backbone?: string;
  readonly data?: string;
  readonly out: string;
  readonly durationSeconds?: number;
  readonly hop?: number;
}

const values: SettingsOf<EmbedValues> = {
  backbone: backboneSetting,
  data: recordingsSetting,
  out: {
    range: text,
    default: "embeddings.npy",
    help: "file to write: .npy, with a .csv that says what its rows are, or .parquet",
    group: "Output",
    placeholder: "file",
  },
  durationSeconds: {
    range: frontEndSettings.durationSeconds.range,
    flag: "seconds",
    defaultWords: "what the backbone hears, or 5",
    help: "length of a clip, or of a window",
    group: "Windows",
    placeholder: "s",
  },
  hop: {
    range: numberIn({ above: 0 }),
    help: "all of a recording, a window every so many seconds, not its beginning alone",
    group: "Windows",
    placeholder: "s",
  },
  workers: machineSettings.workers,
};

/** The settings of `embed`. */
export const embedSettings: readonly SettingTable[] = [
  ...[values, fileColumnSettings, cacheSettings, commonSettings],
];

/** `embed`: a backbone's embeddings of recordings, as a file for other programs. */
export function embedCommand(): Command {
  const command = new Command("embed")
    .description("Write a frozen network's embedding of every recording, or of all its windows")
    .action(runEmbed);
  return addOptions(command, embedSettings);
}

async function runEmbed(_: unknown, command: Command): Promise<void> {
  const { backbone: path, data, out, durationSeconds: seconds, hop, workers } = readValues(
    command,
    values,
  );
  if (path === undefined) {
    throw new SettingError("embed", "backbone", "said: an ONNX file, or a run", "none");
  }
  if (!/\.(npy|parquet)$/.test(out)) {
    throw new SettingError("embed", "out", "a name that ends in .npy or .parquet", out);
  }
  const { tableOf, writeEmbeddings } = await import("../run/embeddings/write_embeddings.ts");
  const skippedPath = `${dirname(out)}/skipped.csv`;
  const table = tableOf(out), tables = table === undefined ? [] : [table];
  await prepareOutputs(
    [out, ...tables, skippedPath].map((path) => ({ setting: "out", path, kind: "file" })),
    data,
  );
  const terminal = createTerminal(), backbone = await openBackbone(path);
  const { card, feeding: { size }, recognised } = backbone;
  terminal.line(
    `backbone   ${card.name}, ${size} numbers, ${recognised} (licence: ${card.licence})`,
  );
  if (card.notice !== undefined) terminal.line(card.notice);
  const columns = readSaid<FileColumns>(command, fileColumnSettings);
  const dataset = data === undefined ? await openDefaultDataset() : undefined;
  const recordings = dataset
    ? [...dataset.train, ...dataset.test]
    : await openRecordings(data!, (note) => terminal.line(note), columns);
  terminal.line(`recordings ${recordings.length}`);
  const startMs = performance.now();
  const elapsed = () => (performance.now() - startMs) / 1000;
  const { rows, skipped } = await writeEmbeddings({
    ...{ backbone, recordings, out, seconds, hopSeconds: hop, workers, skipped: skippedPath },
    cache: readCache(command),
    onNotice: (text) => terminal.line(text),
    onSkipped: (failure) => terminal.line(`skipped: ${failure.message}`),
    onClip: (done) => {
      const of = hop === undefined ? `/${recordings.length}` : "";
      terminal.status(`${done}${of} clips  ${(done / elapsed()).toFixed(0)} clips/s`);
    },
  });
  terminal.clearStatus();
  const named = table === undefined ? "" : `, whose rows ${table} names`;
  terminal.line(`[${rows}, ${size}] in ${out}${named} (${formatSeconds(elapsed())})`);
  if (skipped.length > 0) {
    terminal.line(`${plural(skipped.length, "clip")} could not be read: ${skippedPath}`);
    Deno.exitCode = exitCodes.incomplete;
  }
}
