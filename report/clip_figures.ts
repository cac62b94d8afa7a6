/** Pictures of a clip: its waveform and its mel spectrogram, with axes. */
import * as Plot from "../deps/plot.ts";
import { interpolateMagma } from "../deps/d3_scale_chromatic.ts";
import { encode } from "../deps/fast_png.ts";
import { type FrontEnd, numFrames } from "../pipeline/front_end.ts";
import { chart, ink } from "./chart.ts";
import { dataAddress } from "./data_address.ts";
import { formatHz, thin } from "./format.ts";
import type { Html } from "./html.ts";
import { bandOf, tickFrequencies } from "./mel_axis.ts";

/** Size of a figure, in CSS pixels. */
export interface FigureSize {
  readonly width: number;
  readonly height: number;
  /** Room left of the axis. @default {52} */
  readonly marginLeft?: number;
}

/** 256 steps of magma, a perceptually uniform colour map (van der Walt and Smith 2015, CC0). */
const palette = Array.from({ length: 256 }, (_, i) => {
  const hex = interpolateMagma(i / 255);
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
});

/**
 * A PNG picture of features: frames from left to right, low bands at the bottom.
 *
 * @param shownFrames The first so many are shown. @default {all}
 */
export function spectrogramPng(
  features: Float32Array,
  frontEnd: FrontEnd,
  shownFrames: number = numFrames(frontEnd),
): Uint8Array {
  const { melBands, dynamicRangeDb } = frontEnd, stride = numFrames(frontEnd);
  const data = new Uint8Array(melBands * shownFrames);
  for (let band = 0; band < melBands; band++) {
    const row = (melBands - 1 - band) * shownFrames;
    for (let frame = 0; frame < shownFrames; frame++) {
      const share = 1 + features[band * stride + frame] / dynamicRangeDb;
      data[row + frame] = Math.round(255 * Math.max(0, Math.min(1, share)));
    }
  }
  return encodePng(data, shownFrames, melBands);
}

/** The same as a `data:` address. */
export function spectrogramImage(features: Float32Array, frontEnd: FrontEnd): string {
  return dataAddress("image/png", spectrogramPng(features, frontEnd));
}

function encodePng(data: Uint8Array, width: number, height: number): Uint8Array {
  return encode({ width, height, data, depth: 8, channels: 1, palette });
}

/**
 * A mel spectrogram over seconds and Hz.
 *
 * @param features `[melBands, numFrames]`, in dB.
 * @param startSeconds Where in its recording it begins.
 */
export function spectrogram(
  features: Float32Array,
  frontEnd: FrontEnd,
  { marginLeft = 52, ...size }: FigureSize,
  startSeconds = 0,
): Html {
  const { melBands, durationSeconds } = frontEnd;
  const margins = { marginLeft, marginRight: 16, marginTop: 8, marginBottom: 34 };
  return chart("mel spectrogram", {
    ...size,
    ...margins,
    x: {
      domain: [startSeconds, startSeconds + durationSeconds],
      label: null,
      tickFormat: formatTick,
      ticks: 5,
    },
    y: {
      domain: [-0.5, melBands - 0.5],
      label: null,
      ticks: tickFrequencies(frontEnd).map((hz) => bandOf(hz, frontEnd)),
      tickFormat: (_band: number, i: number) => formatHz(tickFrequencies(frontEnd)[i]),
    },
    marks: [
      Plot.image([0], {
        src: () => spectrogramImage(features, frontEnd),
        frameAnchor: "middle",
        width: size.width - margins.marginLeft - margins.marginRight,
        height: size.height - margins.marginTop - margins.marginBottom,
        preserveAspectRatio: "none",
      }),
    ],
  });
}

/** The lowest and highest sample of each of `numColumns` stretches of a clip. */
export function envelope(
  samples: Float32Array,
  numColumns: number,
): { low: number; high: number }[] {
  return Array.from({ length: numColumns }, (_, column) => {
    const from = Math.floor(column * samples.length / numColumns);
    const to = Math.floor((column + 1) * samples.length / numColumns);
    let low = Infinity, high = -Infinity;
    for (let i = from; i < to; i++) {
      low = Math.min(low, samples[i]);
      high = Math.max(high, samples[i]);
    }
    return { low, high };
  });
}

/** A waveform over seconds; at least the range from −1 to 1 is shown where it is used. */
export function waveform(
  samples: Float32Array,
  sampleRateHz: number,
  peak: number,
  size: FigureSize,
): Html {
  const durationSeconds = samples.length / sampleRateHz;
  const columns = envelope(samples, 320).map(({ low, high }, i) => ({
    low,
    high,
    seconds: (i + 0.5) / 320 * durationSeconds,
  })).filter(({ low }) => Number.isFinite(low));
  return chart("waveform", {
    ...size,
    marginLeft: 52,
    marginRight: 16,
    marginTop: 8,
    marginBottom: 34,
    x: { domain: [0, durationSeconds], label: null, tickFormat: formatTick, ticks: 5 },
    y: { domain: [-peak, peak], label: null, ticks: 3 },
    marks: [
      Plot.ruleY([0], { stroke: ink.faint }),
      Plot.areaY(columns, {
        x: "seconds",
        y1: "low",
        y2: "high",
        fill: ink.accent,
        stroke: ink.accent,
        strokeWidth: 0.5,
      }),
    ],
  });
}

/** The colours' meaning: dB below the loudest cell. */
export function decibelLegend(dynamicRangeDb: number): Html {
  const width = 260, height = 46, margin = 18;
  return chart("colour legend", {
    width,
    height,
    marginLeft: margin,
    marginRight: margin,
    marginTop: 4,
    marginBottom: 28,
    x: {
      domain: [-dynamicRangeDb, 0],
      label: null,
      ticks: 4,
      tickFormat: (db) => `${db} dB`.replace("-", "−"),
    },
    y: { axis: null, domain: [0, 1] },
    marks: [
      Plot.image([0], {
        src: () => dataAddress("image/png", encodePng(Uint8Array.from(palette.keys()), 256, 1)),
        frameAnchor: "middle",
        width: width - 2 * margin,
        height: height - 32,
        preserveAspectRatio: "none",
      }),
    ],
  });
}

/** Seconds on an axis: `2.5 s`. */
export function formatTick(value: number): string {
  return `${Number(value.toFixed(2))}${thin}s`;
}
