import { dirname } from "../deps/std_path.ts";
import { Command } from "../deps/commander.ts";
import { recipeSettings } from "../model/recipe.ts";
import type { CacheFolder } from "../pipeline/cache/cache_folder.ts";
import { openLocation } from "../pipeline/locations/open_location.ts";
import { measureLengths } from "../pipeline/recording_length.ts";
import { type FileColumns, fileColumnSettings } from "../pipeline/sources/column_settings.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openRecordings, openTestFolder } from "../pipeline/sources/open_recordings.ts";
import { plural } from "../report/format.ts";
import { writeAtomically } from "../run/files/atomic_file.ts";
import { formatRow } from "../run/files/csv_file.ts";
import { openBackbone } from "../run/open_backbone.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { SkippedClips } from "../run/skipped_clips.ts";
import type { Recording } from "../pipeline/recording.ts";
import { callOf } from "../settings/call_of.ts";
import { SettingError } from "../settings/setting.ts";
import { readCache } from "./cache_option.ts";
import { exitCodes } from "./exit_codes.ts";
import { codeOfStop, runStoppable } from "./run_stoppable.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { searchSettings, type SearchValues, searchValues } from "./search_settings.ts";
import { createTerminal, formatSeconds, type Terminal } from "./terminal.ts";

/** `search`: the stretches of recordings that sound most like a clip. */
export function searchCommand(): Command {
  const command = new Command("search")
    .description("Find what sounds like a clip in recordings of any length, to listen and label")
    .action(runSearch);
  return addOptions(command, searchSettings);
}

async function runSearch(_: unknown, command: Command): Promise<void> {
  const asked = readValues(command, searchValues), { data, out, review } = asked;
  const path = said("backbone", asked.backbone, "an ONNX file, or a run");
  const likePath = said("like", asked.like, "a clip, or a folder of some");
  const skippedPath = `${dirname(out)}/skipped.csv`;
  await prepareOutputs([
    { setting: "out", path: out, kind: "file" },
    { setting: "out", path: skippedPath, kind: "file" },
    ...review === undefined ? [] : [{ setting: "review", path: review, kind: "folder" } as const],
  ], data);
  const createNarrator = (onClosed: () => void) => {
    const terminal = createTerminal(onClosed);
    return { terminal, notice: (text: string) => terminal.line(text) };
  };
  await runStoppable(createNarrator, async ({ terminal }, signal) => {
    const columns = readSaid<FileColumns>(command, fileColumnSettings);
    const job = {
      ...asked,
      path,
      likePath,
      skippedPath,
      columns,
      cache: readCache(command),
      signal,
    };
    await searchAndWrite(terminal, job);
  });
}

/** What is looked for, once it is known to be said. */
interface SearchJob extends SearchValues {
  /** The backbone. */
  readonly path: string;
  readonly likePath: string;
  readonly skippedPath: string;
  readonly columns: FileColumns;
  readonly cache: CacheFolder | undefined;
  readonly signal: AbortSignal;
}

async function searchAndWrite(terminal: Terminal, job: SearchJob): Promise<void> {
  const { path, likePath, skippedPath, data, columns, label, top, out, review, embeddings } = job;
  const backbone = await openBackbone(path);
  const { card, recognised } = backbone;
  terminal.line(`backbone   ${card.name}, ${recognised} (licence: ${card.licence})`);
  if (card.notice !== undefined) terminal.line(card.notice);
  const like = await openRecordings(likePath, (note) => terminal.line(note));
  const recordings = await listRecordings(data, embeddings !== undefined, columns, terminal);
  terminal.line(`like       ${likePath}${like.length > 1 ? ` (${like.length} clips)` : ""}`);
  const { seconds, hopSeconds } = await chooseWindows(job, like, card.clipSeconds);
  const what = plural(recordings.length, "recording");
  terminal.line(
    embeddings === undefined
      ? `windows    of ${seconds} s, every ${hopSeconds} s, of ${what}`
      : `windows    of ${seconds} s, from ${embeddings}, of ${what}`,
  );
  const startMs = performance.now(), elapsed = () => (performance.now() - startMs) / 1000;
  const { search } = await import("../run/embeddings/search.ts");
  let heard = 0, done = 0, current: string | undefined;
  const { matches, windows, skipped, isPartial } = await search({
    ...{ backbone, recordings, like, label, top, seconds, hopSeconds, embeddings },
    ...{ workers: job.workers, cache: job.cache, signal: job.signal },
    onNotice: (text) => terminal.line(text),
    onSkipped: (failure) => terminal.line(`skipped: ${failure.message}`),
    onWindow: (filename, endSeconds) => {
      if (filename !== current) done += current === undefined ? 0 : 1;
      current = filename;
      const speed = (++heard * hopSeconds / elapsed()).toFixed(0);
      terminal.status(
        `${done}/${recordings.length} recordings  ${filename} at ${formatSeconds(endSeconds)}` +
          (embeddings === undefined ? `  ${speed} × real time` : ""),
      );
    },
  });
  terminal.clearStatus();
  const rows = matches.map((row) =>
    formatRow([row.filename, row.start, row.end, row.label, row.probability.toFixed(6)])
  );
  const header = formatRow(["filename", "start", "end", "label", "probability"]);
  await writeAtomically(out, header + rows.join(""));
  await new SkippedClips(skipped).writeIfNeeded(skippedPath);
  if (skipped.length > 0) {
    Deno.exitCode = exitCodes.incomplete;
    terminal.line(`${plural(skipped.length, "window")} could not be read: ${skippedPath}`);
  }
  terminal.line(
    `${plural(matches.length, "match", "matches")} of ${plural(windows, "window")} in ${out} (${
      formatSeconds(elapsed())
    })${isPartial ? `: stopped in ${current}, what is behind it was not compared` : ""}`,
  );
  if (isPartial) Deno.exitCode = codeOfStop();
  else if (review !== undefined && matches.length > 0) {
    await makeReview(terminal, { ...job, review, seconds, recordings });
  }
}

/** The recordings to look through: those that `predict` would label, or all of them, as `embed` takes them. */
async function listRecordings(
  data: string | undefined,
  all: boolean,
  columns: FileColumns,
  terminal: Terminal,
): Promise<readonly Recording[]> {
  if (data === undefined) {
    const { train, test } = await openDefaultDataset();
    return all ? [...train, ...test] : test;
  }
  const onNote = (note: string) => terminal.line(note);
  return all
    ? await openRecordings(data, onNote, columns)
    : await openTestFolder(data, [], onNote, columns);
}

/** Windows as they are asked for, else as long as the clips, or as those that were embedded. */
async function chooseWindows(
  { embeddings, durationSeconds, hop }: SearchValues,
  like: readonly Recording[],
  clipSeconds = 5,
): Promise<{ readonly seconds: number; readonly hopSeconds: number }> {
  if (embeddings !== undefined) {
    const { storedSeconds } = await import("../run/embeddings/read_embeddings.ts");
    const seconds = durationSeconds ?? await storedSeconds(embeddings);
    return { seconds, hopSeconds: seconds };
  }
  const longest = (await measureLengths(like, 60, openLocation)).at(-1) ?? clipSeconds;
  const seconds = durationSeconds ?? Math.max(0.1, Math.ceil(longest * 10 - 1e-6) / 10);
  return { seconds, hopSeconds: hop ?? seconds / 2 };
}

/** The page of the matches. Its clips are nothing but these, as what they are labelled holds for all of a clip. */
async function makeReview(
  terminal: Terminal,
  { review: out, out: events, top, seconds, recordings, path }: SearchJob & {
    readonly review: string;
    readonly seconds: number;
    readonly recordings: readonly Recording[];
  },
): Promise<void> {
  const { cutSegments } = await import("../run/segments/cut_segments.ts");
  const sample = { bins: 5, perBin: top, seed: recipeSettings.seed.default };
  const { segments, skipped } = await cutSegments({
    ...{ events, recordings, out, contextSeconds: 0, longestSeconds: 600, ...sample },
    order: "score",
    onSegment: (done, of) => terminal.status(`${done}/${of} segments`),
  });
  terminal.clearStatus();
  if (skipped > 0) {
    terminal.line(`${plural(skipped, "match", "matches")} could not be cut: ${out}/skipped.csv`);
  }
  terminal.line(`review: ${out}/review.html (${plural(segments, "segment")}, the nearest first)`);
  terminal.line(
    `Say there what is right and what the wrong ones are, save the labels in ${out}, then: ` +
      `${
        callOf("train")
      } --data ${out} --labels ${out}/labels.csv --backbone ${path} --seconds ${seconds}`,
  );
}

function said(name: string, value: string | undefined, rule: string): string {
  if (value !== undefined) return value;
  throw new SettingError("search", name, `said: ${rule}`, "none");
}
