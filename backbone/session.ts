/** The one place that speaks to the runtime of ONNX files. */

/** A network that the runtime has read. */
export interface Session {
  /** Names of its inputs. */
  readonly inputs: readonly string[];
  /** Names of its outputs. */
  readonly outputs: readonly string[];
  /** Computes one output of one input. */
  run(
    input: string,
    values: Float32Array,
    shape: readonly number[],
    output: string,
  ): Promise<{ readonly dims: readonly number[]; readonly data: Float32Array }>;
}

type Runtime = typeof import("../deps/onnxruntime_web.ts");
let loading: Promise<Runtime> | undefined;

/** Reads a network. @throws {Error} where the runtime cannot compute it. */
export async function openSession(bytes: Uint8Array): Promise<Session> {
  const runtime = await (loading ??= loadRuntime());
  const session = await inOneLine(() =>
    keepingWorker(() => runtime.InferenceSession.create(bytes, { logSeverityLevel: 3 }))
  );
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(input, values, shape, output) {
      const tensor = new runtime.Tensor("float32", values, shape);
      const results = await inOneLine(() => session.run({ [input]: tensor }, [output]));
      const { dims, data } = results[output];
      return { dims, data: data as Float32Array };
    },
  };
}

/**
 * Loads the runtime. A worker's address, which has no origin, is kept from it meanwhile: it would look there for the
 * parts of itself that lie beside it. One thread a worker: clips are shared out among the workers.
 */
async function loadRuntime(): Promise<Runtime> {
  const place = Object.getOwnPropertyDescriptor(globalThis, "location");
  if (place) {
    Object.defineProperty(globalThis, "location", { value: undefined, configurable: true });
  }
  try {
    const runtime = await import("../deps/onnxruntime_web.ts");
    runtime.env.wasm.numThreads = 1;
    return runtime;
  } finally {
    if (place) Object.defineProperty(globalThis, "location", place);
  }
}

/** The runtime takes Deno for Node and puts Node's `Worker` in the place of the one that engines start theirs by. */
async function keepingWorker<T>(act: () => Promise<T>): Promise<T> {
  const { Worker } = globalThis;
  try {
    return await act();
  } finally {
    globalThis.Worker = Worker;
  }
}

/** Has what the runtime refuses said in one line, without the places in its own source. */
async function inOneLine<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const { message } = cause as Error;
    const bare = message.replaceAll(/\s+/g, " ")
      .replaceAll(/\S+\.(cc|h):\d+ [^[]*(\[ONNXRuntimeError\] : \d+ : )?/g, "");
    throw new Error(bare.trim().slice(0, 300), { cause });
  }
}
