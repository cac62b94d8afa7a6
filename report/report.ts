/**
 * Pages for people: what a training run came to, how several compare, and what recordings look like.
 * Each is one HTML file that needs nothing beside it, made from files alone.
 */
import { renderComparison } from "./comparison_report.ts";
import { ReportError } from "./read_files.ts";
import { readRun } from "./read_run.ts";
import { renderRunReport } from "./run_report.ts";

export type { AugmentOptions } from "./augment_variants.ts";
export { createEventsReport, type EventsReportOptions } from "./events_report.ts";
export { inspectClip, type InspectClipOptions } from "./inspect_clip.ts";
export { inspectFolder } from "./inspect_folder.ts";
export type { FolderFigure, InspectFolderOptions } from "./survey_folder.ts";
export { ReportError } from "./read_files.ts";
export type { ReadRunOptions, RunParts, RunRecord, SkippedClip } from "./read_run.ts";
export { readRun } from "./read_run.ts";
export type { LocatedMistake } from "./read_validation.ts";
export type { ScoredRecording } from "./timeline_section.ts";

/** Options of a report. */
export interface ReportOptions {
  /** Most of the wrongly named clips to show, each with its picture and sound. @default {12} */
  readonly numMistakes?: number;
}

/**
 * Makes the report of a run, or the comparison of several.
 *
 * @param runDirs The runs' folders, finished or under way.
 * @returns The text of an HTML file.
 * @throws {ReportError} where a folder holds no run, or a file that is not what a run writes.
 */
export async function createReport(
  runDirs: readonly string[],
  { numMistakes = 12 }: ReportOptions = {},
): Promise<string> {
  if (runDirs.length === 0) {
    throw new ReportError("Cannot make a report as at least one run must be named: saw none");
  }
  // A comparison shows no single clip, but asks what became of each.
  const several = runDirs.length > 1;
  const options = { numMistakes: several ? 0 : numMistakes, outcomes: several, curves: !several };
  const runs = [];
  for (const dir of runDirs) runs.push(await readRun(dir, options));
  return several ? renderComparison(runs) : await renderRunReport(runs[0]);
}
