import * as tf from "@tensorflow/tfjs-core";
// tfjs-layers registers the gradients of the operations.
import "@tensorflow/tfjs-layers";
import { createDropoutMask } from "../../../model/dropout.ts";
import { adam, batchSizeOf, type Engine, type StepMetrics } from "../../../model/engine.ts";
import { batchNormEpsilon, batchNormMomentum, type ModelSpec } from "../../../model/model_spec.ts";
import {
  createInitialWeights,
  findWeight,
  sizeOf,
  type Weight,
  type WeightShape,
  weightShapes,
} from "../../../model/weights.ts";
import { openDevice } from "../../../model/webgpu/device.ts";

/** What a WebGPU engine starts with. */
export interface WebGpuEngineOptions {
  /** The weights to start from. @default the initial weights of seed 0 */
  readonly weights?: readonly Weight[];
  /** Whether an adapter that computes on the CPU will do. @default {false} */
  readonly allowSoftware?: boolean;
}

type Tensors = Record<string, tf.Tensor>;

/** The network on tfjs's operations; with `batchStatistics`, batch normalisation reports what it saw. */
function logitsOf(
  spec: ModelSpec,
  weights: Tensors,
  inputs: tf.Tensor4D,
  training?: { mask: tf.Tensor; batchStatistics: Tensors },
): tf.Tensor2D {
  let x: tf.Tensor4D = tf.add(tf.mul(inputs, spec.inputScale), spec.inputOffset);
  spec.channels.forEach((_, i) => {
    const norm = `batch_norm_${i + 1}`;
    x = tf.conv2d(x, weights[`conv_${i + 1}/kernel`] as tf.Tensor4D, 1, "same");
    let mean = weights[`${norm}/moving_mean`], variance = weights[`${norm}/moving_variance`];
    if (training) {
      ({ mean, variance } = tf.moments(x, [0, 1, 2]));
      training.batchStatistics[`${norm}/moving_mean`] = tf.keep(mean.clone());
      training.batchStatistics[`${norm}/moving_variance`] = tf.keep(variance.clone());
    }
    const inverse = tf.rsqrt(tf.add(variance, batchNormEpsilon));
    const normed = tf.mul(tf.sub(x, mean), inverse);
    x = tf.relu(
      tf.add(tf.mul(normed, weights[`${norm}/gamma`]), weights[`${norm}/beta`]),
    ) as tf.Tensor4D;
    x = tf.maxPool(x, 2, 2, "valid");
  });
  const pooled = tf.mean(x, [1, 2]) as tf.Tensor2D;
  let hidden = tf.relu(
    tf.add(tf.matMul(pooled, weights["dense/kernel"] as tf.Tensor2D), weights["dense/bias"]),
  );
  if (training) hidden = tf.mul(hidden, training.mask);
  return tf.add(
    tf.matMul(hidden, weights["logits/kernel"] as tf.Tensor2D),
    weights["logits/bias"],
  );
}

/** Each example's loss, `[batch]`. */
function lossesOf(spec: ModelSpec, logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  if (spec.activation === "softmax") {
    return tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1));
  }
  // log(1 + e^x) − t·x, written so that no exponential overflows
  const softplus = tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
  return tf.mean(tf.sub(softplus, tf.mul(targets, logits)), 1);
}

/** Each example's share of right answers, `[batch]`. */
function correctOf(spec: ModelSpec, logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  if (spec.activation === "softmax") {
    return tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(targets, 1)), "float32");
  }
  const right = tf.equal(tf.greater(logits, 0), tf.greater(targets, 0.5));
  return tf.mean(tf.cast(right, "float32"), 1);
}

/**
 * The network on tfjs's own operations and its gradient tape, on tfjs's current backend.
 *
 * @param dispose Called last, to free what the caller opened.
 */
export function createTfjsEngine(
  spec: ModelSpec,
  device: string,
  weights: readonly Weight[],
  hooks: { throwIfFailed(): void; close(): Promise<void> },
): Engine {
  const shapes = weightShapes(spec);
  const trained = shapes.filter(({ role }) => role === "trained");
  const create = (shapes: readonly WeightShape[], values?: readonly Weight[]) => {
    const variables: Record<string, tf.Variable> = {};
    for (const shape of shapes) {
      const initial = values
        ? findWeight(values, shape).values
        : new Float32Array(sizeOf(shape.shape));
      variables[shape.name] = tf.variable(tf.tensor(initial.slice(), [...shape.shape]));
    }
    return variables;
  };
  const assign = (
    variables: Record<string, tf.Variable>,
    shapes: readonly WeightShape[],
    values: readonly Weight[],
  ) => {
    for (const shape of shapes) {
      const { values: next } = findWeight(values, shape);
      tf.tidy(() => variables[shape.name].assign(tf.tensor(next.slice(), [...shape.shape])));
    }
  };
  const read = async (variables: Record<string, tf.Variable>, shapes: readonly WeightShape[]) => {
    const result: Weight[] = [];
    for (const { name, shape } of shapes) {
      const values = (await variables[name].data()).slice() as Float32Array;
      result.push({ name, shape, values });
    }
    hooks.throwIfFailed();
    return result;
  };
  const variables = create(shapes, weights);
  const first = create(trained), second = create(trained);
  const sums = tf.variable(tf.zeros([3])); // loss, correct, largest norm
  let steps = 0, stepsSince = 0, examplesSince = 0;

  return {
    name: "webgpu",
    device,
    spec,
    async step(inputs, targets, options) {
      const batch = batchSizeOf(spec, inputs, targets);
      const batchStatistics: Tensors = {};
      steps++;
      stepsSince++;
      examplesSince += batch;
      tf.tidy(() => {
        const x = tf.tensor4d(inputs.slice(), [batch, spec.melBands, spec.numFrames, 1]);
        const t = tf.tensor2d(targets.slice(), [batch, spec.numClasses]);
        const mask = tf.tensor(
          createDropoutMask(options.dropoutSeed, batch, spec.denseUnits, spec.dropoutRate),
          [batch, spec.denseUnits],
        );
        let logits!: tf.Tensor2D;
        const { value, grads } = tf.variableGrads(() => {
          logits = tf.keep(logitsOf(spec, variables, x, { mask, batchStatistics }));
          return tf.mean(lossesOf(spec, logits, t)) as tf.Scalar;
        }, trained.map(({ name }) => variables[name]));
        const gradientOf = (name: string) => grads[variables[name].name];
        const squares = trained.map(({ name }) => tf.sum(tf.square(gradientOf(name))));
        const norm = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
        const scale = options.clipNorm > 0
          ? tf.minimum(1, tf.div(options.clipNorm, tf.add(norm, 1e-6)))
          : tf.scalar(1);
        const [loss, correct, largest] = tf.unstack(sums);
        sums.assign(tf.stack([
          tf.add(loss, tf.mul(value, batch)),
          tf.add(correct, tf.sum(correctOf(spec, logits, t))),
          tf.maximum(largest, norm),
        ]) as tf.Tensor1D);
        const bias1 = 1 - adam.beta1 ** steps, bias2 = 1 - adam.beta2 ** steps;
        for (const { name } of trained) {
          const gradient = tf.mul(gradientOf(name), scale);
          const m = tf.add(tf.mul(first[name], adam.beta1), tf.mul(gradient, 1 - adam.beta1));
          const v = tf.add(
            tf.mul(second[name], adam.beta2),
            tf.mul(tf.square(gradient), 1 - adam.beta2),
          );
          const decay = name.endsWith("/kernel") ? options.learningRate * options.weightDecay : 0;
          const change = tf.div(m, tf.add(tf.sqrt(tf.div(v, bias2)), adam.epsilon));
          variables[name].assign(tf.sub(
            tf.mul(variables[name], 1 - decay),
            tf.mul(change, options.learningRate / bias1),
          ));
          first[name].assign(m);
          second[name].assign(v);
        }
        for (const [name, statistic] of Object.entries(batchStatistics)) {
          variables[name].assign(tf.add(
            tf.mul(variables[name], batchNormMomentum),
            tf.mul(statistic, 1 - batchNormMomentum),
          ));
        }
        tf.dispose([logits, batchStatistics]);
      });
      await sums.data();
      hooks.throwIfFailed();
    },
    async takeMetrics(): Promise<StepMetrics> {
      const [lossSum, correct, maxGradientNorm] = await sums.data();
      hooks.throwIfFailed();
      const metrics = {
        steps: stepsSince,
        examples: examplesSince,
        lossSum,
        correct,
        maxGradientNorm,
      };
      stepsSince = examplesSince = 0;
      tf.tidy(() => sums.assign(tf.zeros([3])));
      return metrics;
    },
    async predict(inputs) {
      const batch = batchSizeOf(spec, inputs);
      const probabilities = tf.tidy(() => {
        const x = tf.tensor4d(inputs.slice(), [batch, spec.melBands, spec.numFrames, 1]);
        const logits = logitsOf(spec, variables, x);
        return spec.activation === "softmax" ? tf.softmax(logits) : tf.sigmoid(logits);
      });
      const values = (await probabilities.data()).slice() as Float32Array;
      probabilities.dispose();
      hooks.throwIfFailed();
      return values;
    },
    exportWeights: () => read(variables, shapes),
    importWeights(weights) {
      assign(variables, shapes, weights);
      return Promise.resolve();
    },
    async exportOptimizer() {
      return {
        steps,
        firstMoments: await read(first, trained),
        secondMoments: await read(second, trained),
      };
    },
    importOptimizer(state) {
      assign(first, trained, state.firstMoments);
      assign(second, trained, state.secondMoments);
      steps = state.steps;
      return Promise.resolve();
    },
    async dispose() {
      tf.dispose([variables, first, second, sums]);
      await hooks.close();
    },
  };
}

/**
 * The engine that trains on the GPU.
 *
 * @throws {Error} where no GPU can be had.
 */
export async function createWebGpuEngine(
  spec: ModelSpec,
  { weights = createInitialWeights(spec, 0), allowSoftware }: WebGpuEngineOptions = {},
): Promise<Engine> {
  const device = await openDevice({ allowSoftware });
  return createTfjsEngine(spec, device.description, weights, {
    throwIfFailed: device.health.throwIfFailed,
    close: device.close,
  });
}
