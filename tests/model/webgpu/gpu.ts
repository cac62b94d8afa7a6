/** What tests on the GPU share. Without an adapter they are ignored, visibly. */
import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { createRandom } from "../../../pipeline/random.ts";
import { findAdapter } from "../../../model/webgpu/adapter.ts";
import { openDevice, type WebGpuDevice } from "../../../model/webgpu/device.ts";

/** Whether WebGPU can be used here at all. */
export const hasAdapter: boolean = await findAdapter().then(() => true, () => false);

/** A test that gets an open device; ignored where there is no adapter. */
export function gpuTest(name: string, test: (device: WebGpuDevice) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !hasAdapter,
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

/** Normally distributed float32 values, the same for the same key. */
export function drawNormal(length: number, ...key: (string | number)[]): Float32Array<ArrayBuffer> {
  const random = createRandom(...key);
  return Float32Array.from({ length }, () => random.normal());
}

/** ‖actual − expected‖ / ‖expected‖. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(actual.length, expected.length);
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
  assert.ok(error < bound, `${what} is off by ${error}, more than ${bound}`);
}

/** A tensor's values. */
export async function readTensor(tensor: Tensor): Promise<Float32Array> {
  return await tensor.data() as Float32Array;
}
