/** Mel axis: the place of a frequency in a mel spectrogram. */
import type { FrontEnd } from "../pipeline/front_end.ts";

/** Mels of a frequency: Slaney's formula (linear below 1 kHz, logarithmic above) or HTK's. */
export function hzToMel(hz: number, scale: FrontEnd["melScale"]): number {
  if (scale === "htk") return 2595 * Math.log10(1 + hz / 700);
  const linear = 3 * hz / 200;
  return hz < 1000 ? linear : 15 + 27 * Math.log(hz / 1000) / Math.log(6.4);
}

/** The band whose centre a frequency is, counted from 0; between two bands a fraction. */
export function bandOf(hz: number, frontEnd: FrontEnd): number {
  const { melBands, minHz, maxHz, melScale } = frontEnd;
  const low = hzToMel(minHz, melScale), high = hzToMel(maxHz, melScale);
  // Bands have their centres at the inner points of melBands + 2 points from minHz to maxHz.
  return (hzToMel(hz, melScale) - low) / (high - low) * (melBands + 1) - 1;
}

const roundHz = [62.5, 125, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 64000];

/** Octaves that lie within the bands, the ones nearest to their neighbours left out. */
export function tickFrequencies(frontEnd: FrontEnd): number[] {
  const apart = frontEnd.melBands / 9, ticks: number[] = [];
  for (const hz of roundHz.toReversed()) {
    const band = bandOf(hz, frontEnd), last = ticks.at(-1);
    if (band < 0 || band > frontEnd.melBands - 1) continue;
    if (last === undefined || bandOf(last, frontEnd) - band >= apart) ticks.push(hz);
  }
  return ticks.reverse();
}
