/**
 * The training step on tfjs's own WebGPU kernels and gradient tape, with the same arithmetic as our engine:
 * what the replaced kernels are measured against.
 */
import * as tf from "../../deps/tfjs_core.ts";
// tfjs-layers registers the gradients of the operations.
import "@tensorflow/tfjs-layers";
import { adam } from "../../model/engine.ts";
import { chainOf } from "../../model/match_blocks.ts";
import type { Network } from "../../model/network.ts";
import { openDevice } from "../../model/webgpu/device.ts";
import { supportsOnWebGpu } from "../../model/webgpu/supports_on_webgpu.ts";
import { createInitialWeights } from "../../model/weights.ts";

/** Trains by tfjs alone. */
export interface StockTrainer {
  /** One step of Adam on a softmax network; resolves with the loss, when it is done. */
  step(inputs: Float32Array, targets: Float32Array, learningRate: number): Promise<number>;
  /** Frees the GPU. */
  dispose(): Promise<void>;
}

/** Starts from `createInitialWeights(network, 0)`. */
export async function createStockTrainer(network: Network): Promise<StockTrainer> {
  const chain = chainOf(supportsOnWebGpu(network), "WebGPU"), { hidden, logits } = chain;
  const device = await openDevice({ allowSoftware: true });
  const weights: Record<string, tf.Variable> = {};
  const moments: Record<string, [tf.Variable, tf.Variable]> = {};
  for (const { name, shape, values } of createInitialWeights(network, 0)) {
    if (name.includes("moving")) continue; // Running statistics cost nothing beside the rest.
    weights[name] = tf.variable(tf.tensor(values, [...shape]));
    moments[name] = [tf.variable(tf.zeros([...shape])), tf.variable(tf.zeros([...shape]))];
  }
  const poolGlobally = (x: tf.Tensor4D): tf.Tensor => {
    if (chain.globalPooling === "mean") return tf.mean(x, [1, 2]);
    const frames = tf.mean(x, 1);
    return tf.add(tf.mean(frames, 1), tf.max(frames, 1));
  };
  const dense = (x: tf.Tensor2D, { kernel, bias }: typeof hidden): tf.Tensor2D =>
    tf.add(tf.matMul(x, weights[kernel] as tf.Tensor2D), weights[bias]);

  function lossOf(inputs: tf.Tensor4D, targets: tf.Tensor2D): tf.Scalar {
    let x: tf.Tensor4D = tf.add(tf.mul(inputs, chain.inputScale), chain.inputOffset);
    for (const { weights: names, epsilon } of chain.blocks) {
      x = tf.conv2d(x, weights[names.kernel] as tf.Tensor4D, 1, "same");
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const normed = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
      const { [names.gamma]: gamma, [names.beta]: beta } = weights;
      x = tf.maxPool(tf.relu(tf.add(tf.mul(normed, gamma), beta)) as tf.Tensor4D, 2, 2, "valid");
    }
    const features = tf.relu(dense(poolGlobally(x) as tf.Tensor2D, hidden));
    const losses = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(dense(features, logits))), 1));
    return tf.mean(losses) as tf.Scalar;
  }

  let steps = 0;
  return {
    async step(inputs, targets, learningRate) {
      const batch = targets.length / logits.units;
      steps++;
      const loss = tf.tidy(() => {
        const x = tf.tensor4d(inputs.slice(), [batch, chain.melBands, chain.numFrames, 1]);
        const t = tf.tensor2d(targets.slice(), [batch, logits.units]);
        const { value, grads } = tf.variableGrads(() => lossOf(x, t), Object.values(weights));
        const bias1 = 1 - adam.beta1 ** steps, bias2 = 1 - adam.beta2 ** steps;
        for (const [name, weight] of Object.entries(weights)) {
          const gradient = grads[weight.name], [first, second] = moments[name];
          first.assign(tf.add(tf.mul(first, adam.beta1), tf.mul(gradient, 1 - adam.beta1)));
          second.assign(
            tf.add(tf.mul(second, adam.beta2), tf.mul(tf.square(gradient), 1 - adam.beta2)),
          );
          const scale = tf.add(tf.sqrt(tf.div(second, bias2)), adam.epsilon);
          weight.assign(tf.sub(weight, tf.mul(tf.div(first, scale), learningRate / bias1)));
        }
        return value;
      });
      // Waits for all of the step: the last weight is written after the loss.
      await weights[logits.bias].data();
      const [mean] = await loss.data();
      loss.dispose();
      device.health.throwIfFailed();
      return mean;
    },
    async dispose() {
      tf.dispose([weights, moments]);
      await device.close();
    },
  };
}
