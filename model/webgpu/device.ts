import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { env, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";

/** A GPU that computes for tfjs, and what is known of its health. */
export interface WebGpuDevice {
  readonly device: GPUDevice;
  /** tfjs's backend on this device, registered under `backendName` and current. */
  readonly backend: WebGPUBackend;
  /** The adapter's name and driver as it gives them. */
  readonly description: string;
  /** Whether the adapter computes on the CPU (lavapipe, SwiftShader, WARP). */
  readonly isSoftware: boolean;
  /**
   * Throws the first error the device reported since it was opened: a shader that did not compile,
   * a command that was refused, or the loss of the device.
   */
  throwIfFailed(): void;
  /** Notes an error; the first one wins. */
  fail(error: Error): void;
  /** Frees every buffer and gives the device back. */
  close(): void;
}

/** Which devices `openDevice` may take. */
export interface DeviceOptions {
  /** Whether an adapter that computes on the CPU will do. @default {false} */
  readonly allowSoftware?: boolean;
}

/** The name under which tfjs knows the device; kernels register for it. */
export const backendName = "webgpu";

/** Limits worth more than WebGPU's defaults: large activations, and tiles in workgroup memory. */
const raisedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

/** Names by which adapters that compute on the CPU are known, for drivers that do not say so. */
const softwareNames = /llvmpipe|lavapipe|swiftshader|basic render|software/i;

/** What WebGPU says of an adapter, in words. */
export function describeAdapter(adapter: GPUAdapter): { description: string; isSoftware: boolean } {
  const info = adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean };
  const description = info.description || [info.vendor, info.architecture].join(" ").trim() ||
    "unnamed adapter";
  const isFallback = info.isFallbackAdapter ??
    (adapter as GPUAdapter & { isFallbackAdapter?: boolean }).isFallbackAdapter;
  return { description, isSoftware: isFallback === true || softwareNames.test(description) };
}

/**
 * Finds the adapter that training would use.
 *
 * @throws {Error} where WebGPU is missing or has no adapter, with the reason.
 */
export async function requestAdapter(): Promise<GPUAdapter> {
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) {
    throw new Error("Cannot use WebGPU as this runtime has none: in Deno add --unstable-webgpu");
  }
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new Error("Cannot use WebGPU as it found no adapter: install the GPU's Vulkan driver");
  }
  return adapter;
}

/**
 * Opens the GPU and makes it tfjs's current backend.
 *
 * tfjs's own registration is not used: it asks for features in a way that Deno refuses, takes the
 * default device and lets shader errors pass as zeros.
 *
 * @throws {Error} where there is no adapter, or only a software one and `allowSoftware` is not set.
 */
export async function openDevice({ allowSoftware = false }: DeviceOptions = {}): Promise<
  WebGpuDevice
> {
  const adapter = await requestAdapter();
  const { description, isSoftware } = describeAdapter(adapter);
  if (isSoftware && !allowSoftware) {
    throw new Error(`Cannot use WebGPU as its adapter computes on the CPU: ${description}`);
  }
  const requiredLimits: Record<string, number> = {};
  for (const limit of raisedLimits) requiredLimits[limit] = adapter.limits[limit];
  const device = await adapter.requestDevice({ label: "melstream", requiredLimits });

  let failure: Error | undefined;
  let closed = false;
  const fail = (error: Error) => failure ??= error;
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    const { message } = (event as GPUUncapturedErrorEvent).error;
    fail(new Error(`Cannot go on with WebGPU as ${description} reported: ${message.trim()}`));
  });
  device.lost.then(({ reason, message }) => {
    if (!closed) {
      fail(new Error(`Cannot go on with WebGPU as ${description} was lost: ${reason}, ${message}`));
    }
  });

  const backend = new WebGPUBackend(device, adapter.info);
  // Small tensors stay on the GPU too: tfjs's hand-off to the CPU needs reads that Deno lacks.
  env().set("WEBGPU_CPU_FORWARD", false);
  removeBackend(backendName);
  registerBackend(backendName, () => backend);
  await setBackend(backendName);
  return {
    device,
    backend,
    description,
    isSoftware,
    fail,
    throwIfFailed() {
      if (failure) throw failure;
    },
    close() {
      closed = true;
      removeBackend(backendName);
      device.destroy();
    },
  };
}
