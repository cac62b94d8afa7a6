/// <reference lib="dom" />
/** Pictures of sound, each with its axes: pixels on a canvas, words beside it. */
import { interpolateMagma } from "../../deps/d3_scale_chromatic.ts";
import { type FrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { formatHz } from "../../report/format.ts";
import { bandOf, tickFrequencies } from "../../report/mel_axis.ts";
import { at, element } from "./dom.ts";

/** A word beside an axis, and its place: 0 at the left or the bottom, 1 at the other end. */
interface Tick {
  readonly text: string;
  readonly place: number;
}

/** The canvas of a plot, as many pixels as it takes, cleared. */
function canvasOf(
  id: string,
): { context: CanvasRenderingContext2D; width: number; height: number } {
  const canvas = at(id).querySelector("canvas")!, scale = globalThis.devicePixelRatio || 1;
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d")!;
  return { context, width: canvas.width, height: canvas.height };
}

function setTicks(
  id: string,
  { heights, times }: { readonly heights: readonly Tick[]; readonly times: readonly Tick[] },
): void {
  const [left, below] = [".heights", ".ticks"].map((kind) => at(id).querySelector(kind)!);
  left.replaceChildren(...heights.map(({ text, place }) => {
    const mark = element("span", text);
    mark.style.bottom = `${100 * place}%`;
    return mark;
  }));
  below.replaceChildren(...times.map(({ text, place }) => {
    const mark = element("span", text);
    mark.style.left = `${100 * place}%`;
    return mark;
  }));
}

/** About five round times of a stretch. */
export function timeTicks(startSeconds: number, seconds: number): Tick[] {
  const steps = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600];
  const step = steps.find((step) => seconds / step <= 7) ?? 2 * 3600;
  const ticks: Tick[] = [];
  for (let i = Math.ceil(startSeconds / step - 1e-6);; i++) {
    const place = (i * step - startSeconds) / seconds;
    if (place > 0.97) return ticks;
    ticks.push({
      text: step < 1 || seconds <= 30 ? `${Number((i * step).toFixed(2))} s` : clock(i * step),
      place,
    });
  }
}

/** `1:02:05`, or `2:05`; with hundredths where they are asked for. */
export function clock(seconds: number, decimals = 0): string {
  const rounded = Number(seconds.toFixed(decimals)), whole = Math.floor(rounded);
  const two = (n: number) => String(n).padStart(2, "0");
  const rest = decimals === 0 ? "" : (rounded - whole).toFixed(decimals).slice(1);
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}${rest}`;
}

const colour = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * A waveform.
 *
 * @param envelope The lowest and the highest sample of each part.
 * @param times What stands below it.
 */
export function drawWaveform(
  id: string,
  envelope: Float32Array,
  times: readonly Tick[],
): void {
  const { context, width, height } = canvasOf(id), numParts = envelope.length / 2;
  const peak = envelope.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-4);
  const y = (value: number) => height / 2 - value / peak * (height / 2 - 1);
  context.fillStyle = colour("--rule");
  context.fillRect(0, height / 2, width, 1);
  context.fillStyle = colour("--accent");
  for (let column = 0; column < width; column++) {
    const from = Math.floor(column * numParts / width);
    const to = Math.max(from + 1, Math.floor((column + 1) * numParts / width));
    let low = Infinity, high = -Infinity;
    for (let part = from; part < to; part++) {
      low = Math.min(low, envelope[2 * part]);
      high = Math.max(high, envelope[2 * part + 1]);
    }
    context.fillRect(column, y(high), 1, Math.max(1, y(low) - y(high)));
  }
  const shown = Number(peak.toPrecision(2));
  setTicks(id, {
    heights: [[`−${shown}`, 0.06], ["0", 0.5], [String(shown), 0.94]].map(([text, place]) => (
      { text: text as string, place: place as number }
    )),
    times,
  });
}

/** 256 steps of magma as colours of pixels. */
const palette = Uint8ClampedArray.from(
  Array.from({ length: 256 }, (_, step) => {
    const hex = interpolateMagma(step / 255);
    return [...[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)), 255];
  }).flat(),
);

/** A mel spectrogram, [melBands, numFrames] in dB, over seconds and Hz. */
export function drawSpectrogram(
  features: Float32Array,
  frontEnd: FrontEnd,
  startSeconds: number,
): void {
  const { melBands, dynamicRangeDb, durationSeconds } = frontEnd, frames = numFrames(frontEnd);
  const image = new ImageData(frames, melBands);
  for (let band = 0; band < melBands; band++) {
    for (let frame = 0; frame < frames; frame++) {
      const share = 1 + features[band * frames + frame] / dynamicRangeDb;
      const step = Math.round(255 * Math.max(0, Math.min(1, share)));
      const pixel = 4 * ((melBands - 1 - band) * frames + frame);
      image.data.set(palette.subarray(4 * step, 4 * step + 4), pixel);
    }
  }
  const { context, width, height } = canvasOf("spectrogram");
  const cells = new OffscreenCanvas(frames, melBands);
  cells.getContext("2d")!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, 0, 0, width, height);
  setTicks("spectrogram", {
    heights: tickFrequencies(frontEnd).map((hz) => ({
      text: formatHz(hz),
      place: (bandOf(hz, frontEnd) + 0.5) / melBands,
    })),
    times: timeTicks(startSeconds, durationSeconds),
  });
}

/** What the spectrogram's colours mean. */
export function drawLegend({ dynamicRangeDb }: FrontEnd): void {
  const canvas = at<HTMLCanvasElement>("legend");
  canvas.width = 256;
  canvas.height = 1;
  const image = new ImageData(new Uint8ClampedArray(palette), 256, 1);
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  at("legend-ticks").replaceChildren(...[0, 0.5, 1].map((place) => {
    const db = Math.round((place - 1) * dynamicRangeDb);
    const mark = element("span", `${db} dB`.replace("-", "−"));
    mark.style.left = `${100 * place}%`;
    return mark;
  }));
}

/** A label's probability in each window; NaN where one could not be read. */
export interface TimelineRow {
  readonly label: string;
  readonly probabilities: readonly number[];
}

/** Height of a row of the timeline, in CSS pixels. */
const rowPixels = 26;

/**
 * Probabilities of labels over time: the darker, the more probable.
 *
 * @param starts Where each window begins, in seconds.
 */
export function drawTimeline(
  rows: readonly TimelineRow[],
  starts: readonly number[],
  seconds: number,
): void {
  at("timeline").querySelector<HTMLElement>(".view")!.style.height = `${rowPixels * rows.length}px`;
  const { context, width, height } = canvasOf("timeline"), rowHeight = height / rows.length;
  const given = colour("--accent"), lost = colour("--series-2");
  rows.forEach(({ probabilities }, row) => {
    const top = row * rowHeight;
    context.globalAlpha = 1;
    context.fillStyle = colour("--rule");
    context.fillRect(0, Math.round(top + rowHeight) - 1, width, 1);
    let first = 0;
    for (let column = 0; column < width; column++) {
      const from = column / width * seconds, to = (column + 1) / width * seconds;
      while (first + 1 < starts.length && starts[first + 1] <= from) first++;
      // Of several windows in a column the most probable is seen.
      let shown = probabilities[first];
      for (let i = first + 1; i < starts.length && starts[i] < to; i++) {
        if (!(probabilities[i] <= shown)) shown = probabilities[i];
      }
      const isRead = !Number.isNaN(shown);
      context.fillStyle = isRead ? given : lost;
      context.globalAlpha = isRead ? shown : 0.25;
      context.fillRect(column, top + 2, 1, rowHeight - 4);
    }
  });
  context.globalAlpha = 1;
  setTicks("timeline", {
    heights: rows.map(({ label }, row) => ({ text: label, place: 1 - (row + 0.5) / rows.length })),
    times: timeTicks(0, seconds),
  });
}

/** Marks a moment in a plot; nothing where it is not in it. @param place From 0 at the left to 1. */
export function setHead(id: string, place: number | undefined): void {
  const head = at(id).querySelector<HTMLElement>(".head")!;
  head.hidden = place === undefined || !(place >= 0 && place <= 1);
  if (place !== undefined) head.style.left = `${100 * place}%`;
}
