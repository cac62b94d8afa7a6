/** Recordings with what is to be heard in them, what a model says, and what that looks like. */
import type { PredictedEvent } from "../model/evaluation/event_evaluation.ts";
import type { Annotation } from "../pipeline/annotation.ts";
import { createClip } from "../pipeline/clip.ts";
import { type Dsp, loadDsp } from "../pipeline/dsp/dsp.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { openLocation } from "../pipeline/locations/open_location.ts";
import type { Recording } from "../pipeline/recording.ts";
import { secondsByHeader } from "../pipeline/recording_length.ts";
import { labelMargin, shorten } from "./chart.ts";
import { decibelLegend, spectrogram } from "./clip_figures.ts";
import { formatNumber, thin } from "./format.ts";
import { hearClip } from "./heard_clip.ts";
import { type Html, html, type HtmlValue, nameOf } from "./html.ts";
import { section, wide } from "./page.ts";
import { timelineChart } from "./timeline_chart.ts";

/** A recording whose events are known, and what a model said of it. */
export interface ScoredRecording {
  /** The recording. */
  readonly recording: Recording;
  /** The events that are there, in order. */
  readonly truth: readonly Annotation[];
  /** The events that are said to be, in order. */
  readonly predicted: readonly PredictedEvent[];
}

/** Most of a recording that is shown, in seconds. */
const mostSeconds = 60;
const figureWidth = 1000, marginRight = 16;

/** A timeline of each recording. */
export async function renderTimelines(
  recordings: readonly ScoredRecording[],
  frontEnd: FrontEnd,
): Promise<Html> {
  const dsp = await loadDsp(), articles: Html[] = [];
  for (const scored of recordings) articles.push(await renderTimeline(scored, frontEnd, dsp));
  return section(
    "What is heard when",
    html`
      <p class="note">Of each recording the minute with the most events, with its mel spectrogram in dB
      below its loudest cell. Two bars a label: the upper one is what was annotated, the lower, coloured
      one what the model says.</p>
      ${decibelLegend(frontEnd.dynamicRangeDb)} ${articles}
    `,
  );
}

async function renderTimeline(
  { recording, truth, predicted }: ScoredRecording,
  frontEnd: FrontEnd,
  dsp: Dsp,
): Promise<Html> {
  const part = await choosePart(recording, [...truth, ...predicted]);
  const labels = [...truth, ...predicted].map(({ label }) => shorten(label, 16));
  const marginLeft = Math.max(52, labelMargin(labels));
  const size = { width: figureWidth, marginLeft, marginRight };
  return html`
    <article>
      <h3>${nameOf(recording.id)}</h3>
      <p class="note">From ${formatNumber(part.startSeconds, 1)}${thin}s on.</p>
      ${wide(
        [
          await renderSpectrogram(recording, part, frontEnd, marginLeft, dsp),
          timelineChart({ ...part, truth, predicted }, size),
        ],
        `Timeline of ${recording.id}`,
      )}
    </article>
  `;
}

async function renderSpectrogram(
  recording: Recording,
  part: { readonly startSeconds: number; readonly endSeconds: number },
  frontEnd: FrontEnd,
  marginLeft: number,
  dsp: Dsp,
): Promise<HtmlValue> {
  const long = { ...frontEnd, durationSeconds: part.endSeconds - part.startSeconds };
  try {
    const clip = createClip(recording, part, frontEnd.sampleRateHz);
    const { features, failure } = await hearClip(clip, long, dsp);
    if (!features) throw new Error(failure);
    const size = { width: figureWidth, height: 200, marginLeft };
    return spectrogram(features, long, size, part.startSeconds);
  } catch (error) {
    return html`<p class="note">No picture: ${nameOf((error as Error).message)}</p>`;
  }
}

/** The minute in which most events begin, or all of a shorter recording. */
async function choosePart(recording: Recording, events: readonly Annotation[]) {
  const totalSeconds = await secondsByHeader(recording, openLocation)
    .catch(() => undefined) ?? Infinity; // the picture says what is wrong
  const startSeconds = Math.max(0, Math.min(busiest(events), totalSeconds - mostSeconds));
  return { startSeconds, endSeconds: Math.min(totalSeconds, startSeconds + mostSeconds) };
}

/** Where a minute begins, a second before an event, in which most events begin; 0 without events. */
function busiest(events: readonly Annotation[]): number {
  const starts = events.map(({ startSeconds }) => startSeconds).sort((a, b) => a - b);
  let best = 0, most = 0, end = 0;
  for (const [first, start] of starts.entries()) {
    while (end < starts.length && starts[end] < start - 1 + mostSeconds) end++;
    if (end - first > most) [best, most] = [start, end - first];
  }
  return Math.max(0, Math.floor(best - 1));
}
