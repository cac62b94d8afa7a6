import { Command } from "../deps/commander.ts";
import { recipeSettings } from "../model/recipe.ts";
import { type FileColumns, fileColumnSettings } from "../pipeline/sources/column_settings.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openTestFolder } from "../pipeline/sources/open_recordings.ts";
import { describeCount } from "../pipeline/sources/unused.ts";
import { plural } from "../report/format.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { numberIn, text, wholeNumberIn } from "../settings/value_range.ts";
import type { SettingsOf, SettingTable } from "../settings/setting.ts";
import { commonSettings } from "./common_settings.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { createTerminal } from "./terminal.ts";

interface SegmentsValues {
  readonly data?: string;
  readonly out: string;
  readonly context: number;
  readonly longest: number;
  readonly bins: number;
  readonly perBin: number;
  readonly seed: number;
}

const values: SettingsOf<SegmentsValues> = {
  data: {
    range: text,
    defaultWords: "the ones that come along",
    help: "the recordings of the events, as predict was told",
    group: "Data",
    placeholder: "dir",
  },
  out: {
    range: text,
    default: "segments",
    help: "folder to make, with review.html",
    group: "Output",
    placeholder: "dir",
  },
  context: {
    range: numberIn({ min: 0, max: 30 }),
    default: 1,
    help: "sound before and after an event",
    group: "Segments",
    placeholder: "s",
  },
  longest: {
    range: numberIn({ above: 0, max: 120 }),
    default: 30,
    help: "of a longer event only its beginning is cut",
    group: "Segments",
    placeholder: "s",
  },
  bins: {
    range: wholeNumberIn({ min: 1, max: 100 }),
    default: 5,
    help: "ranges of scores, from 0 to 1, that events are drawn from",
    group: "Segments",
  },
  perBin: {
    range: wholeNumberIn({ min: 1, max: 100_000 }),
    default: 10,
    help: "most events of a label and range",
    group: "Segments",
  },
  seed: recipeSettings.seed,
};

/** The settings of `segments`. */
export const segmentsSettings: readonly SettingTable[] = [
  ...[values, fileColumnSettings, commonSettings],
];

/** `segments`: from events to clips and a page to review them. */
export function segmentsCommand(): Command {
  const command = new Command("segments")
    .description("Cut events into clips, with a page to say which are right: labels to train on")
    .argument("<events>", "a .csv, .jsonl or .parquet file that predict wrote")
    .action(runSegments);
  return addOptions(command, segmentsSettings);
}

async function runSegments(events: string, _: unknown, command: Command): Promise<void> {
  const { data, out, context, longest, ...sample } = readValues(command, values);
  const columns = readSaid<FileColumns>(command, fileColumnSettings);
  await prepareOutputs([{ setting: "out", path: out, kind: "folder" }], data);
  const terminal = createTerminal();
  const recordings = data === undefined
    ? (await openDefaultDataset()).test
    : await openTestFolder(data, [], (note) => terminal.line(note), columns);
  // Loaded here, as the plotting library would make every other command start later.
  const { cutSegments } = await import("../run/segments/cut_segments.ts");
  const result = await cutSegments({
    ...{ events, recordings, out, contextSeconds: context, longestSeconds: longest, ...sample },
    onSegment: (done, of) => terminal.status(`${done}/${of} segments`),
  });
  terminal.clearStatus();
  const { elsewhere, skipped } = result;
  if (elsewhere.count > 0) {
    const what = "events of recordings that are not there, left out";
    terminal.line(describeCount(what, elsewhere.example!, elsewhere.count));
  }
  if (skipped > 0) {
    terminal.line(`${plural(skipped, "event")} could not be cut: ${out}/skipped.csv`);
  }
  terminal.line(
    `${plural(result.segments, "segment")} of ${plural(result.events, "event")} of ${
      plural(result.labels, "label")
    }`,
  );
  terminal.line(`review: ${out}/review.html`);
}
