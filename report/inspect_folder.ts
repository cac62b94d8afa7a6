/** The page about a folder of recordings: what is in it, and what training would skip. */
import { basename } from "../deps/std_path.ts";
import { quantile } from "../model/evaluation/interval.ts";
import { firstClips } from "../pipeline/clip.ts";
import type { DecodedAudio } from "../pipeline/decode/audio.ts";
import { loadDsp } from "../pipeline/dsp/dsp.ts";
import { identityOf } from "../pipeline/locations/location.ts";
import type { Recording } from "../pipeline/recording.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { Remarks } from "../pipeline/remarks.ts";
import { plainRequests } from "../pipeline/requests.ts";
import { DatasetError } from "../pipeline/sources/dataset.ts";
import { openFolder } from "../pipeline/sources/folder.ts";
import { classOfFolder } from "../pipeline/sources/folder_layout.ts";
import { isManifest, openManifest } from "../pipeline/sources/manifest.ts";
import { countChart, durationChart } from "./folder_charts.ts";
import { formatCount, formatDuration, formatHz, formatShare, plural } from "./format.ts";
import { hearClips } from "./heard_clip.ts";
import { type Html, html, nameOf } from "./html.ts";
import { figure, renderPage, section, wide } from "./page.ts";
import type { SkippedClip } from "./read_run.ts";
import { skippedTable } from "./skipped_table.ts";

/** How a folder is looked at. */
export interface InspectFolderOptions {
  /** Says how much of every recording is used. */
  readonly frontEnd: FrontEnd;
  /** Is told how many recordings are done. */
  readonly onClip?: (done: number) => void;
}

/** How many of the skipped clips are named. */
const mostNamed = 500;

/** Counts while recordings pass by: nothing of it grows but the list of durations. */
interface Tally {
  readonly classes: Map<string, number>;
  readonly formats: Map<string, number>;
  readonly rates: Map<string, number>;
  readonly channels: Map<string, number>;
  readonly durations: number[];
  unknownDurations: number;
  readonly remarks: Remarks;
  readonly skipped: SkippedClip[];
  numSkipped: number;
}

/**
 * Makes the page of a folder: decodes of every recording what training would use of it.
 *
 * @param dir The folder.
 * @param recordings All that it holds, whatever their folders mean.
 * @returns The text of an HTML file.
 */
export async function inspectFolder(
  dir: string,
  recordings: readonly Recording[],
  { frontEnd, onClip }: InspectFolderOptions,
): Promise<string> {
  const tally: Tally = {
    classes: new Map(),
    formats: new Map(),
    rates: new Map(),
    channels: new Map(),
    durations: [],
    unknownDurations: 0,
    remarks: new Remarks(),
    skipped: [],
    numSkipped: 0,
  };
  const { classOf, notes } = await readClasses(dir);
  const requests = plainRequests(firstClips(recordings));
  let done = 0;
  for await (const heard of hearClips(requests, { frontEnd, seed: 0 }, await loadDsp())) {
    const { request: { clip: { recording } }, audio, failure, failedAt = "" } = heard;
    if (failure !== undefined) {
      tally.numSkipped++;
      if (tally.skipped.length < mostNamed) {
        tally.skipped.push({ filename: recording.id, stage: failedAt, cause: failure });
      }
    } else if (audio) {
      count(tally, classOf(recording), audio);
      tally.remarks.add(heard);
    }
    onClip?.(++done);
  }
  return renderFolder(dir, tally, notes, frontEnd);
}

/** How training would read a folder: the class of each recording, and what it has to say. */
async function readClasses(dir: string): Promise<{
  readonly classOf: (recording: Recording) => string | undefined;
  readonly notes: readonly string[];
}> {
  try {
    const open = await isManifest(dir) ? openManifest : openFolder;
    const { classes, train, validation = [], test, notes = [] } = await open(dir);
    const known = new Map(
      [...train, ...validation, ...test].map(({ location, labels }) => [
        identityOf(location),
        labels?.find((label) => classes.includes(label)),
      ]),
    );
    return { classOf: ({ location }) => known.get(identityOf(location)), notes };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return { classOf: ({ id }) => classOfFolder(id), notes: [error.message] };
  }
}

function count(tally: Tally, name: string | undefined, audio: DecodedAudio): void {
  const add = (counts: Map<string, number>, name: string) =>
    void counts.set(name, (counts.get(name) ?? 0) + 1);
  if (name !== undefined) add(tally.classes, name);
  add(tally.formats, audio.format);
  add(tally.rates, formatHz(audio.sampleRateHz));
  add(tally.channels, ["mono", "stereo"][audio.numChannels - 1] ?? `${audio.numChannels} channels`);
  if (audio.totalSeconds === undefined) tally.unknownDurations++;
  else tally.durations.push(audio.totalSeconds);
}

function renderFolder(
  dir: string,
  tally: Tally,
  notes: readonly string[],
  { durationSeconds }: FrontEnd,
): string {
  const said = [...notes, ...tally.remarks.describe(durationSeconds)];
  const durations = Float64Array.from(tally.durations).sort();
  const read = durations.length + tally.unknownDurations;
  const longer = durations.filter((seconds) => seconds > durationSeconds).length;
  const total = durations.reduce((sum, seconds) => sum + seconds, 0);
  const numbers: [string, string, string][] = [
    [
      "Recordings",
      formatCount(read),
      tally.classes.size > 0 ? plural(tally.classes.size, "class", "classes") : "no classes",
    ],
    [
      "Sound",
      formatDuration(total),
      tally.unknownDurations > 0
        ? `${formatCount(tally.unknownDurations)} of unknown length`
        : "in all",
    ],
    [
      "Median length",
      formatDuration(quantile(durations, 0.5)),
      `${formatDuration(durations[0])} to ${formatDuration(durations.at(-1))}`,
    ],
    [
      "Would be skipped",
      formatCount(tally.numSkipped),
      tally.numSkipped > 0 ? "named below" : "every file can be read",
    ],
  ];
  return renderPage({
    title: `${basename(dir)} – melstream`,
    header: html`
      <p class="kicker">Recordings</p>
      <h1>${nameOf(basename(dir))}</h1>
      <dl class="numbers">${numbers.map(([name, figure, note]) =>
        html`
          <div>
            <dt>${name}</dt>
            <dd class="figure">${figure}</dd>
            <dd class="note">${note}</dd>
          </div>
        `
      )}</dl>
    `,
    sections: [
      said.length > 0
        ? section(
          "What training would say",
          html`<ul>${said.map((line) => html`<li>${line}</li>`)}</ul>`,
        )
        : undefined,
      renderClasses(tally.classes),
      read > 0
        ? section(
          "Lengths",
          figure(
            wide(durationChart(durations, durationSeconds), "Recordings by length"),
            "Recordings by length",
            `The model uses ${formatDuration(durationSeconds)} of each: ${
              plural(longer, "recording")
            } (${
              formatShare(longer / Math.max(1, durations.length))
            }) are longer and are cut there, shorter ones are padded with silence.`,
          ),
        )
        : undefined,
      read > 0
        ? section(
          "Formats",
          html`<div class="figures">${
            ([["Format", tally.formats], ["Sample rate", tally.rates], [
              "Channels",
              tally.channels,
            ]] as const)
              .map(([title, counts]) =>
                figure(
                  countChart(sortByCount(counts), `recordings by ${title.toLowerCase()}`),
                  title,
                  "Recordings of each kind.",
                )
              )
          }</div>`,
        )
        : undefined,
      renderSkipped(tally),
    ],
    footer: html`<p>Looked at with melstream: the first ${
      formatDuration(durationSeconds)
    } of every recording were decoded.</p>`,
  });
}

function sortByCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a);
}

function renderClasses(classes: ReadonlyMap<string, number>): Html | undefined {
  if (classes.size === 0) return undefined;
  const counts = sortByCount(classes), [largest] = counts, smallest = counts.at(-1)!;
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  return section(
    "Classes",
    figure(
      wide(countChart(counts, "recordings of each class"), "Recordings of each class"),
      "Recordings of each class",
      html`Always naming the largest class, ${nameOf(largest[0])}, would be right for ${
        formatShare(largest[1] / total)
      } of them. It has ${
        (largest[1] / smallest[1]).toFixed(1)
      } times as many recordings as the smallest, ${nameOf(smallest[0])}.`,
    ),
  );
}

function renderSkipped({ skipped, numSkipped }: Tally): Html {
  if (numSkipped === 0) {
    return section("What would be skipped", html`<p>Nothing: every recording can be read.</p>`);
  }
  const more = numSkipped > skipped.length ? ` The first ${skipped.length} are named here.` : "";
  return section(
    "What would be skipped",
    html`<p>${plural(numSkipped, "recording")} cannot be read.${more}</p>`,
    skippedTable(skipped),
  );
}
