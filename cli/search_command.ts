import { dirname } from "../deps/std_path.ts";
import { Command } from "../deps/commander.ts";
import { recipeSettings } from "../model/recipe.ts";
import { cacheSettings } from "../pipeline/cache/cache_folder.ts";
import { frontEndSettings } from "../pipeline/front_end.ts";
import { openLocation } from "../pipeline/locations/open_location.ts";
import { measureLengths } from "../pipeline/recording_length.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openRecordings, openTestFolder } from "../pipeline/sources/open_recordings.ts";
import { plural } from "../report/format.ts";
import { writeAtomically } from "../run/atomic_file.ts";
import { formatRow } from "../run/csv_file.ts";
import { openBackbone } from "../run/open_backbone.ts";
import { prepareOutputs } from "../run/outputs.ts";
import { type MachineSettings, machineSettings } from "../run/run_settings.ts";
import { SkippedClips } from "../run/skipped_clips.ts";
import { SettingError, type SettingsOf, type SettingTable } from "../settings/setting.ts";
import { numberIn, text, wholeNumberIn } from "../settings/value_range.ts";
import { readCache } from "./cache_option.ts";
import { commonSettings } from "./common_settings.ts";
import { addOptions, readValues } from "./setting_options.ts";
import { backboneSetting } from "./shared_settings.ts";
import { createTerminal, formatSeconds } from "./terminal.ts";

interface SearchValues extends Pick<MachineSettings, "workers"> {
  readonly backbone?: string;
  readonly like?: string;
  readonly data?: string;
  readonly label: string;
  readonly durationSeconds?: number;
  readonly hop?: number;
  readonly top: number;
  readonly out: string;
  readonly review?: string;
}

const values: SettingsOf<SearchValues> = {
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
export const searchSettings: readonly SettingTable[] = [values, cacheSettings, commonSettings];

/** `search`: the stretches of recordings that sound most like a clip. */
export function searchCommand(): Command {
  const command = new Command("search")
    .description("Find what sounds like a clip in recordings of any length, to listen and label")
    .action(runSearch);
  return addOptions(command, searchSettings);
}

async function runSearch(_: unknown, command: Command): Promise<void> {
  const asked = readValues(command, values), { data, label, top, out, review, workers } = asked;
  const path = said("backbone", asked.backbone, "an ONNX file, or a run");
  const likePath = said("like", asked.like, "a clip, or a folder of some");
  const skippedPath = `${dirname(out)}/skipped.csv`;
  await prepareOutputs([
    { setting: "out", path: out, kind: "file" },
    { setting: "out", path: skippedPath, kind: "file" },
    ...review === undefined ? [] : [{ setting: "review", path: review, kind: "folder" } as const],
  ], data);
  const terminal = createTerminal(), backbone = await openBackbone(path);
  const { card, recognised } = backbone;
  terminal.line(`backbone   ${card.name}, ${recognised} (licence: ${card.licence})`);
  if (card.notice !== undefined) terminal.line(card.notice);
  const like = await openRecordings(likePath, (note) => terminal.line(note));
  const recordings = data === undefined
    ? (await openDefaultDataset()).test
    : await openTestFolder(data, [], (note) => terminal.line(note));
  const longest = (await measureLengths(like, 60, openLocation)).at(-1) ?? card.clipSeconds ?? 5;
  const seconds = asked.durationSeconds ?? Math.max(0.1, Math.ceil(longest * 10 - 1e-6) / 10);
  const hopSeconds = asked.hop ?? seconds / 2;
  terminal.line(`like       ${likePath}${like.length > 1 ? ` (${like.length} clips)` : ""}`);
  terminal.line(
    `windows    of ${seconds} s, every ${hopSeconds} s, of ${recordings.length} recordings`,
  );
  const startMs = performance.now(), elapsed = () => (performance.now() - startMs) / 1000;
  const { search } = await import("../run/embeddings/search.ts");
  let heard = 0;
  const { matches, windows, skipped } = await search({
    ...{ backbone, recordings, like, label, top, seconds, hopSeconds, workers },
    cache: readCache(command),
    onNotice: (text) => terminal.line(text),
    onSkipped: (failure) => terminal.line(`skipped: ${failure.message}`),
    onWindow: ({ id }, endSeconds) => {
      const speed = (++heard * hopSeconds / elapsed()).toFixed(0);
      terminal.status(`${id} at ${formatSeconds(endSeconds)}  ${speed} × real time`);
    },
  });
  terminal.clearStatus();
  const rows = matches.map((row) =>
    formatRow([row.filename, row.start, row.end, row.label, row.probability.toFixed(6)])
  );
  const header = formatRow(["filename", "start", "end", "label", "probability"]);
  await writeAtomically(out, header + rows.join(""));
  if (skipped.length > 0) {
    await new SkippedClips(skipped).write(skippedPath);
    terminal.line(`${plural(skipped.length, "window")} could not be read: ${skippedPath}`);
  }
  terminal.line(
    `${plural(matches.length, "match", "matches")} of ${plural(windows, "window")} in ${out} (${
      formatSeconds(elapsed())
    })`,
  );
  if (review === undefined || matches.length === 0) return;
  const { cutSegments } = await import("../run/segments/cut_segments.ts");
  const sample = { bins: 5, perBin: top, seed: recipeSettings.seed.default };
  const { segments } = await cutSegments({
    ...{ events: out, recordings, out: review, contextSeconds: 1, longestSeconds: 30, ...sample },
    onSegment: (done, of) => terminal.status(`${done}/${of} segments`),
  });
  terminal.clearStatus();
  terminal.line(`review: ${review}/review.html (${plural(segments, "segment")})`);
}

function said(name: string, value: string | undefined, rule: string): string {
  if (value !== undefined) return value;
  throw new SettingError("search", name, `said: ${rule}`, "none");
}
