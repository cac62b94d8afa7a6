/**
 * The engine on tfjs's WebGPU backend. tfjs owns buffers, pipelines and the command queue; the arithmetic
 * is kernels of our own (`kernels/`), registered with tfjs, in the order that `train_step.ts` gives. All
 * weights lie in one buffer (`parameter_layout.ts`), nothing is read back but what is asked for, and the
 * device (`device.ts`) turns what WebGPU would pass over in silence into errors.
 *
 * This folder is loaded by `await import()` alone, so that a run on the CPU never loads tfjs.
 */
import { type Tensor, tensor } from "../../deps/tfjs_core.ts";
import { batchSizeOf, type Engine, type OptimizerState, type StepMetrics } from "../engine.ts";
import { type BlockChain, chainOf } from "../match_blocks.ts";
import type { Network } from "../network.ts";
import { createInitialWeights, type Weight } from "../weights.ts";
import { float16, openDevice, type WebGpuDevice } from "./device.ts";
import { GpuInput } from "./gpu_input.ts";
import type { Precision } from "../precision.ts";
import { rowLayout } from "./kernels/classifier.ts";
import { metricsSize } from "./kernels/step_metrics.ts";
import { createParameterLayout, padTo4, type ParameterLayout } from "./parameter_layout.ts";
import { supportsOnWebGpu } from "./supports_on_webgpu.ts";
import { type NetworkState, predictRows, trainStep } from "./train_step.ts";

/** What a WebGPU engine starts with. */
export interface WebGpuEngineOptions {
  /** The weights to start from. @default the initial weights of seed 0 */
  readonly weights?: readonly Weight[];
  /** Whether an adapter that computes on the CPU will do. @default {false} */
  readonly allowSoftware?: boolean;
  /** How training steps compute their products; prediction is always float32. @default {"float32"} */
  readonly precision?: Precision;
}

/**
 * Steps that may wait on the GPU. Runtimes look every 10 ms or so whether work is done, so that a
 * queue of one or two would leave a fast GPU idle.
 */
const maxStepsInFlight = 8;

/** Examples predicted at once: bounds the memory that a large request takes. */
const maxPredictBatch = 32;

/** Number of inputs that are looked at for their mean. */
const pivotSamples = 1024;

/** Bytes that the largest tensor of a step takes for each example. */
function largestTensorBytes({ blocks, melBands, numFrames }: BlockChain): number {
  // The first block stores its pooled map alone, each later one its convolution's output.
  const values = blocks.map((block, i) =>
    padTo4(block.outputs) *
    (i === 0 ? block.pooledHeight * block.pooledWidth : block.height * block.width)
  );
  return 4 * Math.max(melBands * numFrames, ...values);
}

class WebGpuEngine implements Engine {
  readonly name = "webgpu";
  readonly device: string;
  readonly #layout: ParameterLayout;
  readonly #state: NetworkState;
  readonly #inputs: GpuInput;
  readonly #targets: GpuInput;
  readonly #mostExamples: number;
  #inFlight: Promise<unknown>[] = [];
  #steps = 0;
  #stepsSince = 0;
  #examplesSince = 0;
  #isDisposed = false;

  constructor(
    readonly network: Network,
    private readonly chain: BlockChain,
    private readonly gpu: WebGpuDevice,
    weights: readonly Weight[],
    private readonly precision: Precision,
  ) {
    if (precision === "float16" && !gpu.device.features.has(float16)) {
      throw new Error(
        `Cannot train in float16 as the GPU must have ${float16}: ${gpu.description} has not`,
      );
    }
    this.device = precision === "float16" ? `${gpu.description}, float16` : gpu.description;
    const layout = this.#layout = createParameterLayout(chain);
    const { maxStorageBufferBindingSize } = gpu.device.limits;
    if (12 * layout.size > maxStorageBufferBindingSize) {
      throw new RangeError(
        `Cannot run this network as its weights and their moments must take at most ` +
          `${maxStorageBufferBindingSize} bytes, a buffer of ${gpu.description}: they take ` +
          `${12 * layout.size}`,
      );
    }
    const state = new Float32Array(3 * layout.size);
    state.set(layout.pack(weights));
    this.#state = {
      parameters: tensor(state, [3, layout.size]),
      updates: tensor(new Float32Array(layout.size)),
      roles: tensor(layout.roles()),
      learningRateFactors: tensor(layout.learningRateFactors()),
      metrics: tensor(new Float32Array(metricsSize)),
    };
    this.#inputs = new GpuInput(gpu.device);
    this.#targets = new GpuInput(gpu.device);
    this.#mostExamples = Math.floor(maxStorageBufferBindingSize / largestTensorBytes(chain));
  }

  async step(
    inputs: Float32Array,
    targets: Float32Array,
    options: Parameters<Engine["step"]>[2],
  ): Promise<void> {
    this.#assertUsable();
    const batch = batchSizeOf(this.network, inputs, targets);
    this.#assertFits(batch);
    while (this.#inFlight.length >= maxStepsInFlight) await this.#inFlight.shift();
    this.#assertUsable();

    const x = this.#upload(inputs, batch);
    const t = this.#targets.upload(targets, [batch, this.chain.logits.units]);
    const pivot = this.#pivotOf(inputs);
    const step = ++this.#steps;
    trainStep(this.chain, this.#layout, this.#state, x, t, pivot, step, options, this.precision);
    x.dispose();
    t.dispose();
    this.#submit();
    this.#stepsSince++;
    this.#examplesSince += batch;
    this.#inFlight.push(this.gpu.device.queue.onSubmittedWorkDone());
    await this.gpu.health.settle();
    this.gpu.health.throwIfFailed();
  }

  async takeMetrics(): Promise<StepMetrics> {
    this.#assertUsable();
    const counts = { steps: this.#stepsSince, examples: this.#examplesSince };
    this.#stepsSince = this.#examplesSince = 0;
    const reading = this.#read(this.#state.metrics);
    // Written after the copy that is being read, before any later step.
    this.#write(this.#state.metrics, new Float32Array(metricsSize));
    const stepsBefore = this.#inFlight.splice(0);
    const [lossSum, correct, maxGradientNorm] = await reading;
    await Promise.all(stepsBefore);
    return { ...counts, lossSum, correct, maxGradientNorm };
  }

  async predict(inputs: Float32Array): Promise<Float32Array> {
    this.#assertUsable();
    const batch = batchSizeOf(this.network, inputs);
    const numClasses = this.chain.logits.units, cells = inputs.length / batch;
    const most = Math.min(maxPredictBatch, this.#mostExamples);
    this.#assertFits(1);
    const probabilities = new Float32Array(batch * numClasses);
    for (let done = 0; done < batch;) {
      // Powers of two, so that few sizes of buffers are kept.
      const count = 2 ** Math.floor(Math.log2(Math.min(most, batch - done)));
      const x = this.#upload(inputs.subarray(done * cells, (done + count) * cells), count);
      const { rows, classifier } = predictRows(this.chain, this.#layout, this.#state, x);
      x.dispose();
      const values = await this.#read(rows);
      rows.dispose();
      const { size, probabilities: from } = rowLayout(classifier);
      for (let i = 0; i < count; i++) {
        const row = values.subarray(i * size + from, i * size + from + numClasses);
        probabilities.set(row, (done + i) * numClasses);
      }
      done += count;
    }
    return probabilities;
  }

  async exportWeights(): Promise<Weight[]> {
    this.#assertUsable();
    return this.#layout.unpack(await this.#read(this.#state.parameters));
  }

  importWeights(weights: readonly Weight[]): Promise<void> {
    return this.#attempt(() => this.#write(this.#state.parameters, this.#layout.pack(weights)));
  }

  async exportOptimizer(): Promise<OptimizerState> {
    this.#assertUsable();
    const steps = this.#steps, { size } = this.#layout;
    const state = await this.#read(this.#state.parameters);
    return {
      steps,
      firstMoments: this.#layout.unpack(state.subarray(size, 2 * size), "trained"),
      secondMoments: this.#layout.unpack(state.subarray(2 * size), "trained"),
    };
  }

  importOptimizer(state: OptimizerState): Promise<void> {
    return this.#attempt(() => {
      const { size } = this.#layout;
      const moments = new Float32Array(2 * size);
      moments.set(this.#layout.pack(state.firstMoments, "trained"));
      moments.set(this.#layout.pack(state.secondMoments, "trained"), size);
      this.#write(this.#state.parameters, moments, size);
      this.#steps = state.steps;
    });
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    await Promise.allSettled(this.#inFlight);
    for (const kept of Object.values(this.#state)) (kept as Tensor).dispose();
    this.#inputs.dispose();
    this.#targets.dispose();
    await this.gpu.close();
  }

  #assertUsable(): void {
    if (this.#isDisposed) throw new Error("Cannot use this engine as it has been disposed of");
    this.gpu.health.throwIfFailed();
  }

  /** Runs `action` after the usual checks; what it throws becomes a rejection. */
  // deno-lint-ignore require-await
  async #attempt(action: () => void): Promise<void> {
    this.#assertUsable();
    action();
  }

  /** @throws {RangeError} where the largest tensor of this many examples would not fit a buffer. */
  #assertFits(batch: number): void {
    if (batch > this.#mostExamples) {
      throw new RangeError(
        `Cannot run this batch as it must have at most ${this.#mostExamples} examples for the ` +
          `buffers of ${this.device}: current value is ${batch}`,
      );
    }
  }

  #upload(inputs: Float32Array, batch: number): Tensor {
    return this.#inputs.upload(inputs, [batch, this.network.melBands, this.network.numFrames]);
  }

  /** About the mean of the scaled inputs. */
  #pivotOf(inputs: Float32Array): number {
    const stride = Math.max(1, Math.floor(inputs.length / pivotSamples));
    let sum = 0, count = 0;
    for (let i = 0; i < inputs.length; i += stride, count++) sum += inputs[i];
    return sum / count * this.chain.inputScale + this.chain.inputOffset;
  }

  /** Sends off what has been recorded. */
  #submit(): void {
    const { backend } = this.gpu;
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.submitQueue();
  }

  #bufferOf(kept: Tensor): GPUBuffer {
    const { backend } = this.gpu;
    backend.uploadToGPU(kept.dataId);
    return backend.tensorMap.get(kept.dataId).resource as GPUBuffer;
  }

  /** A copy of a tensor's values as of now. tfjs's own `data()` would keep it and give it out again. */
  async #read(kept: Tensor): Promise<Float32Array> {
    try {
      return new Float32Array(await this.gpu.backend.getBufferData(this.#bufferOf(kept)));
    } finally {
      await this.gpu.health.settle();
      this.gpu.health.throwIfFailed(); // which says more than what follows from it
    }
  }

  /** Overwrites a tensor's values from index `offset` on. */
  #write(kept: Tensor, values: Float32Array<ArrayBuffer>, offset = 0): void {
    this.gpu.device.queue.writeBuffer(this.#bufferOf(kept), 4 * offset, values);
  }
}

/**
 * The engine that trains on the GPU.
 *
 * @throws {Error} where no GPU can be had, or none that has the precision.
 * @throws {TypeError} where a weight is missing or has another shape than the network asks for.
 * @throws {RangeError} where the network is none that `supportsOnWebGpu`.
 */
export async function createWebGpuEngine(
  network: Network,
  options: WebGpuEngineOptions = {},
): Promise<Engine> {
  const chain = chainOf(supportsOnWebGpu(network), "WebGPU");
  const { allowSoftware, precision = "float32" } = options;
  const weights = options.weights ?? createInitialWeights(network, 0);
  const gpu = await openDevice({ allowSoftware });
  try {
    return new WebGpuEngine(network, chain, gpu, weights, precision);
  } catch (error) {
    await gpu.close();
    throw error;
  }
}
