/** The settings of `predict`, and what they ask for together. */
import { decisionSettings } from "../model/decision.ts";
import { cacheSettings } from "../pipeline/cache/cache_folder.ts";
import { resolve } from "../deps/std_path.ts";
import { columnSettings } from "../pipeline/sources/column_settings.ts";
import { type EventFormatName, eventFormats, formatOfName } from "../run/events/event_format.ts";
import { faultSettings } from "../run/config/fault_settings.ts";
import { type Output, predictOutputs } from "../run/files/outputs.ts";
import { type PredictWindows, predictWindowSettings } from "../run/prediction/predict_windows.ts";
import { machineSettings } from "../run/config/run_settings.ts";
import { jobShardSettings } from "../run/shards/shard.ts";
import { SettingError, type SettingsOf, type SettingTable } from "../settings/setting.ts";
import { oneOf, onOrOff, text } from "../settings/value_range.ts";
import { commonSettings } from "./common_settings.ts";

/** Where things lie. */
export interface PredictFiles {
  readonly model?: string;
  readonly backbone?: string;
  readonly data?: string;
  readonly labels?: string;
  readonly template?: string;
  readonly out?: string;
  readonly format?: EventFormatName;
  readonly probabilities?: string;
  readonly report?: string;
  readonly resume: boolean;
}

/** See `PredictFiles`. */
export const fileSettings: SettingsOf<PredictFiles> = {
  model: {
    range: text,
    defaultWords: "the newest run",
    help: "a run's folder or its model.json",
    group: "Data",
    placeholder: "path",
  },
  backbone: {
    range: text,
    defaultWords: "where it was",
    help: "the backbone of the model, where it has one that was moved",
    group: "Data",
    placeholder: "file",
  },
  data: {
    range: text,
    defaultWords: "the ones that come along",
    help: "the recordings: a folder or archive, of it test/* or all; a manifest, or shards",
    group: "Data",
    placeholder: "path",
  },
  labels: {
    range: text,
    help: "true labels to score by: a CSV with filename,label, or annotations",
    group: "Data",
    placeholder: "path",
  },
  template: {
    range: text,
    help: "sample submission: a CSV whose rows and columns are filled",
    group: "Output",
    placeholder: "file",
  },
  out: {
    range: text,
    defaultWords: "submission.csv, with windows events.csv",
    help: "file to write: .csv, and of windows .jsonl, .parquet, .txt, .selections.txt; or DIR/",
    group: "Output",
    placeholder: "file",
  },
  format: {
    range: oneOf(...Object.keys(eventFormats) as EventFormatName[]),
    defaultWords: "by the name of --out",
    help: "how events are written",
    group: "Output",
    placeholder: "name",
  },
  probabilities: {
    range: text,
    help: "CSV file with the probability of every class",
    group: "Output",
    placeholder: "file",
  },
  report: {
    range: text,
    help:
      "HTML file with the figures of events and their timelines, where --labels has annotations",
    group: "Output",
    placeholder: "file",
  },
  resume: {
    range: onOrOff,
    default: false,
    help: "go on with a prediction that was stopped",
    group: "Output",
  },
};

/** The settings of `predict`. */
export const predictSettings: readonly SettingTable[] = [
  ...[
    fileSettings,
    columnSettings,
    jobShardSettings,
    faultSettings,
    decisionSettings,
    predictWindowSettings,
  ],
  ...[cacheSettings, machineSettings, commonSettings],
];

/** What is to be written: a row a recording, or its events. */
export type PredictJob =
  | { readonly kind: "labels"; readonly out: string; readonly outputs: readonly Output[] }
  | {
    readonly kind: "events";
    readonly out: string;
    readonly isFolder: boolean;
    readonly format: EventFormatName;
    readonly outputs: readonly Output[];
  };

/**
 * What the options ask for.
 *
 * @throws {SettingError} where they contradict each other.
 */
export function jobOf(files: PredictFiles, windows: PredictWindows): PredictJob {
  const { out, format, probabilities } = files, { aggregate } = windows;
  const isFolder = out?.endsWith("/") ?? false, named = out && formatOfName(out);
  const asksForEvents = format !== undefined || isFolder || (named ?? "csv") !== "csv";
  const hasWindows = Object.values(windows).some((value) => value !== undefined);
  if (aggregate !== undefined || !hasWindows && !asksForEvents) {
    const { top, minScore, merge, tolerance } = windows;
    const others = { format, top, minScore, merge, tolerance, report: files.report };
    for (const [name, value] of Object.entries(others)) {
      if (value !== undefined) refuse(name, "left out, as that is one row a recording", value);
    }
    if (isFolder || (named ?? "csv") !== "csv") {
      refuse("out", "a .csv file, as that is one row a recording", out);
    }
    const path = out ?? "submission.csv";
    if (files.template !== undefined && resolve(files.template) === resolve(path)) {
      refuse("out", "another file than the template", path);
    }
    return { kind: "labels", out: path, outputs: predictOutputs({ out: path, probabilities }) };
  }
  if (files.template !== undefined) {
    refuse("template", "left out, or --aggregate be said, as events have no rows", files.template);
  }
  if (probabilities !== undefined) {
    refuse(
      "probabilities",
      "left out, or --aggregate be said, as events have their own",
      probabilities,
    );
  }
  const path = out ?? `events${eventFormats[format ?? "csv"].suffix}`;
  const chosen = format ?? (isFolder ? "csv" : formatOfName(path));
  if (chosen === undefined) {
    const endings = Object.values(eventFormats).map(({ suffix }) => suffix).join(", ");
    refuse(
      "out",
      `a name that ends in one of ${endings}, or a folder, DIR/, where --format says nothing`,
      out,
    );
  }
  const outputs = [
    ...predictOutputs({ out: path }, isFolder ? "folder" : "file"),
    ...files.report === undefined
      ? []
      : [{ setting: "report", path: files.report, kind: "file" } as const],
  ];
  return { kind: "events", out: path, isFolder, format: chosen, outputs };
}

function refuse(name: string, rule: string, value: unknown): never {
  throw new SettingError("write the results", name, rule, value);
}
