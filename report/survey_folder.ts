/** What a folder of recordings holds, and what training would skip of it. */
import { quantile } from "../model/evaluation/interval.ts";
import { firstClips } from "../pipeline/clip.ts";
import type { DecodedAudio } from "../pipeline/decode/audio.ts";
import { loadDsp } from "../pipeline/dsp/dsp.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { identityOf } from "../pipeline/locations/location.ts";
import type { Recording } from "../pipeline/recording.ts";
import { Remarks } from "../pipeline/remarks.ts";
import { plainRequests } from "../pipeline/requests.ts";
import { type Dataset, DatasetError } from "../pipeline/sources/dataset.ts";
import { openFolder } from "../pipeline/sources/folder.ts";
import { classOfFolder } from "../pipeline/sources/folder_layout.ts";
import { isManifest, openManifest } from "../pipeline/sources/manifest.ts";
import { formatCount, formatDuration, formatHz, plural } from "./format.ts";
import { hearClips } from "./heard_clip.ts";
import type { SkippedClip } from "./read_run.ts";

/** How a folder is looked at. */
export interface InspectFolderOptions {
  /** Says how much of every recording is used. */
  readonly frontEnd: FrontEnd;
  /** The data set that the recordings are. @default {the folder, as training would read it} */
  readonly dataset?: Dataset;
  /** Is told how many recordings are done. */
  readonly onClip?: (done: number) => void;
}

/** Things that are counted, the most first. */
export type Counts = readonly (readonly [name: string, count: number])[];

/** What a folder holds: plain data. */
export interface FolderSurvey {
  /** The folder. */
  readonly dir: string;
  /** Recordings that can be read, by class; without those of none. */
  readonly classes: Counts;
  /** By format. */
  readonly formats: Counts;
  /** By sample rate, in words. */
  readonly sampleRates: Counts;
  /** By channels, in words. */
  readonly channels: Counts;
  /** Lengths that are known, in seconds, the shortest first. */
  readonly durations: Float64Array;
  /** Recordings of unknown length. */
  readonly unknownDurations: number;
  /** What training would say, a line each. */
  readonly remarks: readonly string[];
  /** Recordings that cannot be read, the first `mostNamed` of them. */
  readonly skipped: readonly SkippedClip[];
  /** How many cannot be read. */
  readonly numSkipped: number;
}

/** How many of the skipped clips are named. */
const mostNamed = 500;

/**
 * Looks at a folder: decodes of every recording what training would use of it.
 *
 * @param dir The folder.
 * @param recordings All that it holds, whatever their folders mean.
 */
export async function surveyFolder(
  dir: string,
  recordings: readonly Recording[],
  { frontEnd, dataset, onClip }: InspectFolderOptions,
): Promise<FolderSurvey> {
  const { classOf, notes } = await readClasses(dir, dataset), remarks = new Remarks();
  const classes = new Counter(), formats = new Counter();
  const rates = new Counter(), channels = new Counter();
  const durations: number[] = [], skipped: SkippedClip[] = [];
  let done = 0, unknownDurations = 0, numSkipped = 0;
  const count = (recording: Recording, audio: DecodedAudio) => {
    const name = classOf(recording), { numChannels, totalSeconds } = audio;
    if (name !== undefined) classes.add(name);
    formats.add(audio.format);
    rates.add(formatHz(audio.sampleRateHz));
    channels.add(["mono", "stereo"][numChannels - 1] ?? `${numChannels} channels`);
    if (totalSeconds === undefined) unknownDurations++;
    else durations.push(totalSeconds);
  };
  const requests = plainRequests(firstClips(recordings));
  for await (const heard of hearClips(requests, { frontEnd, seed: 0 }, await loadDsp())) {
    const { request: { clip: { recording } }, audio, failure, failedAt = "" } = heard;
    if (failure !== undefined) {
      numSkipped++;
      if (skipped.length < mostNamed) {
        skipped.push({ filename: recording.id, stage: failedAt, cause: failure });
      }
    } else if (audio) {
      count(recording, audio);
      remarks.add(heard);
    }
    onClip?.(++done);
  }
  return {
    ...{ dir, unknownDurations, skipped, numSkipped },
    classes: classes.sorted(),
    formats: formats.sorted(),
    sampleRates: rates.sorted(),
    channels: channels.sorted(),
    durations: Float64Array.from(durations).sort(),
    remarks: [...notes, ...remarks.describe(frontEnd.durationSeconds)],
  };
}

/** Counts by name. */
class Counter {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  sorted(): Counts {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}

/** What tells a recording from all others: the file, and which part of it. */
function placeOf({ location, part }: Recording): string {
  return `${identityOf(location)} ${part?.startSeconds ?? 0}-${part?.endSeconds ?? ""}`;
}

/** How training would read a folder: the class of each recording, and what it has to say. */
async function readClasses(dir: string, dataset?: Dataset): Promise<{
  readonly classOf: (recording: Recording) => string | undefined;
  readonly notes: readonly string[];
}> {
  try {
    const open = await isManifest(dir) ? openManifest : openFolder;
    const { classes, train, validation = [], test, notes = [] } = dataset ?? await open(dir);
    const known = new Map(
      [...train, ...validation, ...test].map((recording) => [
        placeOf(recording),
        recording.labels?.find((label) => classes.includes(label)),
      ]),
    );
    return { classOf: (recording) => known.get(placeOf(recording)), notes };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return { classOf: ({ id }) => classOfFolder(id), notes: [error.message] };
  }
}

/** A figure of a folder, in words. */
export interface FolderFigure {
  /** What it is of. */
  readonly name: string;
  /** The figure. */
  readonly figure: string;
  /** What goes with it. */
  readonly note: string;
}

/** The figures of a folder that come first, in words. */
export function describeSurvey(
  { classes, durations, unknownDurations, numSkipped }: FolderSurvey,
): FolderFigure[] {
  const total = durations.reduce((sum, seconds) => sum + seconds, 0);
  const numRead = durations.length + unknownDurations;
  const numLabelled = classes.reduce((sum, [, count]) => sum + count, 0);
  const labelled = numLabelled < numRead ? `, ${formatCount(numLabelled)} with a label` : "";
  return [
    {
      name: "Recordings",
      figure: formatCount(numRead),
      note: classes.length > 0
        ? plural(classes.length, "class", "classes") + labelled
        : "no classes",
    },
    {
      name: "Sound",
      figure: formatDuration(total),
      note: unknownDurations > 0 ? `${formatCount(unknownDurations)} of unknown length` : "in all",
    },
    {
      name: "Median length",
      figure: formatDuration(quantile(durations, 0.5)),
      note: `${formatDuration(durations[0])} to ${formatDuration(durations.at(-1))}`,
    },
    {
      name: "Would be skipped",
      figure: formatCount(numSkipped),
      note: numSkipped > 0 ? "named below" : "every file can be read",
    },
  ];
}
