/**
 * The text of every shader that the engine can come to: each kernel in each of its variants, as tfjs wraps
 * it. Runs in Deno and in a page, so that each can put the same shaders before its own compiler.
 */
import { env } from "../../../deps/tfjs_core.ts";
import {
  type ConvNetworkOptions,
  createConvNetwork,
  globalPoolings,
} from "../../../model/conv_network.ts";
import { freezeBlocks } from "../../../model/kept_layers.ts";
import type { Network } from "../../../model/network.ts";
import { type Precision, precisions } from "../../../model/precision.ts";
import { float16, type WebGpuDevice } from "../../../model/webgpu/device.ts";
import { createWebGpuEngine } from "../../../model/webgpu/webgpu_engine.ts";

/** A shader: its kernel's name and its text. */
export interface Shader {
  readonly kernel: string;
  readonly code: string;
}

const size: ConvNetworkOptions = {
  ...{ melBands: 21, numFrames: 30, numClasses: 3 },
  ...{ channels: [4, 8, 36, 68], denseUnits: 5, dropoutRate: 0.5 },
};

/** Networks that differ in what the shaders' text depends on. */
function networks(): Network[] {
  const whole = globalPoolings.flatMap((globalPooling) =>
    (["softmax", "sigmoid"] as const).map((activation) =>
      createConvNetwork({ ...size, globalPooling, activation })
    )
  );
  const [first] = whole, one = createConvNetwork({ ...size, channels: [8] });
  return [...whole, freezeBlocks(first, 1), freezeBlocks(first, 3), one];
}

/** Batches: odd, and so many examples that sums are split otherwise. */
const batches = [1, 3, 8];

/**
 * Has tfjs plan steps and predictions without running any, and keeps the text of each shader.
 *
 * @returns Each text once, in the order of a step.
 */
export async function collectShaders({ device, backend }: WebGpuDevice): Promise<Shader[]> {
  const shaders = new Map<string, Shader>();
  const { createShaderModule, createComputePipelineAsync } = device, { getBufferData } = backend;
  device.createShaderModule = (descriptor) => {
    const { label = "", code } = descriptor;
    shaders.set(code, { kernel: label, code });
    // The text alone counts: this stands for it, and compiles at once.
    return createShaderModule.call(device, { code: "@compute @workgroup_size(1) fn _start() {}" });
  };
  device.createComputePipelineAsync = () => Promise.resolve({} as GPUComputePipeline);
  backend.getBufferData = () => Promise.resolve(new ArrayBuffer(0)); // nothing was computed
  const compileOnly = "WEBGPU_ENGINE_COMPILE_ONLY";
  env().set(compileOnly, true);
  try {
    const offered: readonly Precision[] = device.features.has(float16) ? precisions : ["float32"];
    for (const network of networks()) {
      for (const precision of offered) await plan(network, precision);
    }
  } finally {
    env().set(compileOnly, false);
    Object.assign(device, { createShaderModule, createComputePipelineAsync });
    Object.assign(backend, { getBufferData });
  }
  const texts = Array.from(shaders.values());
  return texts.map(({ kernel, code }) => ({
    kernel,
    code: /\bf16\b/.test(code) ? `enable f16;\n${code}` : code,
  }));
}

async function plan(network: Network, precision: Precision): Promise<void> {
  const engine = await createWebGpuEngine(network, { allowSoftware: true, precision });
  const options = { learningRate: 1e-3, clipNorm: 1, weightDecay: 1e-4, dropoutSeed: 1 };
  for (const batch of batches) {
    const inputs = new Float32Array(batch * network.melBands * network.numFrames);
    await engine.step(inputs, new Float32Array(batch * size.numClasses), options);
    await engine.predict(inputs);
  }
  await engine.dispose();
}

/** What a compiler says against a text; nothing where it takes it. */
export async function messagesOf(device: GPUDevice, { code }: Shader): Promise<string[]> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code });
  const error = await device.popErrorScope();
  if (error) return [error.message];
  const { messages } = await module.getCompilationInfo();
  return messages.map(({ type, lineNum, message }) => `${type} in line ${lineNum}: ${message}`);
}

/** What a shader asks of a device. */
export interface ShaderNeeds {
  readonly workgroupBytes: number;
  readonly invocations: number;
  readonly storageBuffers: number;
  /** What it asks for beyond WGSL's core. */
  readonly extensions: readonly string[];
}

/** Bytes of a WGSL type such as `array<vec4<f32>, 8>`; vectors of three take the room of four. */
function bytesOf(type: string): number {
  const array = /^array<(.+), *(\d+)>$/.exec(type);
  if (array) return bytesOf(array[1]) * Number(array[2]);
  const [, length = "1", bits] = /^(?:vec([34])<)?[fiu](16|32)>?$/.exec(type) ?? [];
  if (!bits) throw new TypeError(`Cannot tell the size of ${type}`);
  return (length === "1" ? 1 : 4) * Number(bits) / 8;
}

/** Reads off a shader's text what it asks of a device. */
export function needsOf({ code }: Shader): ShaderNeeds {
  const text = code.replaceAll(/\/\/.*/g, "");
  const all = (pattern: RegExp) => Array.from(text.matchAll(pattern), ([, found]) => found);
  const [sizes] = all(/@workgroup_size\(([^)]+)\)/g);
  return {
    workgroupBytes: all(/var<workgroup> *\w+ *: *([^;]+);/g)
      .reduce((sum, type) => sum + bytesOf(type.trim()), 0),
    invocations: sizes.split(",").map(Number).reduce((a, b) => a * b),
    storageBuffers: all(/(var<storage)/g).length,
    extensions: [...all(/enable +([^;]+);/g), ...all(/\b(subgroup\w*)/g)],
  };
}

/** What hinders a pipeline, the limits of the device among it; nothing where it can be had. */
export async function pipelineFault(
  device: GPUDevice,
  { code }: Shader,
): Promise<string | undefined> {
  device.pushErrorScope("validation");
  const compute = { module: device.createShaderModule({ code }), entryPoint: "_start" };
  const making = device.createComputePipelineAsync({ layout: "auto", compute })
    .then(() => undefined, (error) => (error as Error).message);
  const error = await device.popErrorScope();
  return await making ?? error?.message;
}
