/** What tests on the GPU share. Without an adapter they are ignored, visibly. */
import { assert, assertStrictEquals } from "@std/assert";
import {
  getKernel,
  registerKernel,
  type Tensor,
  unregisterKernel,
} from "../../../deps/tfjs_core.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { findAdapter } from "../../../model/webgpu/adapter.ts";
import {
  backendName,
  float16,
  openDevice,
  type WebGpuDevice,
} from "../../../model/webgpu/device.ts";

/** Whether WebGPU can be used here at all. */
export const hasAdapter: boolean = await findAdapter().then(() => true, () => false);

/** Whether its shaders can compute in float16. */
export const hasFloat16: boolean = await findAdapter()
  .then(({ adapter }) => adapter.features.has(float16), () => false);

/** A test that gets an open device; ignored where there is no adapter, or not the one that it needs. */
export function gpuTest(
  name: string,
  test: (device: WebGpuDevice) => Promise<void>,
  ignore = !hasAdapter,
): void {
  Deno.test({
    name,
    ignore,
    sanitizeOps: true,
    sanitizeResources: true,
    async fn() {
      const device = await openDevice({ allowSoftware: true });
      try {
        await test(device);
      } finally {
        await device.close();
      }
    },
  });
}

/** Runs a test while a kernel gives zeros, as one with an invalid shader would. */
export async function withZeroKernel(
  name: string,
  { backend }: WebGpuDevice,
  test: () => Promise<void>,
): Promise<void> {
  const kernel = getKernel(name, backendName);
  unregisterKernel(name, backendName);
  registerKernel({
    ...kernel,
    // Runs, so that the output has its shape.
    kernelFunc(call) {
      const { destination } = call.inputs;
      if (destination) return destination;
      const output = kernel.kernelFunc(call) as { shape: number[]; dataId: object };
      backend.disposeData(output.dataId);
      const size = output.shape.reduce((a, b) => a * b, 1);
      return backend.makeTensorInfo(output.shape, "float32", new Float32Array(size));
    },
  });
  try {
    await test();
  } finally {
    unregisterKernel(name, backendName);
    registerKernel(kernel);
  }
}

/** The attributes of every run of a kernel during a test. */
export async function attributesOf(
  name: string,
  test: () => Promise<void>,
): Promise<Record<string, unknown>[]> {
  const kernel = getKernel(name, backendName), seen: Record<string, unknown>[] = [];
  unregisterKernel(name, backendName);
  registerKernel({
    ...kernel,
    kernelFunc(call) {
      seen.push({ ...call.attrs });
      return kernel.kernelFunc(call);
    },
  });
  try {
    await test();
  } finally {
    unregisterKernel(name, backendName);
    registerKernel(kernel);
  }
  return seen;
}

/** Normally distributed float32 values, the same for the same key. */
export function drawNormal(length: number, ...key: (string | number)[]): Float32Array<ArrayBuffer> {
  const random = createRandom(...key);
  return Float32Array.from({ length }, () => random.normal());
}

/** ‖actual − expected‖ / ‖expected‖. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assertStrictEquals(actual.length, expected.length);
  let difference = 0, norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** Asserts that the relative error is below the bound. */
export function assertClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  bound: number,
): void {
  const error = relativeError(actual, expected);
  assert(error < bound, `${what} is off by ${error}, more than ${bound}`);
}

/** A tensor's values. */
export async function readTensor(tensor: Tensor): Promise<Float32Array> {
  return await tensor.data() as Float32Array;
}
