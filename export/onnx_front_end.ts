import { loadDsp } from "../pipeline/dsp/dsp.ts";
import { clipSamples, type FrontEnd, numFrames } from "../pipeline/front_end.ts";
import type { OnnxGraph, ValueName } from "./onnx_graph.ts";
import { arrangeFilters, planTwoProducts } from "./short_time_power.ts";

/** Lowest power of a band, as in the kernels and in librosa's `power_to_db`. */
const smallestPower = 1e-10;

/**
 * Adds the front end to a graph: from the sound, `[batch, samples]` of any length, padded with zeros or cut to
 * the clip's, to its log-mel features, `[batch, melBands, numFrames]` in dB below the loudest cell.
 */
export async function addFrontEnd(
  graph: OnnxGraph,
  waveform: ValueName,
  frontEnd: FrontEnd,
): Promise<ValueName> {
  const { fftSize, melBands } = frontEnd, plan = planTwoProducts(fftSize);
  const { rows, columns, halfRows } = plan, frames = numFrames(frontEnd);
  const filters = (await loadDsp()).createLogMel(frontEnd).filters();
  const bandWeights = arrangeFilters(
    { shape: [melBands, fftSize / 2 + 1], values: filters },
    plan,
  );

  let x = addFrames(graph, waveform, frontEnd);
  x = graph.add("Reshape", [x, graph.integers([-1, rows, columns])]);
  x = graph.add("Mul", [x, graph.constant("window", plan.window)]);
  x = graph.add("MatMul", [graph.constant("sum_rows", plan.sumRows), x]);
  x = graph.add("Reshape", [x, graph.integers([-1, halfRows, 2 * columns])]);
  x = graph.add("Transpose", [x], { perm: [1, 0, 2] }); // one matrix each row, for all frames
  x = graph.add("MatMul", [x, graph.constant("sum_columns", plan.sumColumns)]);

  x = graph.add("Mul", [x, x]);
  const [re, im] = [0, columns].map((start) => slice(graph, x, 2, start, start + columns));
  x = graph.add("Add", [re, im]);
  x = graph.add("Transpose", [x], { perm: [1, 0, 2] });
  x = graph.add("Reshape", [x, graph.integers([-1, frames, halfRows * columns])]);
  x = graph.add("MatMul", [x, graph.constant("mel_filters", bandWeights)]);
  return addDecibels(graph, graph.add("Transpose", [x], { perm: [0, 2, 1] }), frontEnd);
}

/** The samples of every frame, `[batch, numFrames, …]`. */
function addFrames(graph: OnnxGraph, waveform: ValueName, frontEnd: FrontEnd): ValueName {
  const { fftSize, hopSamples, centering } = frontEnd, frames = numFrames(frontEnd);
  const margin = centering === "off" ? 0 : fftSize / 2;
  const covered = (frames - 1) * hopSamples + fftSize;
  let x = slice(graph, waveform, 1, 0, clipSamples(frontEnd));
  // Enough zeros for no sound at all; what is too much is cut off.
  x = graph.add("Pad", [x, graph.integers([0, margin, 0, covered]), graph.number(0)]);
  x = slice(graph, x, 1, 0, covered);
  // Frames are gathered in pieces, as long as whole ones make up both a frame and a hop.
  const piece = greatestCommonDivisor(fftSize, hopSamples);
  x = graph.add("Reshape", [x, graph.integers([0, covered / piece, piece])]);
  const starts = Array.from({ length: frames }, (_, frame) => frame * hopSamples / piece);
  const pieces = Array.from({ length: fftSize / piece }, (_, i) => i);
  const places = graph.add("Add", [graph.integers(starts, [frames, 1]), graph.integers(pieces)]);
  return graph.add("Gather", [x, places], { axis: 1 });
}

function addDecibels(graph: OnnxGraph, power: ValueName, { dynamicRangeDb }: FrontEnd): ValueName {
  let x = graph.add("Max", [power, graph.number(smallestPower)]);
  x = graph.add("Mul", [graph.add("Log", [x]), graph.number(10 / Math.LN10)]);
  x = graph.add("Sub", [x, graph.add("ReduceMax", [x], { axes: [1, 2], keepdims: 1 })]);
  return graph.add("Max", [x, graph.number(-dynamicRangeDb)]);
}

/** A stretch of one axis: what is asked for beyond its end is not there. */
function slice(
  graph: OnnxGraph,
  value: ValueName,
  axis: number,
  start: number,
  end: number,
): ValueName {
  const [from, to, along] = [start, end, axis].map((number) => graph.integers([number]));
  return graph.add("Slice", [value, from, to, along]);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
