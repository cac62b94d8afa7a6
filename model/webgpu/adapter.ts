/** The adapter that WebGPU offers here. Free of tfjs, so that asking costs a CPU run nothing. */

/** An adapter and what is known of it. */
export interface AdapterFound {
  readonly adapter: GPUAdapter;
  /** Its name as the driver gives it. */
  readonly description: string;
  /** Whether it computes on the CPU (lavapipe, SwiftShader, WARP). */
  readonly isSoftware: boolean;
}

/** Names by which adapters that compute on the CPU are known, for drivers that do not say so. */
const softwareNames = /llvmpipe|lavapipe|swiftshader|basic render|software/i;

/**
 * Finds the adapter that training would use.
 *
 * @throws {Error} where WebGPU is missing or has no adapter, with the reason.
 */
export async function findAdapter(): Promise<AdapterFound> {
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) {
    throw new Error("Cannot use WebGPU as this runtime has none: in Deno add --unstable-webgpu");
  }
  quietProbe();
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new Error("Cannot use WebGPU as it found no adapter: install the GPU's Vulkan driver");
  }
  const info = adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean };
  const description = info.description || [info.vendor, info.architecture].join(" ").trim() ||
    "unnamed adapter";
  const isFallback = info.isFallbackAdapter ??
    (adapter as GPUAdapter & { isFallbackAdapter?: boolean }).isFallbackAdapter;
  return {
    adapter,
    description,
    isSoftware: isFallback === true || softwareNames.test(description),
  };
}

/** On Linux the search through EGL complains on stderr where this variable is unset; any folder will do. */
function quietProbe(): void {
  if (globalThis.Deno?.build.os !== "linux") return;
  try {
    if (!Deno.env.has("XDG_RUNTIME_DIR")) Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
  } catch {
    // Without the permission for it there is a line of noise, and nothing else.
  }
}
