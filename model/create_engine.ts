/** Chooses the engine: WebGPU on a real adapter, else the CPU; what was chosen and why is said. */
import { oneOf, wholeNumberIn, withAliases } from "../settings/value_range.ts";
import { resolveSettings, SettingError, type SettingsOf } from "../settings/setting.ts";
import { createCpuEngine } from "./cpu/cpu_engine.ts";
import type { Engine } from "./engine.ts";
import { chainOf } from "./match_blocks.ts";
import type { Network } from "./network.ts";
import { type Precision, precisions } from "./precision.ts";
import { findAdapter } from "./webgpu/adapter.ts";
import { supportsOnWebGpu } from "./webgpu/supports_on_webgpu.ts";
import type { Weight } from "./weights.ts";

/** What `--backend` takes. */
export const backends = ["auto", "webgpu", "cpu"] as const;
/** See `backends`. */
export type Backend = typeof backends[number];

/** How the model is computed, whatever the model. */
export interface EngineSettings {
  /** Which engine is asked for. */
  readonly backend: Backend;
  /** Threads of the CPU engine: one a core where nothing is said. */
  readonly threads?: number;
  /** How training computes its products; `float16` is for `webgpu` alone. */
  readonly precision: Precision;
}

/** The settings of an engine. */
export const engineSettings: SettingsOf<EngineSettings> = {
  backend: {
    // What earlier versions called the CPU engine stays a word for it.
    range: withAliases(oneOf(...backends), { wasm: "cpu" }),
    default: "auto",
    help: "what runs the model",
    group: "Machine",
    placeholder: "name",
  },
  threads: {
    range: wholeNumberIn({ min: 1 }),
    defaultWords: "one a core",
    help: "threads of the CPU engine",
    group: "Machine",
  },
  precision: {
    range: oneOf(...precisions),
    default: "float32",
    help: "of the products, with --backend webgpu",
    group: "Machine",
    placeholder: "name",
  },
};

/**
 * Refuses a precision that the backend is not known to have.
 *
 * @throws {SettingError} where it is `float16` and the backend not `webgpu`.
 */
export function checkPrecision(precision: Precision, backend: Backend): void {
  if (precision === "float32" || backend === "webgpu") return;
  throw new SettingError(`train in ${precision}`, "backend", "webgpu for it", backend);
}

/** What an engine is made with. */
export interface CreateEngineOptions extends Partial<EngineSettings> {
  /** The weights to start from, by `createInitialWeights` or from a saved model. */
  readonly weights: readonly Weight[];
}

/** An engine, and why it is this one. */
export interface ChosenEngine {
  /** The engine, ready for its first step. */
  readonly engine: Engine;
  /** Why it is this one, in words for people. */
  readonly reason: string;
}

/**
 * Makes an engine. `auto` takes WebGPU where there is a hardware adapter that passes the self-test,
 * else the CPU; `webgpu` takes any adapter that passes, a software one too.
 *
 * @throws {Error} where `webgpu` is asked for and cannot be had, or not in this precision.
 * @throws {RangeError} where no engine that may be taken supports the network, with the reason.
 */
export async function createEngine(
  network: Network,
  options: CreateEngineOptions,
): Promise<ChosenEngine> {
  const { weights } = options;
  const { backend, threads, precision } = resolveSettings(
    engineSettings,
    options,
    "make an engine",
  );
  checkPrecision(precision, backend);
  let reason = "as asked for";
  if (backend !== "cpu") {
    try {
      chainOf(supportsOnWebGpu(network), "WebGPU");
      const { description, isSoftware } = await findAdapter();
      if (backend === "webgpu" || !isSoftware) {
        // Loaded only here, so that a run on the CPU does not wait for tfjs.
        const { createTestedWebGpuEngine } = await import("./webgpu/known_answers.ts");
        const engine = await createTestedWebGpuEngine(network, {
          weights,
          allowSoftware: true,
          precision,
        });
        return {
          engine,
          reason: isSoftware ? "as asked for, a software adapter" : "a GPU is here",
        };
      }
      reason = `no GPU: WebGPU's only adapter computes on the CPU (${description})`;
    } catch (error) {
      if (backend === "webgpu") throw error;
      reason = (error as Error).message;
    }
  }
  return { engine: await createCpuEngine(network, { threads, weights }), reason };
}
