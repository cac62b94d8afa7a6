import type { Command } from "../deps/commander.ts";
import type { SettingTable } from "../settings/setting.ts";
import { embedCommand, embedSettings } from "./embed_command.ts";
import { searchCommand } from "./search_command.ts";
import { searchSettings } from "./search_settings.ts";
import { doctorCommand, doctorSettings } from "./doctor_command.ts";
import { exportCommand, exportSettings } from "./export_command.ts";
import { featuresCommand, featuresSettings } from "./features_command.ts";
import { inspectCommand, inspectSettings } from "./inspect_command.ts";
import { listenCommand, listenSettings } from "./listen_command.ts";
import { mergeCommand, mergeSettings } from "./merge_command.ts";
import { predictCommand } from "./predict_command.ts";
import { predictSettings } from "./predict_settings.ts";
import { reportCommand, reportSettings } from "./report_command.ts";
import { segmentsCommand, segmentsSettings } from "./segments_command.ts";
import { shardsCommand, shardsSettings } from "./shards_command.ts";
import { serveCommand, serveCommandSettings } from "./serve_command.ts";
import { trainCommand, trainSettings } from "./train_command.ts";

import { allTuneSettings, tuneCommand } from "./tune_command.ts";

/** A command of the program. */
export interface CommandEntry {
  /** Makes it, its options included. */
  readonly create: () => Command;
  /** The tables of its settings. */
  readonly settings: readonly SettingTable[];
}

/** Every command, in the order of the program's help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  train: { create: trainCommand, settings: trainSettings },
  predict: { create: predictCommand, settings: predictSettings },
  tune: { create: tuneCommand, settings: allTuneSettings },
  merge: { create: mergeCommand, settings: mergeSettings },
  listen: { create: listenCommand, settings: listenSettings },
  serve: { create: serveCommand, settings: serveCommandSettings },
  segments: { create: segmentsCommand, settings: segmentsSettings },
  report: { create: reportCommand, settings: reportSettings },
  inspect: { create: inspectCommand, settings: inspectSettings },
  shards: { create: shardsCommand, settings: shardsSettings },
  embed: { create: embedCommand, settings: embedSettings },
  search: { create: searchCommand, settings: searchSettings },
  features: { create: featuresCommand, settings: featuresSettings },
  export: { create: exportCommand, settings: exportSettings },
  doctor: { create: doctorCommand, settings: doctorSettings },
};
