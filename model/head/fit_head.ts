/**
 * Fits a head to embeddings: the minimum of the rows' cross-entropy and an L2 penalty, by all rows at once. Without a
 * hidden layer that is logistic regression, multinomial with softmax and one a class with sigmoid, as scikit-learn's
 * `LogisticRegression` has it behind its `StandardScaler`.
 */
import { type Network, outputOf } from "../network.ts";
import { createInitialWeights, type Weight } from "../weights.ts";
import { addGradientOfRows, passBackRows, productOfRows, rectify } from "./dense_rows.ts";
import { activate } from "./head_engine.ts";
import { layerSizes } from "./head_network.ts";
import { minimise } from "./lbfgs.ts";

/** Embeddings to fit a head to, in parts: they need not be in memory together. */
export interface HeadRows {
  /** Numbers of an embedding. */
  readonly size: number;
  /** Classes of each row, by their indices; one each for softmax. */
  readonly classes: readonly (readonly number[])[];
  /** What each row counts. */
  readonly weights: Float64Array;
  /** The rows in their order, a few at a time, `[rows, size]` each; a part may be used again for the next one. */
  parts(): Iterable<Float32Array>;
}

/** How a head is fitted. */
export interface FitHeadOptions {
  /** By `createHeadNetwork`. */
  readonly network: Network;
  /** Factor of the penalty: half the sum of the kernels' squares, on standardised embeddings. scikit-learn's 1 / C. */
  readonly l2: number;
  /** Key of the hidden layer's first weights. */
  readonly seed: number;
  /** What to begin with: an earlier head of the same network. */
  readonly from?: FittedHead;
  /** Called after every step; what it throws ends the fit. */
  readonly onStep?: (step: number) => void | Promise<void>;
}

/** A head that is fitted. */
export interface FittedHead {
  /** Its weights, for embeddings as they are. */
  readonly weights: readonly Weight[];
  /** The same, for standardised embeddings. */
  readonly parameters: Float64Array;
  /** Mean cross-entropy of the rows; with sigmoid the mean over the classes, too. */
  readonly loss: number;
  /** Share of rows whose most probable class is theirs; with sigmoid, of pairs of row and class on the right side. */
  readonly accuracy: number;
  /** Steps until it converged. */
  readonly steps: number;
  /** False where the steps ran out. */
  readonly converged: boolean;
}

/** Largest component of the gradient of the mean loss at which a fit has converged. */
const tolerance = 1e-6;
const maxSteps = 2000;
/**
 * With a hidden layer, the share of the loss that ten steps must gain: ReLU's kinks keep the gradient from vanishing,
 * and what more steps gain decides no label.
 */
const leastGain = 1e-3;
/** Rows that are computed together: a multiple of four. */
const blockRows = 16;

/** Fits a head. @throws what `onStep` throws. */
export async function fitHead(rows: HeadRows, options: FitHeadOptions): Promise<FittedHead> {
  const { network, l2, seed, from, onStep } = options;
  const { activation } = outputOf(network), sizes = layerSizes(network), { size } = rows;
  const { means, scales } = standardise(rows);
  const layers = placeLayers(sizes), numParameters = layers.at(-1)!.end;
  const total = rows.weights.reduce((sum, weight) => sum + weight, 0);
  const numClasses = sizes.at(-1)!;
  let lossSum = 0, correct = 0;
  const values = sizes.map((length) => new Float64Array(blockRows * length));
  const errors = sizes.map((length) => new Float64Array(blockRows * length));

  /** What the rows of a block, standardised in `values[0]`, add to loss and gradient. */
  const addBlock = (
    first: number,
    count: number,
    parameters: Float64Array,
    gradient: Float64Array,
  ) => {
    layers.forEach(({ kernel, bias }, i) => {
      const [weights, biases] = [at(parameters, kernel), at(parameters, bias)];
      productOfRows(values[i], weights, biases, values[i + 1], blockRows);
      if (i + 1 < layers.length) rectify(values[i + 1]);
    });
    const error = errors.at(-1)!.fill(0);
    for (let i = 0; i < count; i++) {
      const from = i * numClasses, logits = values.at(-1)!.subarray(from, from + numClasses);
      const classes = rows.classes[first + i], weight = rows.weights[first + i];
      const top = logits.indexOf(Math.max(...logits));
      lossSum += weight * lossOf(logits, classes, activation);
      activate(logits, activation);
      correct += weight *
        (activation === "softmax"
          ? Number(classes[0] === top)
          : logits.reduce((n, p, k) => n + Number(p > 0.5 === classes.includes(k)), 0) /
            numClasses);
      for (let k = 0; k < numClasses; k++) error[from + k] = weight * logits[k];
      for (const k of classes) error[from + k] -= weight;
    }
    for (let i = layers.length - 1; i >= 0; i--) {
      const { kernel, bias } = layers[i], after = errors[i + 1];
      addGradientOfRows(values[i], after, at(gradient, kernel), at(gradient, bias), blockRows);
      if (i > 0) passBackRows(at(parameters, kernel), after, values[i], errors[i], blockRows);
    }
  };

  const objective = (parameters: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    lossSum = correct = 0;
    let row = 0;
    for (const part of rows.parts()) {
      for (let start = 0; start < part.length; start += size, row++) {
        const place = row % blockRows;
        if (place === 0 && row > 0) addBlock(row - blockRows, blockRows, parameters, gradient);
        const input = values[0].subarray(place * size, (place + 1) * size);
        for (let j = 0; j < size; j++) input[j] = (part[start + j] - means[j]) * scales[j];
      }
    }
    const count = 1 + (row - 1) % blockRows;
    addBlock(row - count, count, parameters, gradient);
    let penalty = 0;
    for (const { kernel: [begin, end] } of layers) {
      for (let i = begin; i < end; i++) {
        penalty += l2 / 2 * parameters[i] ** 2;
        gradient[i] += l2 * parameters[i];
      }
    }
    for (let i = 0; i < numParameters; i++) gradient[i] /= total;
    return (lossSum + penalty) / total;
  };

  const parameters = from?.parameters.slice() ?? initialParameters(network, seed);
  const result = await minimise(objective, parameters, {
    ...{ tolerance, maxSteps, onStep },
    leastGain: layers.length > 1 ? leastGain : 0,
  });
  objective(parameters, new Float64Array(numParameters)); // its sums are those of the last try
  return {
    weights: toWeights(parameters, layers, means, scales, network),
    ...{ parameters, steps: result.steps, converged: result.converged },
    loss: lossSum / total / (activation === "softmax" ? 1 : numClasses),
    accuracy: correct / total,
  };
}

/** Where a layer's parameters lie. */
interface Layer {
  readonly kernel: readonly [begin: number, end: number];
  readonly bias: readonly [begin: number, end: number];
  readonly end: number;
}

function placeLayers(sizes: readonly number[]): Layer[] {
  let begin = 0;
  return sizes.slice(1).map((units, i) => {
    const middle = begin + sizes[i] * units, end = middle + units;
    const layer: Layer = { kernel: [begin, middle], bias: [middle, end], end };
    begin = end;
    return layer;
  });
}

const at = (values: Float64Array, [begin, end]: readonly [number, number]) =>
  values.subarray(begin, end);

/** Means, and the reciprocals of the deviations; of a number that is always the same, 0. */
function standardise(rows: HeadRows) {
  const { size, classes: { length } } = rows;
  const means = new Float64Array(size), scales = new Float64Array(size);
  for (const part of rows.parts()) {
    for (let i = 0; i < part.length; i++) means[i % size] += part[i] / length;
  }
  for (const part of rows.parts()) {
    for (let i = 0; i < part.length; i++) {
      scales[i % size] += (part[i] - means[i % size]) ** 2 / length;
    }
  }
  for (let j = 0; j < size; j++) {
    const deviation = Math.sqrt(scales[j]);
    scales[j] = deviation > 1e-7 * Math.abs(means[j]) && deviation > 1e-12 ? 1 / deviation : 0;
  }
  return { means, scales };
}

/** Zeros for logistic regression, which has one minimum; else as every network begins. */
function initialParameters(network: Network, seed: number): Float64Array {
  const weights = createInitialWeights(network, seed);
  const all = Float64Array.from(weights.flatMap(({ values }) => [...values]));
  return weights.length === 2 ? all.fill(0) : all;
}

/** Minus the logarithm of the probability of the classes. */
function lossOf(
  logits: Float64Array,
  classes: readonly number[],
  activation: "softmax" | "sigmoid",
): number {
  if (activation === "softmax") {
    const highest = Math.max(...logits);
    let sum = 0;
    for (const logit of logits) sum += Math.exp(logit - highest);
    return highest + Math.log(sum) - logits[classes[0]];
  }
  let loss = 0;
  for (const logit of logits) loss += Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit)));
  for (const k of classes) loss -= logits[k];
  return loss;
}

/** The weights for embeddings as they are: the first layer's with means and deviations worked in. */
function toWeights(
  parameters: Float64Array,
  layers: readonly Layer[],
  means: Float64Array,
  scales: Float64Array,
  network: Network,
): Weight[] {
  const own = parameters.slice(),
    kernel = at(own, layers[0].kernel),
    bias = at(own, layers[0].bias);
  for (let j = 0; j < means.length; j++) {
    for (let k = 0; k < bias.length; k++) {
      const weight = kernel[j * bias.length + k] *= scales[j];
      bias[k] -= means[j] * weight;
    }
  }
  const parts = layers.flatMap(({ kernel, bias }) => [at(own, kernel), at(own, bias)]);
  return createInitialWeights(network, 0).map(({ name, shape }, i) => ({
    ...{ name, shape, values: Float32Array.from(parts[i]) },
  }));
}
