/** What follows from a network: shapes, strides and weights of its nodes, and whether it is one. */
import type { DenseNode, Network, NetworkNode, Shape } from "./network.ts";
import { type Operation, operations, type WeightShape } from "./operations.ts";
import { check, count, isList, listOf, oneOf, positive, record, type Rule } from "./rules.ts";

/** A node with what follows from the nodes before it. */
export interface ResolvedNode {
  /** The node. */
  readonly node: NetworkNode;
  /** Names of the nodes whose outputs it takes, or `featuresName`. */
  readonly inputs: readonly string[];
  /** Shape of those outputs. */
  readonly inputShape: Shape;
  /** Shape of its own output. */
  readonly shape: Shape;
  /** Mel bands and frames of the features that one cell of its output stands for. */
  readonly stride: readonly [number, number];
  /** Its weights, in their order in the saved file. */
  readonly weights: readonly WeightShape[];
}

/** The name by which nodes take the network's input, `[melBands, numFrames, 1]`. */
export const featuresName = "features";

/**
 * Checks a network, plain data from anywhere, and derives the shapes and weights of its nodes.
 *
 * @throws {RangeError} where it cannot be computed, naming the setting, the rule and the value seen.
 */
export function resolveNetwork(network: Network): ResolvedNode[] {
  check("network", record, network);
  const { melBands, numFrames, nodes } = network;
  check("network.melBands", count, melBands);
  check("network.numFrames", count, numFrames);
  check("network.nodes", listOf(record), nodes);
  const outputs = new Map<string, Pick<ResolvedNode, "shape" | "stride">>([
    [featuresName, { shape: [melBands, numFrames, 1], stride: [1, 1] }],
  ]);
  const unused = new Set<string>();
  let before = featuresName;
  const resolved = nodes.map((node, i): ResolvedNode => {
    const path = `network.nodes[${i}]`, operation = operationOf(node, path);
    const { name, inputs = [before], frozen = false, learningRateFactor = 1 } = node;
    const isFree = (value: unknown) =>
      typeof value === "string" && /^\w+$/.test(value) && !outputs.has(value);
    check(`${path}.name`, [isFree, "letters, digits and _, as no other node's"], name);
    check(`${path}.frozen`, [() => typeof frozen === "boolean", "true or false"], frozen);
    check(`${path}.learningRateFactor`, positive, learningRateFactor);
    check(`${path}.inputs`, inputRule(outputs, operation.minInputs), inputs);
    const shapes = inputs.map((input) => outputs.get(input)!.shape), [inputShape] = shapes;
    const areAlike = () => shapes.every((shape) => shape.join() === inputShape.join());
    check(`${path}.inputs`, [areAlike, "of one shape"], shapes);
    const [fits, words] = operation.takes ?? [() => true, ""];
    check(`${path}.inputs`, [() => fits(inputShape, node), words], inputShape);

    const { stride: [down, across] } = outputs.get(inputs[0])!;
    const [rows, columns] = operation.stride?.(node) ?? [1, 1];
    const output: Pick<ResolvedNode, "shape" | "stride"> = {
      shape: operation.shape?.(node, inputShape) ?? inputShape,
      stride: [down * rows, across * columns],
    };
    outputs.set(name, output);
    for (const input of inputs) unused.delete(input);
    unused.add(before = name);
    const weights = operation.weights?.(node, inputShape) ?? [];
    return {
      node,
      inputs,
      inputShape,
      ...output,
      weights: weights.map((weight) => ({
        ...weight,
        name: `${name}/${weight.name}`,
        role: frozen ? "frozen" : weight.role,
        learningRateFactor,
      })),
    };
  });
  unused.delete(before);
  const leads = () => unused.size === 0;
  check("network.nodes", [leads, "nodes that all lead to the last one"], [...unused]);
  checkEnd(resolved);
  checkSize(network, strideOf(resolved));
  return resolved;
}

/** A node's operation, once its settings have been checked. */
function operationOf(node: NetworkNode, path: string): Operation {
  check(`${path}.op`, oneOf(...Object.keys(operations)), node.op);
  const operation = operations[node.op] as Operation;
  for (const [key, rule] of Object.entries<Rule>(operation.settings)) {
    check(`${path}.${key}`, rule, (node as unknown as Record<string, unknown>)[key]);
  }
  return operation;
}

/** One node before it, or at least so many. */
function inputRule(before: ReadonlyMap<unknown, unknown>, minInputs = 1): Rule {
  const words = minInputs === 1 ? "one node" : `at least ${minInputs} nodes`;
  const isEnough = (length: number) => minInputs === 1 ? length === 1 : length >= minInputs;
  return [
    (inputs) => isList(inputs, (input) => before.has(input)) && isEnough(inputs.length),
    `${words} before it`,
  ];
}

/** @throws {RangeError} where the last node gives no probabilities. */
function checkEnd(nodes: readonly ResolvedNode[]): void {
  const { node, shape } = nodes[nodes.length - 1], path = `network.nodes[${nodes.length - 1}]`;
  check(`${path}.op`, oneOf("dense"), node.op);
  check(`${path}.activation`, oneOf("softmax", "sigmoid"), (node as DenseNode).activation);
  check(path, [() => shape.length === 1, "one axis of outputs"], shape);
}

/** @throws {RangeError} where pooling would leave nothing of the features. */
function checkSize({ melBands, numFrames, nodes }: Network, [down, across]: [number, number]) {
  if (melBands >= down && numFrames >= across) return;
  const poolings = nodes.filter(({ op }) => op === "max-pool").length;
  throw new RangeError(
    `Cannot build the model as ${poolings} poolings need features of at least ` +
      `[${down}, ${across}]: current value is [${melBands}, ${numFrames}]`,
  );
}

function strideOf(nodes: readonly ResolvedNode[]): [number, number] {
  const largest = (axis: 0 | 1) => Math.max(...nodes.map(({ stride }) => stride[axis]));
  return [largest(0), largest(1)];
}

/** Every weight of a network in its canonical order, which is the order of the saved file. */
export function weightShapes(network: Network): WeightShape[] {
  return resolveNetwork(network).flatMap(({ weights }) => weights);
}
