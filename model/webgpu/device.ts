import { WebGPUBackend } from "../../deps/tfjs_backend_webgpu.ts";
import {
  findBackendFactory,
  registerBackend,
  removeBackend,
  setBackend,
} from "../../deps/tfjs_core.ts";
import { type AdapterFound, findAdapter } from "./adapter.ts";

/** What went wrong on a device, and which kernels have been seen to run. */
export interface DeviceHealth {
  /** Notes an error; the first one wins. */
  fail(error: Error): void;
  /** Runs a kernel; the first run of each pipeline is watched for errors of its shader. */
  guardFirstRun<T>(kernel: string, pipeline: string, run: () => T): T;
  /** Waits for the verdict on the pipelines compiled so far. */
  settle(): Promise<void>;
  /**
   * Throws the first error the device reported since it was opened: a shader that did not compile,
   * a command that was refused, or the loss of the device.
   */
  throwIfFailed(): void;
}

/** A GPU that computes for tfjs. */
export interface WebGpuDevice {
  readonly device: GPUDevice;
  /** tfjs's backend on this device, registered under `backendName` and current. */
  readonly backend: WebGPUBackend;
  readonly health: DeviceHealth;
  /** The adapter's name and driver as it gives them. */
  readonly description: string;
  /** Whether the adapter computes on the CPU (lavapipe, SwiftShader, WARP). */
  readonly isSoftware: boolean;
  /**
   * Gives the device back; the last of those who opened it waits for the work under way (drivers
   * have been seen to crash where it is torn off) and frees every buffer.
   */
  close(): Promise<void>;
}

/** Which devices `openDevice` may take. */
export interface DeviceOptions {
  /** Whether an adapter that computes on the CPU will do. @default {false} */
  readonly allowSoftware?: boolean;
  /** Whether kernels are to be timed by the GPU's clock, where it has one. @default {false} */
  readonly profile?: boolean;
}

/** The name under which tfjs knows the device; kernels register for it. */
export const backendName = "webgpu";

/**
 * Limits worth more than WebGPU's defaults, for the activations of large batches. Beyond them only
 * `shader-f16` is asked for, where it is there: the kernels keep to the default workgroups, and do without
 * `subgroups` (their sums are few beside the products).
 */
const raisedLimits = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;

/** What kernels in float16 need. */
export const float16: GPUFeatureName = "shader-f16";

/** What is asked for at most: some drivers report numbers that a float64 cannot hold. */
const mostBytes = 2 ** 32;

const healthByBackend = new WeakMap<object, DeviceHealth>();

/** The health of the device behind a backend. */
export function healthOf(backend: WebGPUBackend): DeviceHealth {
  return healthByBackend.get(backend)!;
}

function createHealth(device: GPUDevice, description: string): DeviceHealth {
  let failure: Error | undefined;
  let verdicts: Promise<void>[] = [];
  const seen = new Set<string>();
  const fail = (error: Error) => void (failure ??= error);
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    const { message } = (event as GPUUncapturedErrorEvent).error;
    fail(new Error(`Cannot go on with WebGPU as ${description} reported: ${message.trim()}`));
  });
  // Deno 2.4 has no `lost`.
  (device.lost as Promise<GPUDeviceLostInfo> | undefined)?.then(({ reason, message }) =>
    fail(new Error(`Cannot go on with WebGPU as ${description} was lost: ${reason}, ${message}`))
  );
  return {
    fail,
    guardFirstRun(kernel, pipeline, run) {
      if (seen.has(pipeline)) return run();
      seen.add(pipeline);
      device.pushErrorScope("validation");
      try {
        return run();
      } finally {
        verdicts.push(
          device.popErrorScope().then((error) => {
            if (error) fail(new Error(`Cannot run kernel ${kernel}: ${error.message.trim()}`));
          }),
        );
      }
    },
    async settle() {
      const pending = verdicts;
      verdicts = [];
      await Promise.all(pending);
    },
    throwIfFailed() {
      if (failure) throw failure;
    },
  };
}

/** tfjs puts text of its own before a kernel's, where WGSL wants its directives: this one goes first. */
function enableFloat16(device: GPUDevice): void {
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) =>
    create(
      /\bf16\b/.test(descriptor.code)
        ? { ...descriptor, code: `enable f16;\n${descriptor.code}` }
        : descriptor,
    );
}

/**
 * A device with what is worth having beyond the defaults; where the adapter refuses that, one with the
 * defaults alone, which every WebGPU has, and says so in its description.
 */
async function requestDevice(profile: boolean): Promise<AdapterFound & { device: GPUDevice }> {
  const found = await findAdapter(), { adapter } = found, label = "melstream";
  const clock = "timestamp-query";
  const wanted: GPUFeatureName[] = profile ? [float16, clock] : [float16];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  const requiredLimits: Record<string, number> = {};
  for (const limit of raisedLimits) {
    requiredLimits[limit] = Math.min(adapter.limits[limit], mostBytes);
  }
  try {
    const device = await adapter.requestDevice({ label, requiredFeatures, requiredLimits });
    return { ...found, device };
  } catch {
    const again = await findAdapter(); // an adapter may give a device once
    const device = await again.adapter.requestDevice({ label });
    const refused = [...raisedLimits, ...requiredFeatures].join(", ");
    const description = `${again.description} with default limits (it refused ${refused})`;
    return { ...again, description, device };
  }
}

async function createDevice(profile: boolean): Promise<WebGpuDevice> {
  const { adapter, description, isSoftware, device } = await requestDevice(profile);
  enableFloat16(device);
  const backend = new WebGPUBackend(device, adapter.info);
  const health = createHealth(device, description);
  healthByBackend.set(backend, health);
  if (findBackendFactory(backendName)) removeBackend(backendName);
  registerBackend(backendName, () => backend);
  await setBackend(backendName);
  return {
    device,
    backend,
    health,
    description,
    isSoftware,
    async close() {
      await device.queue.onSubmittedWorkDone();
      removeBackend(backendName);
      device.destroy();
      await device.lost;
    },
  };
}

/** The device that is open, and how many opened it: tfjs has one current backend. */
let open: { readonly device: Promise<WebGpuDevice>; users: number } | undefined;
/** Settles when the device before is gone. */
let closing: Promise<void> = Promise.resolve();

/**
 * Opens the GPU and makes it tfjs's current backend. Who opens it while it is open shares it.
 *
 * tfjs's own registration is not used: it asks for features in a way that Deno refuses and lets
 * shader errors pass as zeros.
 *
 * @throws {Error} where there is no adapter, or only a software one and `allowSoftware` is not set.
 */
export async function openDevice(
  { allowSoftware = false, profile = false }: DeviceOptions = {},
): Promise<WebGpuDevice> {
  const opening = open ??= { device: closing.then(() => createDevice(profile)), users: 0 };
  opening.users++;
  const release = async (shared?: WebGpuDevice) => {
    if (--opening.users > 0) return;
    open = undefined;
    if (shared) await (closing = shared.close());
  };
  let shared: WebGpuDevice | undefined;
  try {
    shared = await opening.device;
    shared.health.throwIfFailed();
    if (shared.isSoftware && !allowSoftware) {
      throw new Error(
        "Cannot use WebGPU as its adapter must not compute on the CPU: current adapter is " +
          shared.description,
      );
    }
  } catch (error) {
    await release(shared);
    throw error;
  }
  let isClosed = false;
  return {
    ...shared,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await release(shared);
    },
  };
}
