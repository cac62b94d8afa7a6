/**
 * The network's forward and backward pass as a sequence of kernels. Activations are tensors that are
 * freed as soon as no later kernel reads them; tfjs gives their buffers to the next that needs one.
 */
import { engine, type Tensor } from "../../deps/tfjs_core.ts";
import type { StepOptions } from "../engine.ts";
import type { BlockChain } from "../match_blocks.ts";
import { stepAdam } from "./kernels/adam.ts";
import type { Precision } from "../precision.ts";
import { gradientScale } from "./kernels/arithmetic.ts";
import { type BatchNormAttributes, batchNormStatistics } from "./kernels/batch_norm.ts";
import {
  type ClassifierAttributes,
  classifierGradient,
  classify,
  spreadGradient,
  trainClassifier,
} from "./kernels/classifier.ts";
import { conv2d } from "./kernels/conv2d.ts";
import { conv2dFilterGradient } from "./kernels/conv2d_filter_gradient.ts";
import { firstBlock } from "./kernels/first_block.ts";
import { firstBlockGradient } from "./kernels/first_block_gradient.ts";
import type { FirstBlockAttributes } from "./kernels/first_block_shader.ts";
import { firstBlockStatistics } from "./kernels/first_block_statistics.ts";
import { type ImageShape, pooledShape } from "./kernels/image_shape.ts";
import { normReluPool, normReluPoolGradient } from "./kernels/norm_relu_pool.ts";
import { rotateFilter } from "./kernels/rotate_filter.ts";
import { addStepMetrics } from "./kernels/step_metrics.ts";
import { sumPartials } from "./kernels/sum_partials.ts";
import type { ParameterLayout } from "./parameter_layout.ts";

/** What a model keeps on the GPU between steps. */
export interface NetworkState {
  /** `[3, size]`: parameters, Adam's first and second moments. */
  readonly parameters: Tensor;
  /** `[size]`: gradients, and the batch's statistics in the places of the running ones. */
  readonly updates: Tensor;
  /** `[size / 4]`: see `ParameterLayout.roles`. */
  readonly roles: Tensor;
  /** `[size / 4]`: see `ParameterLayout.learningRateFactors`. */
  readonly learningRateFactors: Tensor;
  /** Sums over the steps: see `addStepMetrics`. */
  readonly metrics: Tensor;
}

/** One block: the shape of its convolution's output, where its weights lie, its input channels. */
interface Block extends BatchNormAttributes {
  readonly filterOffset: number;
  readonly inputs: number;
}

/** What the kernels need to know of a batch. */
interface Plan {
  readonly first: FirstBlockAttributes;
  /** The blocks after the first. */
  readonly blocks: readonly Block[];
  readonly classifier: ClassifierAttributes;
}

/** Describes the kernels' work on `batch` examples; `pivot` is about the mean of the scaled inputs. */
function createPlan(
  chain: BlockChain,
  layout: ParameterLayout,
  batch: number,
  pivot: number,
): Plan {
  const offset = (name: string) => layout.slot(name).offset;
  const { inputScale, inputOffset, globalPooling, hidden, logits, activation } = chain;
  const blocks = chain.blocks.map(({ height, width, weights }): Block => {
    const [inputs, channels] = layout.slot(weights.kernel).paddedShape.slice(2);
    return {
      shape: { batch, height, width, channels },
      inputs,
      filterOffset: offset(weights.kernel),
      gammaOffset: offset(weights.gamma),
      betaOffset: offset(weights.beta),
      meanOffset: offset(weights.movingMean),
      varianceOffset: offset(weights.movingVariance),
    };
  });
  return {
    first: { ...blocks[0], inputScale, inputOffset, pivot },
    blocks: blocks.slice(1),
    classifier: {
      input: pooledShape(blocks[blocks.length - 1].shape),
      globalPooling,
      units: hidden.units,
      classes: logits.units,
      activation,
      offsets: {
        denseKernel: offset(hidden.kernel),
        denseBias: offset(hidden.bias),
        logitsKernel: offset(logits.kernel),
        logitsBias: offset(logits.bias),
      },
    },
  };
}

/** A convolution's input, of which its attributes know the output. */
const inputShape = (block: Block): ImageShape => ({ ...block.shape, channels: block.inputs });

function convolve(
  input: Tensor,
  parameters: Tensor,
  block: Block,
  precision: Precision,
): Tensor {
  return conv2d([input, parameters], {
    input: inputShape(block),
    outputs: block.shape.channels,
    filterOffset: block.filterOffset,
    precision,
  });
}

/** The backward pass of `convolve`: the filter's gradient into the updates, the input's returned. */
function convolveGradient(
  input: Tensor,
  gradient: Tensor,
  parameters: Tensor,
  block: Block,
  updates: Tensor,
  precision: Precision,
): Tensor {
  const { inputs, filterOffset } = block, outputs = block.shape.channels;
  const partials = conv2dFilterGradient([input, gradient], {
    input: inputShape(block),
    outputs,
    precision,
  });
  sumPartials([partials], {
    rows: partials.shape[0],
    columns: 9 * inputs * outputs,
    offset: filterOffset,
  }, updates);
  partials.dispose();
  const rotated = rotateFilter([parameters], { inputs, outputs, filterOffset });
  const byInput = conv2d([gradient, rotated], {
    input: block.shape,
    outputs: inputs,
    filterOffset: 0,
    precision,
    scale: gradientScale(block.shape),
  });
  rotated.dispose();
  return byInput;
}

/**
 * One training step, queued on the GPU.
 *
 * @param input Features in dB, `[batch, melBands, numFrames]`.
 * @param targets `[batch, numClasses]`.
 * @param pivot About the mean of the scaled features; see `FirstBlockAttributes`.
 * @param step The step's number, from 1.
 * @param precision Of the products; sums and all that is stored are float32.
 */
export function trainStep(
  chain: BlockChain,
  layout: ParameterLayout,
  state: NetworkState,
  input: Tensor,
  targets: Tensor,
  pivot: number,
  step: number,
  options: StepOptions,
  precision: Precision = "float32",
): void {
  engine().tidy(() => {
    const { parameters, updates, roles, learningRateFactors, metrics } = state;
    const { first, blocks, classifier } = createPlan(chain, layout, input.shape[0], pivot);
    const { frozenBlocks } = chain;
    /** Where block i finds its mean and variance: a frozen one among the parameters, as in prediction. */
    const statistics = (i: number) => i < frozenBlocks ? parameters : updates;

    const moments = frozenBlocks === 0
      ? firstBlockStatistics(input, parameters, first, updates)
      : undefined;
    const outputs = [firstBlock([input, parameters, statistics(0)], first)];
    const convolved = blocks.map((block, i) => {
      const values = convolve(outputs[i], parameters, block, precision);
      if (i + 1 >= frozenBlocks) batchNormStatistics(values, block, updates);
      outputs.push(normReluPool([values, parameters, statistics(i + 1)], block));
      return values;
    });

    const { dropoutRate } = chain, { dropoutSeed } = options;
    const rows = trainClassifier([outputs[blocks.length], parameters, targets], {
      ...classifier,
      dropoutRate,
      dropoutSeed,
    });
    classifierGradient([rows], classifier, updates);
    let gradient = spreadGradient([rows], classifier);

    for (let i = blocks.length - 1; i + 1 >= frozenBlocks && i >= 0; i--) {
      const byOutput = gradient, values = convolved[i];
      const byValues = normReluPoolGradient(values, parameters, byOutput, blocks[i], updates);
      for (const done of [byOutput, values, outputs[i + 1]]) done.dispose();
      gradient = convolveGradient(outputs[i], byValues, parameters, blocks[i], updates, precision);
      byValues.dispose();
    }
    if (moments) firstBlockGradient(input, parameters, moments, gradient, first, updates);

    const { learningRate, weightDecay, clipNorm } = options;
    const { size } = layout;
    const squares = stepAdam(parameters, updates, roles, learningRateFactors, {
      size,
      step,
      learningRate,
      weightDecay,
      clipNorm,
    });
    addStepMetrics([rows, squares], classifier, metrics);
  });
}

/** What the classifier writes for each example by the running statistics: see `rowLayout`. */
export function predictRows(
  chain: BlockChain,
  layout: ParameterLayout,
  { parameters }: NetworkState,
  input: Tensor,
): { rows: Tensor; classifier: ClassifierAttributes } {
  const { first, blocks, classifier } = createPlan(chain, layout, input.shape[0], 0);
  const rows = engine().tidy(() => {
    let output = firstBlock([input, parameters, parameters], first);
    for (const block of blocks) {
      const values = convolve(output, parameters, block, "float32");
      output.dispose();
      output = normReluPool([values, parameters, parameters], block);
      values.dispose();
    }
    return classify([output, parameters], classifier);
  });
  return { rows, classifier };
}
