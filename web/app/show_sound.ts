/// <reference lib="dom" />
/** Shows a sound over time, and the window of it that was looked at. */
import { formatHz, formatSeconds, formatShare, thin } from "../../report/format.ts";
import { envelopeOf } from "../envelope.ts";
import type { AboutModels } from "../messages.ts";
import { describeAnswer } from "./bars.ts";
import { at, element, nameElement } from "./dom.ts";
import {
  clock,
  drawSpectrogram,
  drawTimeline,
  drawWaveform,
  type TimelineRow,
  timeTicks,
} from "./plots.ts";
import type { Sound } from "./sound.ts";

/** Labels of the timeline. */
const mostRows = 6;
/** Rows of the table of events. */
const mostEvents = 500;

/** Shows when what was heard, of a sound that is longer than a window. */
export function showTimes(sound: Sound, about: AboutModels): void {
  const { windows, seconds, isLong, selected, card: { frontEnd } } = sound;
  at("times").hidden = !isLong;
  if (!isLong) return;
  at("times-note").textContent = `${windows.length} windows of ${
    formatSeconds(frontEnd.durationSeconds)
  }. The stronger the colour, the more probable. Choose one to see what the model says of it.`;
  drawWaveform("overview", overviewOf(sound), []); // the timeline below it has the times
  const rows = timelineRows(sound);
  drawTimeline(rows, windows.map(({ startSeconds }) => startSeconds), seconds);
  setName(
    "timeline",
    `Probability of ${
      rows.map(({ label }) => label).join(", ")
    } over time: the table has it in words`,
  );
  const place = at<HTMLInputElement>("place"), index = selected ?? 0, window = windows[index];
  place.max = String(windows.length - 1);
  place.value = String(index);
  const said = window.answer ? describeAnswer(window.answer, about) : "could not be read";
  place.setAttribute("aria-valuetext", `${clock(window.startSeconds)}: ${said}`);
  at("whole").setAttribute("aria-pressed", String(selected === undefined));
  showEvents(sound);
}

/** The waveform of all windows, one behind the other. */
function overviewOf({ windows, card: { frontEnd: { durationSeconds } } }: Sound): Float32Array {
  const numParts = Math.max(...windows.map(({ envelope }) => envelope.length / 2));
  const values = windows.flatMap(({ envelope, startSeconds, endSeconds }) => {
    const shown = Math.max(1, Math.round(numParts * (endSeconds - startSeconds) / durationSeconds));
    return Array.from({ length: 2 * shown }, (_, i) => envelope[i] ?? 0);
  });
  return Float32Array.from(values);
}

/** The labels that are somewhere the most probable ones. */
function timelineRows(
  { windows, card: { classes, backgroundClasses = [] } }: Sound,
): TimelineRow[] {
  const rows = [...classes.keys()].filter((k) => !backgroundClasses.includes(classes[k])).map((
    k,
  ) => ({
    label: classes[k],
    probabilities: windows.map(({ answer }) => answer?.probabilities[k] ?? NaN),
  }));
  const highest = ({ probabilities }: TimelineRow) =>
    probabilities.reduce((max, p) => p > max ? p : max, 0);
  return rows.sort((a, b) => highest(b) - highest(a)).slice(0, mostRows);
}

function showEvents({ events }: Sound): void {
  const rows = at("events");
  // They only become more: what is there stays.
  if (rows.childElementCount > events.length) rows.replaceChildren();
  for (const event of events.slice(rows.childElementCount, mostEvents)) {
    const row = element("tr"), label = element("td", "", "text");
    label.append(nameElement(event.label));
    row.append(
      element("td", clock(event.startSeconds, 1)),
      element("td", clock(event.endSeconds, 1)),
      label,
      element("td", formatShare(event.probability)),
    );
    rows.append(row);
  }
  at("events-note").textContent = events.length > mostEvents
    ? `The first ${mostEvents} of ${events.length}: melstream predict writes all of them.`
    : "";
}

/** Shows the window that was looked at, as the model sees it. */
export function showPictures({ picture, card: { frontEnd } }: Sound): void {
  at("pictures").hidden = picture === undefined;
  if (!picture) return;
  const { features, samples, start } = picture, { durationSeconds, minHz, maxHz } = frontEnd;
  const startSeconds = start / frontEnd.sampleRateHz;
  drawWaveform("waveform", envelopeOf(samples, 2000), timeTicks(startSeconds, durationSeconds));
  drawSpectrogram(features, frontEnd, startSeconds);
  const stretch = `${clock(startSeconds, 1)} to ${clock(startSeconds + durationSeconds, 1)}`;
  setName("waveform", `Waveform from ${stretch}`);
  setName(
    "spectrogram",
    `Mel spectrogram from ${stretch}, ${formatHz(minHz)} to ${formatHz(maxHz)}, ` +
      `down to ${frontEnd.dynamicRangeDb}${thin}dB below its loudest cell`,
  );
}

function setName(id: string, name: string): void {
  at(id).querySelector("canvas")!.setAttribute("aria-label", name);
}
