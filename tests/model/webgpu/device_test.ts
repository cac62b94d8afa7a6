import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStrictEquals,
} from "@std/assert";
import { getKernelsForBackend, tensor } from "../../../deps/tfjs_core.ts";
import { createConvNetwork, globalPoolings } from "../../../model/conv_network.ts";
import { backendName, openDevice } from "../../../model/webgpu/device.ts";
import { defineKernel } from "../../../model/webgpu/kernel.ts";
import { selfTest } from "../../../model/webgpu/known_answers.ts";
import { createWebGpuEngine } from "../../../model/webgpu/webgpu_engine.ts";
import { assertFails } from "../../assert_failure.ts";
import { drawNoise, plainStep, smallNetwork } from "../engine_contract.ts";
import { gpuTest, hasAdapter, withZeroKernel } from "./gpu.ts";

const tinyChoices = {
  ...{ melBands: 8, numFrames: 9, numClasses: 2 },
  ...{ channels: [4, 8], denseUnits: 4 },
};
const tiny = createConvNetwork(tinyChoices);
/** Has adapters give out devices by `request`, which is given what would have been asked for, during a test. */
async function withDevices(
  request: (
    give: (descriptor?: GPUDeviceDescriptor) => Promise<GPUDevice>,
    descriptor: GPUDeviceDescriptor,
  ) => Promise<GPUDevice>,
  test: () => Promise<void>,
): Promise<void> {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = function (descriptor = {}) {
    return request((asked) => requestDevice.call(this, asked), descriptor);
  };
  try {
    await test();
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice;
  }
}

const tinyBatch = drawNoise(tiny, 2);

gpuTest(
  "the self-test passes within its tolerance, with the network's global pooling",
  async () => {
    const gradientErrors = [];
    for (const globalPooling of globalPoolings) {
      const result = await selfTest("float32", globalPooling);
      assert(result.ok, JSON.stringify(result));
      assert(result.gradientError < 1e-4, `${result.gradientError}`);
      gradientErrors.push(result.gradientError);
    }
    assertNotEquals(gradientErrors[0], gradientErrors[1]);
  },
);

gpuTest("the self-test refuses a GPU on which any one kernel computes nothing", async (device) => {
  const kernels = getKernelsForBackend(backendName).map(({ kernelName }) => kernelName)
    .filter((name) => name.startsWith("Melstream"));
  assert(kernels.length >= 20, `${kernels}`);
  for (const name of kernels) {
    await withZeroKernel(name, device, async () => {
      const result = await selfTest();
      assert(!result.ok, `it must not pass without ${name}`);
      assertMatch(result.reason, /^Cannot trust .+ as .+ off by/);
    });
  }
});

gpuTest("a shader that does not compile is an error with the kernel's name", async ({ health }) => {
  const broken = defineKernel({
    name: "BrokenKernel",
    inputs: ["values"],
    plan: () => ({
      variant: "",
      outputShape: [1],
      outputComponents: 1,
      inputComponents: [1],
      workgroups: 1,
      workgroupSize: 1,
      source: () => "fn main(index : i32) { result[0] = values[0] + 1u; }",
    }),
  });
  const values = tensor([1]);
  const output = broken([values], {});
  await health.settle();
  assertFails(() => health.throwIfFailed(), /^Error: Cannot run kernel BrokenKernel: .+/);
  await assertFails(createWebGpuEngine(tiny, { allowSoftware: true }), /BrokenKernel/);
  values.dispose();
  output.dispose();
});

gpuTest("an error of the device surfaces in the engine's next call", async ({ device }) => {
  const engine = await createWebGpuEngine(tiny, { allowSoftware: true });
  device.createShaderModule({ label: "stray", code: "not WGSL" });
  await new Promise((resolve) => setTimeout(resolve, 10));
  await assertFails(
    engine.step(tinyBatch.inputs, tinyBatch.targets, plainStep),
    /Cannot go on with WebGPU as .+ reported: .*stray/s,
  );
  await engine.dispose();
});

gpuTest("the loss of the device surfaces in the engine's next call", async ({ device }) => {
  const engine = await createWebGpuEngine(tiny, { allowSoftware: true });
  await engine.step(tinyBatch.inputs, tinyBatch.targets, plainStep);
  device.destroy();
  await device.lost;
  await assertFails(engine.predict(tinyBatch.inputs), /Cannot go on with WebGPU as .+ was lost/);
  await engine.dispose();
});

gpuTest("200 steps keep no tensor, no buffer and no byte", async ({ backend }) => {
  const { memory } = await import("../../../deps/tfjs_core.ts");
  const engine = await createWebGpuEngine(smallNetwork, { allowSoftware: true });
  const whole = drawNoise(smallNetwork, 3), rest = drawNoise(smallNetwork, 1);
  const held = () => ({
    tensors: memory().numTensors,
    bytes: backend.memory().numBytesAllocatedInGPU,
    buffers: backend.bufferManager.getNumUsedBuffers() + backend.bufferManager.getNumFreeBuffers(),
    dataIds: backend.numDataIds(),
  });
  const epoch = async () => {
    for (let i = 0; i < 9; i++) await engine.step(whole.inputs, whole.targets, plainStep);
    await engine.step(rest.inputs, rest.targets, plainStep);
    await engine.predict(whole.inputs);
    await engine.takeMetrics();
    await engine.exportWeights();
  };
  await epoch();
  const before = held();
  for (let i = 0; i < 20; i++) await epoch();
  assertEquals(held(), before);
  await engine.dispose();
});

gpuTest("a batch that exceeds the device's buffers is refused", async ({ device }) => {
  const mebibytes = 4 * 4 * 4096 * 4 / 2 ** 20; // of the second convolution's output, for each example
  const engine = await createWebGpuEngine(
    createConvNetwork({ ...tinyChoices, channels: [4, 4096] }),
    { allowSoftware: true },
  );
  const most = Math.floor(device.limits.maxStorageBufferBindingSize / 2 ** 20 / mebibytes);
  const inputs = new Float32Array((most + 1) * 72), targets = new Float32Array((most + 1) * 2);
  await assertFails(engine.step(inputs, targets, plainStep), {
    name: "RangeError",
    message: new RegExp(`at most ${most} examples`),
  });
  await engine.dispose();
});

gpuTest(
  "who opens the device twice shares it; a software adapter must be allowed",
  async (first) => {
    const second = await openDevice({ allowSoftware: true });
    assertStrictEquals(second.device, first.device);
    await second.close();
    await second.close();
    first.health.throwIfFailed();
    if (first.isSoftware) await assertFails(openDevice(), /must not compute on the CPU/);
  },
);

Deno.test({
  name: "a GPU that has just what every WebGPU has is computed on, and is right",
  ignore: !hasAdapter,
  async fn() {
    const asked: GPUDeviceDescriptor[] = [];
    const smallest = (give: () => Promise<GPUDevice>, descriptor: GPUDeviceDescriptor) => {
      asked.push(descriptor);
      return give();
    };
    await withDevices(smallest, async () => {
      const gpu = await openDevice({ allowSoftware: true });
      try {
        const { limits, features } = gpu.device;
        assertEquals(
          [
            limits.maxComputeWorkgroupStorageSize,
            limits.maxComputeInvocationsPerWorkgroup,
            limits.maxStorageBuffersPerShaderStage,
            limits.maxStorageBufferBindingSize,
          ],
          [16384, 256, 8, 2 ** 27],
        );
        assertEquals(
          (["shader-f16", "subgroups"] as const).filter((name) => features.has(name)),
          [],
        );
        const result = await selfTest();
        assert(result.ok, JSON.stringify(result));
      } finally {
        await gpu.close();
      }
    });
    assertEquals(asked.map(({ requiredLimits }) => Object.keys(requiredLimits!)), [
      ["maxBufferSize", "maxStorageBufferBindingSize"],
    ]);
  },
});

Deno.test({
  name: "a GPU that refuses more than the defaults is taken with the defaults, and says so",
  ignore: !hasAdapter,
  async fn() {
    const fussy = (
      give: (descriptor?: GPUDeviceDescriptor) => Promise<GPUDevice>,
      descriptor: GPUDeviceDescriptor,
    ) => descriptor.requiredLimits ? Promise.reject(new Error("no")) : give(descriptor);
    await withDevices(fussy, async () => {
      const engine = await createWebGpuEngine(tiny, { allowSoftware: true });
      assertMatch(engine.device, / with default limits \(it refused maxBufferSize, /);
      assertEquals((await engine.predict(tinyBatch.inputs)).length, 4);
      await engine.dispose();
    });
  },
});

gpuTest("a network whose weights exceed the device's buffers is refused", async ({ device }) => {
  const { maxStorageBufferBindingSize } = device.limits;
  Object.defineProperty(device, "limits", {
    configurable: true,
    value: { maxStorageBufferBindingSize: 1000 },
  });
  try {
    await assertFails(createWebGpuEngine(tiny, { allowSoftware: true }), {
      name: "RangeError",
      message: /^Cannot run this network as its weights and their moments must take at most 1000 /,
    });
  } finally {
    delete (device as { limits?: unknown }).limits;
  }
  assertStrictEquals(device.limits.maxStorageBufferBindingSize, maxStorageBufferBindingSize);
});
