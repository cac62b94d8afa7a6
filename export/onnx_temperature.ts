import type { OutputActivation } from "../model/network.ts";
import { smallestProbability, smallestRest } from "../model/scores/temperature.ts";
import type { OnnxGraph, ValueName } from "./onnx_graph.ts";
import { addActivation } from "./onnx_operations.ts";

/** Adds `scaleProbabilities` to a graph: probabilities, `[batch, classes]`, at a temperature. */
export function addTemperature(
  graph: OnnxGraph,
  probabilities: ValueName,
  temperature: number,
  activation: OutputActivation,
): ValueName {
  if (temperature === 1) return probabilities;
  const logarithm = (value: ValueName, smallest: number) =>
    graph.add("Max", [graph.add("Log", [value]), graph.number(Math.log(smallest))]);
  let logits = logarithm(probabilities, smallestProbability);
  if (activation === "sigmoid") {
    const rest = graph.add("Sub", [graph.number(1), probabilities]);
    logits = graph.add("Sub", [logits, logarithm(rest, smallestRest)]);
  }
  const scaled = graph.add("Mul", [logits, graph.number(1 / temperature)]);
  return addActivation(graph, scaled, activation);
}
