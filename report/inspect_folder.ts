/** The page about a folder of recordings: what is in it, and what training would skip. */
import * as Plot from "@observablehq/plot";
import { basename } from "@std/path";
import { firstClips } from "../pipeline/clip.ts";
import type { DecodedAudio } from "../pipeline/decode/audio.ts";
import { loadDsp } from "../pipeline/dsp/dsp.ts";
import type { Recording } from "../pipeline/recording.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { plainRequests } from "../pipeline/requests.ts";
import { chart, ink, labelMargin, shorten } from "./chart.ts";
import { formatCount, formatDuration, formatHz, formatShare, plural } from "./format.ts";
import { hearClips } from "./heard_clip.ts";
import { type Html, html, nameOf } from "./html.ts";
import { figure, renderPage, section, wide } from "./page.ts";
import { skippedTable } from "./run_report.ts";
import type { SkippedClip } from "./run_files.ts";
import { quantile } from "./statistics.ts";

/** How a folder is looked at. */
export interface InspectFolderOptions {
  /** Says how much of every recording is used. */
  readonly frontEnd: FrontEnd;
  /** Is told how many recordings are done. */
  readonly onClip?: (done: number) => void;
}

/** How many of the skipped clips are named. */
const mostNamed = 500;

/** What is counted while recordings pass by: nothing of it grows but the list of durations. */
interface Tally {
  readonly classes: Map<string, number>;
  readonly formats: Map<string, number>;
  readonly rates: Map<string, number>;
  readonly channels: Map<string, number>;
  readonly durations: number[];
  unknownDurations: number;
  silent: number;
  readonly skipped: SkippedClip[];
  numSkipped: number;
}

/**
 * Makes the page of a folder: decodes of every recording what training would use of it.
 *
 * @param dir What the page calls the folder.
 * @param recordings What it holds; the folder that one lies in, below `train` or `test`, is its class.
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
    silent: 0,
    skipped: [],
    numSkipped: 0,
  };
  const requests = plainRequests(firstClips(recordings));
  let done = 0;
  for await (const heard of hearClips(requests, { frontEnd, seed: 0 }, await loadDsp())) {
    const { request: { clip: { recording } }, audio, failure, failedAt = "" } = heard;
    if (failure !== undefined) {
      tally.numSkipped++;
      if (tally.skipped.length < mostNamed) {
        tally.skipped.push({ filename: recording.id, stage: failedAt, cause: failure });
      }
    } else if (audio) count(tally, recording, audio);
    onClip?.(++done);
  }
  return renderFolder(dir, tally, frontEnd);
}

function count(tally: Tally, recording: Recording, audio: DecodedAudio): void {
  const add = (counts: Map<string, number>, name: string) =>
    void counts.set(name, (counts.get(name) ?? 0) + 1);
  const label = classOf(recording);
  if (label !== undefined) add(tally.classes, label);
  add(tally.formats, audio.format);
  add(tally.rates, formatHz(audio.sampleRateHz));
  add(tally.channels, ["mono", "stereo"][audio.numChannels - 1] ?? `${audio.numChannels} channels`);
  if (audio.totalSeconds === undefined) tally.unknownDurations++;
  else tally.durations.push(audio.totalSeconds);
  if (audio.samples.every((sample) => sample === 0)) tally.silent++;
}

/** The class that a recording's folders name, as training would take it; `undefined` outside any. */
function classOf({ id }: Recording): string | undefined {
  const folders = id.split("/").slice(0, -1);
  return ["train", "test"].includes(folders[0]?.toLowerCase()) ? folders[1] : folders[0];
}

function renderFolder(dir: string, tally: Tally, { durationSeconds }: FrontEnd): string {
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
      renderClasses(tally.classes),
      read > 0
        ? section(
          "Lengths",
          figure(
            wide(durationChart(durations, durationSeconds)),
            "Recordings by length",
            `The model uses ${formatDuration(durationSeconds)} of each: ${
              plural(longer, "recording")
            } (${
              formatShare(longer / Math.max(1, durations.length))
            }) are longer and are cut there, shorter ones are padded with silence.`,
          ),
          tally.silent > 0
            ? html`<p>${
              plural(tally.silent, "recording")
            } are nothing but silence in that part.</p>`
            : undefined,
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
                figure(countChart(sortByCount(counts)), title, "Recordings of each kind.")
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
      wide(countChart(counts)),
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

/** Counts as horizontal bars, in the order given. */
function countChart(counts: readonly (readonly [name: string, count: number])[]): Html {
  const short = counts.map(([name]) => shorten(name, 24));
  const rows = counts.map(([name, count], place) => ({ name, count, place }));
  return chart({
    width: 340,
    height: 16 + 26 * rows.length,
    marginLeft: labelMargin(short),
    marginRight: 52,
    marginTop: 4,
    marginBottom: 8,
    x: { axis: null, domain: [0, Math.max(1, ...rows.map(({ count }) => count))] },
    y: {
      domain: rows.map(({ place }) => place),
      tickFormat: (place: number) => short[place],
      label: null,
      tickSize: 0,
      padding: 0.25,
    },
    marks: [
      Plot.barX(rows, { x: "count", y: "place", fill: ink.accent, title: ({ name }) => name }),
      Plot.text(rows, {
        x: "count",
        y: "place",
        text: ({ count }) => formatCount(count),
        textAnchor: "start",
        dx: 6,
        fill: "currentColor",
      }),
      Plot.ruleX([0], { stroke: ink.muted }),
    ],
  });
}

/** A histogram of lengths; the few longest share its last bar, so that the others can be told apart. */
function durationChart(sorted: Float64Array, usedSeconds: number): Html {
  const high = Math.max(usedSeconds * 1.2, 1.5 * (quantile(sorted, 0.98) || 0));
  const clipped = Array.from(sorted, (seconds) => Math.min(seconds, high * 0.999));
  return chart({
    width: 720,
    height: 240,
    marginLeft: 50,
    marginRight: 24,
    marginTop: 20,
    marginBottom: 36,
    x: { domain: [0, high], label: null, tickFormat: (seconds) => `${seconds} s` },
    y: { grid: true, label: null, ticks: 5 },
    marks: [
      Plot.rectY(
        clipped,
        {
          ...Plot.binX({ y: "count" }, {
            x: (seconds: number) => seconds,
            thresholds: Array.from({ length: 41 }, (_, i) => i * high / 40),
          }),
          fill: ink.accent,
          inset: 0.5,
        },
      ),
      Plot.ruleY([0], { stroke: ink.muted }),
      Plot.ruleX([usedSeconds], { stroke: "currentColor", strokeDasharray: "3,3" }),
      Plot.text([usedSeconds], {
        x: (seconds) => seconds,
        frameAnchor: "top",
        dy: -14,
        text: () => "used",
      }),
    ],
  });
}
