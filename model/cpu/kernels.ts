/** The compiled kernels: which build fits here, and what they are called with. */
import { loadModule } from "../../wasm/load.ts";
import type { KernelExports } from "./kernels_generated.ts";

/** The kernels of `assembly/`, ready to be called on one memory. */
export type Kernels = Omit<KernelExports, "memory">;

/** A kernel module and what it is. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  readonly relaxedSimd: boolean;
  /** Whether it wants a shared memory. */
  readonly shared: boolean;
}

/** `(func (param v128) (result v128) (f32x4.relaxed_madd ×3))`: valid only where that exists. */
const relaxedProbe = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7b, 1, 0x7b, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x85, 0x02, 0x0b],
]);

/** Whether this machine's WebAssembly has the relaxed multiply-add. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedProbe);
}

/** Whether memory can be shared with workers: always in Deno, in a page only where it is isolated. */
export function hasSharedMemory(): boolean {
  return typeof SharedArrayBuffer === "function" &&
    (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
}

/** Compiles the build for this machine. */
export async function loadKernelModule(
  shared: boolean,
  relaxedSimd: boolean,
): Promise<KernelModule> {
  const url = relaxedSimd
    ? shared
      ? new URL("./kernels_relaxed_shared.wasm", import.meta.url)
      : new URL("./kernels_relaxed_single.wasm", import.meta.url)
    : shared
    ? new URL("./kernels_plain_shared.wasm", import.meta.url)
    : new URL("./kernels_plain_single.wasm", import.meta.url);
  return { module: await loadModule(url), relaxedSimd, shared };
}

/** Whether V8 may join pairs of vectors to 256 bits: the flags that make it so (`wasm/v8_flags.ts`) say it. */
export function mayJoinVectors(): boolean {
  return "gc" in globalThis;
}

/**
 * Binds the kernels to a memory.
 *
 * @param joined Whether to take those that are made for joined vectors.
 */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  joined: boolean,
): Kernels {
  const abort = () => {
    throw new Error("Cannot go on as a kernel has met an impossible state");
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  const kernels = { ...exports } as unknown as Kernels;
  kernels.joinVectors(joined);
  return kernels;
}
