import * as Plot from "../deps/plot.ts";
import type { PredictedEvent } from "../model/evaluation/event_evaluation.ts";
import type { Annotation } from "../pipeline/annotation.ts";
import { chart, ink, shorten } from "./chart.ts";
import { type FigureSize, formatTick } from "./clip_figures.ts";
import { formatShare } from "./format.ts";
import type { Html } from "./html.ts";

/** A part of a recording with what is there and what a model says is. */
export interface TimelinePart {
  /** Its beginning, in seconds. */
  readonly startSeconds: number;
  /** Its end, in seconds. */
  readonly endSeconds: number;
  /** The events that are there. */
  readonly truth: readonly Annotation[];
  /** The events that are said to be. */
  readonly predicted: readonly PredictedEvent[];
}

/** Height of a label's two bars, in pixels. */
const rowHeight = 26;
/** Room below the bars, in pixels: for the axis. */
const axisHeight = 30;

/**
 * Events over time, two bars a label: above what is there, below what was said.
 *
 * @param marginLeft Room for the labels: the same as that of the spectrogram above it.
 */
export function timelineChart(
  { startSeconds, endSeconds, truth, predicted }: TimelinePart,
  { width, marginLeft, marginRight }: Pick<FigureSize, "width"> & {
    readonly marginLeft: number;
    readonly marginRight: number;
  },
): Html {
  const isIn = (event: Annotation) =>
    event.endSeconds >= startSeconds && event.startSeconds < endSeconds;
  const there = truth.filter(isIn), said = predicted.filter(isIn);
  const labels = [...new Set([...there, ...said].map(({ label }) => label))].sort();
  // A moment is seen, too.
  const shortest = (endSeconds - startSeconds) / 400;
  const bars = (events: readonly Annotation[], top: number) => ({
    x1: ({ startSeconds: from }: Annotation) => Math.max(from, startSeconds),
    x2: ({ startSeconds: from, endSeconds: to }: Annotation) =>
      Math.min(Math.max(to, from + shortest), endSeconds),
    y1: ({ label }: Annotation) => labels.indexOf(label) + top,
    y2: ({ label }: Annotation) => labels.indexOf(label) + top + 0.36,
    data: events,
  });
  const draw = (events: readonly Annotation[], top: number, fill: string, word: string) => {
    const { data, ...channels } = bars(events, top);
    return Plot.rect(data, {
      ...channels,
      fill,
      title: (event: Annotation | PredictedEvent) =>
        `${event.label} ${word} ${event.startSeconds.toFixed(2)} to ` +
        `${event.endSeconds.toFixed(2)} s` +
        ("score" in event ? `, ${formatShare(event.score)}` : ""),
    });
  };
  return chart(`timeline: ${there.length} events annotated, ${said.length} predicted`, {
    ...{ width, marginLeft, marginRight },
    height: rowHeight * Math.max(1, labels.length) + axisHeight,
    marginTop: 2,
    marginBottom: axisHeight - 2,
    x: { domain: [startSeconds, endSeconds], label: null, ticks: 5, tickFormat: formatTick },
    y: {
      domain: [Math.max(1, labels.length), 0],
      label: null,
      tickSize: 0,
      ticks: labels.map((_, i) => i + 0.5),
      tickFormat: (_: number, i: number) => shorten(labels[i], 16),
    },
    marks: [
      Plot.ruleY(labels.map((_, i) => i), { stroke: ink.faint }),
      draw(there, 0.1, ink.muted, "annotated"),
      draw(said, 0.54, ink.accent, "predicted"),
    ],
  });
}
