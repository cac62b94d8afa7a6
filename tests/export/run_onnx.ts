/** ONNX files run by onnxruntime, on one thread of WebAssembly. */
import * as ort from "onnxruntime-web";

ort.env.wasm.numThreads = 1;

/** A graph that is ready to compute. */
export interface OpenOnnx extends AsyncDisposable {
  /** Its answer for a batch of sounds of one length. */
  run(sounds: readonly Float32Array[]): Promise<Answer>;
}

/** What a graph computes. */
export interface Answer {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Has onnxruntime read a file. */
export async function openOnnx(bytes: Uint8Array): Promise<OpenOnnx> {
  const session = await createSession(bytes);
  return {
    async run(sounds) {
      const [{ length }] = sounds, batch = new Float32Array(sounds.length * length);
      sounds.forEach((sound, i) => batch.set(sound, i * length));
      const waveform = new ort.Tensor("float32", batch, [sounds.length, length]);
      const [{ dims, data }] = Object.values(await session.run({ waveform }));
      return { shape: dims, values: data as Float32Array };
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}

/** The runtime takes Deno for Node and puts Node's `Worker` in the place of the one that engines start theirs by. */
async function createSession(bytes: Uint8Array): Promise<ort.InferenceSession> {
  const { Worker } = globalThis;
  try {
    return await ort.InferenceSession.create(bytes);
  } finally {
    globalThis.Worker = Worker;
  }
}
