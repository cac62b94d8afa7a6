import { checkSameKind } from "../model/ensemble.ts";
import { taskOf } from "../model/evaluation/evaluation.ts";
import type { ModelCard } from "../model/model_card.ts";
import { type Network, outputOf } from "../model/network.ts";
import { featuresName, type ResolvedNode, resolveNetwork } from "../model/resolve_network.ts";
import type { SavedModel } from "../model/saved_model.ts";
import type { Weight } from "../model/weights.ts";
import { clipSamples, numFrames } from "../pipeline/front_end.ts";
import { addFrontEnd } from "./onnx_front_end.ts";
import { OnnxGraph, type ValueName } from "./onnx_graph.ts";
import type { GraphValue } from "./onnx_messages.ts";
import { addNode } from "./onnx_operations.ts";
import { addTemperature } from "./onnx_temperature.ts";

/** What an ONNX file is to compute. */
export interface OnnxOptions {
  /** The features in place of the probabilities: a front end for other programs. @default {false} */
  readonly featuresOnly?: boolean;
  /** What goes into the last hidden layer in place of the probabilities: all positions' mean. @default {false} */
  readonly embedding?: boolean;
}

/**
 * A model as an ONNX file (operators of version 13) that takes sound and needs nothing beside it.
 *
 * Its input `waveform` is float32 `[batch, samples]`, mono, in [−1, 1] nominally, at the model's sample rate and
 * of any length: padded with zeros or cut to the clip's. Its output `probabilities` is `[batch, classes]`, what
 * `predict` says of that clip to within 1e-4; or `features`, `[batch, melBands, numFrames]`, in dB below the
 * loudest cell. Its metadata says the classes, the rate and the length.
 *
 * @param models One, or several of one kind, whose probabilities are averaged, by `readModels`.
 * @throws {RangeError} where the models are of different kinds, or too large for such a file.
 */
export async function createOnnx(
  models: SavedModel | readonly SavedModel[],
  { featuresOnly = false, embedding = false }: OnnxOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const all = [models].flat(), [{ card }] = all, { frontEnd, classes } = card;
  checkSameKind(all);
  if (card.backbone) {
    throw new RangeError(
      `Cannot write this model as ONNX as it must hear log-mel features: it hears by a backbone, ` +
        `${card.backbone.card.name}`,
    );
  }
  const graph = new OnnxGraph();
  const waveform: GraphValue = {
    name: "waveform",
    axes: ["batch", "samples"],
    help:
      `mono sound at ${frontEnd.sampleRateHz} Hz, of which the first ${frontEnd.durationSeconds} s count`,
  };
  const features = await addFrontEnd(graph.part("front_end"), waveform.name, frontEnd);
  const pooled = poolingOf(card.network), size = pooled?.shape[0];
  if (embedding && size === undefined) {
    throw new RangeError(
      "Cannot take embeddings of this model as its network must pool all positions",
    );
  }
  const output: GraphValue = embedding
    ? { name: "embedding", axes: ["batch", size!], help: "the network's pooled features" }
    : featuresOnly
    ? {
      name: "features",
      axes: ["batch", frontEnd.melBands, numFrames(frontEnd)],
      help: "log-mel features, in dB below the loudest cell",
    }
    : {
      name: "probabilities",
      axes: ["batch", classes.length],
      help: "of every class, in the order of the metadata's classes",
    };
  const value = () =>
    embedding
      ? addNetwork(graph, features, card.network, all[0].weights, pooled!.node.name)
      : addAnswer(graph, features, all);
  graph.addOutput(featuresOnly ? features : value(), output.name);
  return graph.encode([waveform], [output], {
    program: card.program,
    help: `${output.help}, from ${waveform.help}`,
    metadata: metadataOf(card),
  });
}

/** The probabilities as the labeller has them: the mean over all models, at the model's temperature. */
function addAnswer(
  graph: OnnxGraph,
  features: ValueName,
  models: readonly SavedModel[],
): ValueName {
  const [{ card: { network, scores } }] = models;
  const answers = models.map(({ weights }, i) => {
    const part = models.length === 1 ? graph : graph.part(`fold_${i + 1}`);
    return addNetwork(part, features, network, weights);
  });
  const answer = graph.part("answer");
  const mean = answers.length === 1 ? answers[0] : answer.add("Mean", answers);
  return addTemperature(answer, mean, scores?.temperature ?? 1, outputOf(network).activation);
}

/** The last node of a network that leaves nothing but channels, from which its dense layers go on. */
function poolingOf(network: Network): ResolvedNode | undefined {
  return resolveNetwork(network).findLast(({ node, shape }) =>
    ["mean", "max", "add"].includes(node.op) && shape.length === 1
  );
}

/** From `[batch, melBands, numFrames]` to `[batch, classes]`, or to what a node before that gives. */
function addNetwork(
  graph: OnnxGraph,
  features: ValueName,
  network: Network,
  weights: readonly Weight[],
  end?: string,
): ValueName {
  const image = graph.add("Unsqueeze", [features, graph.integers([1])]);
  const outputs = new Map([[featuresName, image]]);
  let last = image;
  for (const resolved of resolveNetwork(network)) {
    last = addNode(graph, resolved, resolved.inputs.map((name) => outputs.get(name)!), weights);
    outputs.set(resolved.node.name, last);
    if (resolved.node.name === end) return last;
  }
  return last;
}

function metadataOf(card: ModelCard): Record<string, string> {
  const { frontEnd, classes, network, scores, backgroundClasses } = card;
  return {
    classes: JSON.stringify(classes),
    task: taskOf(outputOf(network)),
    sample_rate_hz: String(frontEnd.sampleRateHz),
    clip_seconds: String(frontEnd.durationSeconds),
    clip_samples: String(clipSamples(frontEnd)),
    front_end: JSON.stringify(frontEnd),
    ...scores && { thresholds: JSON.stringify(scores.thresholds) },
    ...backgroundClasses && { background_classes: JSON.stringify(backgroundClasses) },
  };
}
