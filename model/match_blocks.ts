/**
 * The pattern that both engines compute: rescale, then blocks of conv 3×3, batch-norm, relu and max-pool
 * 2×2, then global pooling, dense with ReLU, dropout, and dense with softmax or sigmoid.
 */
import type { GlobalPooling } from "./conv_network.ts";
import {
  type MeanNode,
  type Network,
  type NetworkNode,
  type OutputActivation,
  outputOf,
} from "./network.ts";
import type { WeightShape } from "./operations.ts";
import { featuresName, type ResolvedNode, resolveNetwork } from "./resolve_network.ts";

/** Whether an engine can compute a network; where it cannot, why not, in words for people. */
export type Support =
  | { readonly supported: true }
  | { readonly supported: false; readonly reason: string };

/** One block: conv, batch-norm, relu, max-pool. */
export interface ConvBlock {
  /** Size of its input, and of its convolution's output. */
  readonly height: number;
  /** See `height`. */
  readonly width: number;
  /** Channels of its input. */
  readonly inputs: number;
  /** Channels of its output. */
  readonly outputs: number;
  /** Size of its output. */
  readonly pooledHeight: number;
  /** See `pooledHeight`. */
  readonly pooledWidth: number;
  /** See `BatchNormNode`. */
  readonly epsilon: number;
  /** See `BatchNormNode`. */
  readonly momentum: number;
  /** Names of its weights. */
  readonly weights: {
    readonly kernel: string;
    readonly gamma: string;
    readonly beta: string;
    readonly movingMean: string;
    readonly movingVariance: string;
  };
}

/** A dense layer: its size, and the names of its weights. */
export interface DenseLayer {
  /** Number of inputs. */
  readonly inputs: number;
  /** Number of outputs. */
  readonly units: number;
  /** Name of its kernel. */
  readonly kernel: string;
  /** Name of its bias. */
  readonly bias: string;
}

/** A network that is such a chain: what its engines plan from. */
export interface BlockChain {
  /** Mel bands of the features. */
  readonly melBands: number;
  /** Frames of the features. */
  readonly numFrames: number;
  /** The first node: x ↦ x·inputScale + inputOffset. */
  readonly inputScale: number;
  /** See `inputScale`. */
  readonly inputOffset: number;
  /** The blocks, at least one. */
  readonly blocks: readonly ConvBlock[];
  /**
   * How many of them, the first ones, are frozen: they stay as they are, normalise by their running statistics
   * in training as in prediction, and have no gradients.
   */
  readonly frozenBlocks: number;
  /** How the last block's output becomes one value a channel. */
  readonly globalPooling: GlobalPooling;
  /** The dense layer with ReLU. */
  readonly hidden: DenseLayer;
  /** Share of its units that a training step leaves out. */
  readonly dropoutRate: number;
  /** The dense layer of one output a class. */
  readonly logits: DenseLayer;
  /** What the outputs go through. */
  readonly activation: OutputActivation;
  /** Every weight, in canonical order. */
  readonly weights: readonly WeightShape[];
}

/** A network's chain, or why it is none. */
export type BlockMatch =
  | (Extract<Support, { supported: true }> & { readonly chain: BlockChain })
  | Extract<Support, { supported: false }>;

/**
 * Reads a network as a chain of blocks.
 *
 * @throws {RangeError} where it is no network: see `resolveNetwork`.
 */
export function matchBlocks(network: Network): BlockMatch {
  try {
    return { supported: true, chain: readChain(network) };
  } catch (error) {
    if (error instanceof Mismatch) return { supported: false, reason: error.message };
    throw error;
  }
}

/**
 * The chain of a network that an engine is made for.
 *
 * @param match What the engine's `supports` says of the network.
 * @throws {RangeError} where it does not support it, with the reason.
 */
export function chainOf(match: BlockMatch, engine: string): BlockChain {
  if (match.supported) return match.chain;
  throw new RangeError(`Cannot compute this network on ${engine} as ${match.reason}`);
}

/** Why a network is no chain, in words. */
class Mismatch extends Error {}

type NodeOf<Op extends NetworkNode["op"]> = Extract<NetworkNode, { op: Op }>;

/** Takes the nodes of a chain one by one. */
class NodeReader {
  #taken = 0;

  constructor(private readonly nodes: readonly ResolvedNode[]) {}

  /** Which operation is next. */
  get nextOp(): NetworkNode["op"] | undefined {
    return this.nodes[this.#taken]?.node.op;
  }

  /** The next node, which must be this operation, on the node before where no others are named. */
  take<Op extends NetworkNode["op"]>(
    op: Op,
    wanted = "",
    holds: (node: NodeOf<Op>) => boolean = () => true,
    inputs?: readonly string[],
  ): ResolvedNode & { readonly node: NodeOf<Op> } {
    const found = this.nodes[this.#taken], before = this.nodes[this.#taken - 1]?.node.name;
    this.#taken++;
    const follows = found?.inputs.join() === (inputs?.join() ?? before ?? featuresName);
    const fits = found?.node.op === op && follows && holds(found.node as NodeOf<Op>);
    if (!fits) {
      const behind = before === undefined ? "its first node" : `the node behind ${before}`;
      const seen = found ? `${found.node.name} (${describe(found)})` : "none";
      throw new Mismatch(`${behind} must be ${[op, wanted].join(" ").trim()}: it is ${seen}`);
    }
    return found as ResolvedNode & { readonly node: NodeOf<Op> };
  }
}

/** A node's operation, inputs and settings. */
function describe({ node, inputs }: ResolvedNode): string {
  const { op, name: _, inputs: __, ...settings } = node;
  const words = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
  return [`${op} of ${inputs.join(" and ")}`, ...words].join(", ");
}

const isPair = ([a, b]: readonly [number, number], size: number) => a === size && b === size;

/** One block, and whether it is frozen. */
function readBlock(reader: NodeReader): { readonly block: ConvBlock; readonly frozen: boolean } {
  const conv = reader.take("conv", "3×3", ({ kernelSize }) => isPair(kernelSize, 3));
  const norm = reader.take("batch-norm"), { epsilon, momentum } = norm.node;
  reader.take("relu");
  const pool = reader.take("max-pool", "2×2", ({ size }) => isPair(size, 2));
  const [height, width, outputs] = conv.shape, [pooledHeight, pooledWidth] = pool.shape;
  const [gamma, beta, movingMean, movingVariance] = norm.weights.map(({ name }) => name);
  const kernel = conv.weights[0].name;
  const block = {
    height,
    width,
    inputs: conv.inputShape[2],
    outputs,
    pooledHeight,
    pooledWidth,
    epsilon,
    momentum,
    weights: { kernel, gamma, beta, movingMean, movingVariance },
  };
  const { frozen = false } = conv.node;
  if (frozen !== (norm.node.frozen ?? false)) {
    const [one, other] = frozen ? [conv, norm] : [norm, conv];
    throw new Mismatch(
      `a block is frozen as a whole: ${one.node.name} is, ${other.node.name} is not`,
    );
  }
  return { block, frozen };
}

function readGlobalPooling(reader: NodeReader): GlobalPooling {
  const isKnown = ({ axes }: MeanNode) => axes.length === 2 || axes[0] === 0;
  const { node: { name, axes } } = reader.take("mean", "over both axes or over mel bands", isKnown);
  if (axes.length === 2) return "mean";
  const mean = reader.take("mean"), max = reader.take("max", `of ${name}`, undefined, [name]);
  const both = [mean.node.name, max.node.name];
  reader.take("add", `of ${both.join(" and ")}`, undefined, both);
  return "mean-max";
}

function denseLayer(
  { node, inputShape: [inputs], shape: [units], weights }: ResolvedNode,
): DenseLayer {
  if (node.frozen) throw new Mismatch(`dense layers must be trained: ${node.name} is frozen`);
  const [kernel, bias] = weights.map(({ name }) => name);
  return { inputs, units, kernel, bias };
}

function readChain(network: Network): BlockChain {
  const nodes = resolveNetwork(network), reader = new NodeReader(nodes);
  const { scale, offset } = reader.take("rescale").node;
  const read = [readBlock(reader)];
  while (reader.nextOp === "conv") read.push(readBlock(reader));
  const blocks = read.map(({ block }) => block);
  const frozenBlocks = read.filter(({ frozen }) => frozen).length;
  const trained = read.findIndex(({ frozen }) => !frozen);
  if (trained >= 0 && trained < frozenBlocks) {
    const kernel = blocks[trained].weights.kernel;
    throw new Mismatch(`blocks are frozen from the first on: that of ${kernel} is not`);
  }
  const globalPooling = readGlobalPooling(reader);
  const hidden = reader.take("dense", "with relu", ({ activation }) => activation === "relu");
  const { rate } = reader.take("dropout").node;
  const logits = reader.take(
    "dense",
    "with softmax or sigmoid",
    ({ activation }) => activation === "softmax" || activation === "sigmoid",
  );
  if (reader.nextOp) {
    throw new Mismatch(`nothing may come behind ${logits.node.name}: ${reader.nextOp} does`);
  }
  return {
    melBands: network.melBands,
    numFrames: network.numFrames,
    inputScale: scale,
    inputOffset: offset,
    blocks,
    frozenBlocks,
    globalPooling,
    hidden: denseLayer(hidden),
    dropoutRate: rate,
    logits: denseLayer(logits),
    activation: outputOf(network).activation,
    weights: nodes.flatMap(({ weights }) => weights),
  };
}
