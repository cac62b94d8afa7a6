import { fileColumnSettings } from "../pipeline/sources/column_settings.ts";
import { cacheSettings } from "../pipeline/cache/cache_folder.ts";
import { frontEndSettings } from "../pipeline/front_end.ts";
import { type MachineSettings, machineSettings } from "../run/config/run_settings.ts";
import type { SettingsOf, SettingTable } from "../settings/setting.ts";
import { numberIn, text, wholeNumberIn } from "../settings/value_range.ts";
import { commonSettings } from "./common_settings.ts";
import { backboneSetting } from "./shared_settings.ts";

/** What `search` is told. */
export interface SearchValues extends Pick<MachineSettings, "workers"> {
  readonly backbone?: string;
  readonly like?: string;
  readonly data?: string;
  readonly label: string;
  readonly durationSeconds?: number;
  readonly hop?: number;
  readonly embeddings?: string;
  readonly top: number;
  readonly out: string;
  readonly review?: string;
}

/** Its own settings. */
export const searchValues: SettingsOf<SearchValues> = {
  backbone: backboneSetting,
  like: {
    range: text,
    help: "what to look for: a clip, or a folder of some",
    group: "Data",
    placeholder: "path",
  },
  data: {
    range: text,
    defaultWords: "the ones that come along",
    help: "the recordings to look through: a folder or archive",
    group: "Data",
    placeholder: "path",
  },
  durationSeconds: {
    range: frontEndSettings.durationSeconds.range,
    flag: "seconds",
    defaultWords: "as long as the longest clip of --like",
    help: "length of a window",
    group: "Windows",
    placeholder: "s",
  },
  hop: {
    range: numberIn({ above: 0 }),
    defaultWords: "half a window",
    help: "from a window's start to that of the next",
    group: "Windows",
    placeholder: "s",
    excludes: "embeddings",
  },
  embeddings: {
    range: text,
    help: "compare what embed --hop wrote of --data, an .npy file, and hear nothing again",
    group: "Windows",
    placeholder: "file",
  },
  top: {
    range: wholeNumberIn({ min: 1, max: 100_000 }),
    default: 100,
    help: "most matches",
    group: "Windows",
  },
  label: {
    range: text,
    default: "match",
    help: "what the matches are called",
    group: "Output",
    placeholder: "name",
  },
  out: {
    range: text,
    default: "matches.csv",
    help: "file to write, the nearest first: segments takes it",
    group: "Output",
    placeholder: "file",
  },
  review: {
    range: text,
    help: "folder to make of the matches, with review.html to listen and label",
    group: "Output",
    placeholder: "dir",
  },
  workers: machineSettings.workers,
};

/** The settings of `search`. */
export const searchSettings: readonly SettingTable[] = [
  ...[searchValues, fileColumnSettings, cacheSettings, commonSettings],
];
