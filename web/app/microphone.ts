/// <reference lib="dom" />
/** Records from a microphone: samples as they are, at its own rate. */
import { encodeWav } from "../../pipeline/encode_wav.ts";
import { threadAddress } from "./threads.ts";

/** Longest recording: memory holds it. */
export const mostSeconds = 600;

/** A recording under way. */
export interface MicrophoneRecording {
  /** Ends it. @returns a WAV file. */
  stop(): Promise<Blob>;
}

/** Whether this page may ask for a microphone: only where no one else can have changed it on its way. */
export function hasMicrophone(): boolean {
  return globalThis.isSecureContext && navigator.mediaDevices !== undefined;
}

/**
 * Begins a recording; the browser asks the person first.
 *
 * @param onLevel Is told the loudest sample of each moment, and how long it lasts so far.
 * @throws {DOMException} where there is no microphone, or the person does not allow it.
 */
export async function startRecording(
  onLevel: (peak: number, seconds: number) => void,
): Promise<MicrophoneRecording> {
  // What makes speech clearer to people changes what a model learnt from.
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const context = new AudioContext(), blocks: Float32Array[] = [];
  let length = 0, peak = 0, shownMs = 0;
  const end = async () => {
    for (const track of stream.getTracks()) track.stop();
    if (context.state !== "closed") await context.close();
  };
  try {
    await context.audioWorklet.addModule(threadAddress("recorder.js"));
    const recorder = new AudioWorkletNode(context, "melstream-recorder");
    recorder.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      if (length >= mostSeconds * context.sampleRate) return;
      blocks.push(data);
      length += data.length;
      for (const sample of data) peak = Math.max(peak, Math.abs(sample));
      if (performance.now() - shownMs < 80) return;
      onLevel(peak, length / context.sampleRate);
      shownMs = performance.now();
      peak = 0;
    };
    context.createMediaStreamSource(stream).connect(recorder);
    await context.resume();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async stop() {
      await end();
      const samples = new Float32Array(length);
      let place = 0;
      for (const block of blocks) {
        samples.set(block, place);
        place += block.length;
      }
      const bytes = encodeWav(samples, context.sampleRate, "float32");
      return new Blob([bytes], { type: "audio/wav" });
    },
  };
}
