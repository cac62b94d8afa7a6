/** Labels sound as it comes: from a microphone, a radio, or a program that decodes something else. */
import type { LabelledRow } from "../../model/label_rows.ts";
import type { Clip } from "../../pipeline/clip.ts";
import { DecodeError } from "../../pipeline/decode/audio.ts";
import { fourCharacters } from "../../pipeline/decode/byte_reader.ts";
import { decodeChunks } from "../../pipeline/decode/decode_chunks.ts";
import { cutWindows, type SoundWindow } from "../../pipeline/cut_windows.ts";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import { type PipeSource, pipeSource } from "../../pipeline/locations/pipe_source.ts";
import type { Windowing } from "../../pipeline/windows.ts";
import type { Labeller } from "./labeller.ts";

/** How sound is listened to. */
export interface ListenOptions {
  /** The windows; see `createWindowing`. */
  readonly windowing: Windowing;
  /**
   * Sound is taken as fast as it comes: windows that nobody has had time for are dropped, the oldest first, and
   * counted. Otherwise a slow reader slows the source. @default {false}
   */
  readonly live?: boolean;
  /** Ends the listening: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** What was heard in a window. */
export interface HeardWindow {
  /** Its beginning in the sound, in seconds, windows that were dropped included. */
  readonly startSeconds: number;
  /** Its end: that of the sound, where it ends in the window. */
  readonly endSeconds: number;
  /** Of every class, in the model's order; absent where the window could not be used. */
  readonly probabilities?: Float64Array;
  /** Why it could not be used. */
  readonly failure?: string;
  /** From the moment when its last sample had come to this answer, in seconds. */
  readonly latencySeconds: number;
  /** Windows dropped since the one before. */
  readonly dropped: number;
}

/** Windows that wait while others are answered, where sound is taken as fast as it comes. */
const mostWaiting = 2;

/** A window, when it was whole, and how many were dropped before it. */
interface TimedWindow extends SoundWindow {
  readonly wholeMs: number;
  readonly dropped: number;
}

/**
 * Labels the windows of a sound, each as soon as it is there. Pauses of any length are waited for; a sample that is
 * not whole at the end is left out. The answers are those to the same windows of a file.
 *
 * @param name What messages call the sound.
 * @param bytes A WAV file, whose header need not know its length.
 * @throws {DecodeError} where it is none, or is broken.
 */
export async function* listen(
  labeller: Labeller,
  name: string,
  bytes: ReadableStream<Uint8Array>,
  { windowing, live = false, signal }: ListenOptions,
): AsyncGenerator<HeardWindow> {
  const source = pipeSource(name, bytes);
  using stack = new DisposableStack();
  stack.defer(() => source.end()); // who leaves does not wait for sound that may never come
  const end = () => source.end();
  signal?.addEventListener("abort", end);
  stack.defer(() => signal?.removeEventListener("abort", end));
  await checkForm(source);
  const { sampleRateHz, chunks } = await decodeChunks(source, { chunkFrames: 1024 });
  const whole = timed(cutWindows(chunks, sampleRateHz, windowing));
  const asked: TimedWindow[] = [];
  async function* clips(): AsyncGenerator<Clip> {
    for await (const window of live ? newest(whole) : whole) {
      const wav = encodeWav(window.samples, sampleRateHz, "float32");
      const location = { kind: "memory" as const, name, bytes: wav };
      asked.push(window);
      yield { recording: { id: name, location }, start: 0, length: windowing.length };
    }
  }
  for await (const row of labeller.label(clips(), { batchSize: 1, signal })) {
    yield hear(row, asked.shift()!, windowing);
  }
}

/** Tells by its first four bytes whether a sound can be heard while it comes. */
export function canListen(start: Uint8Array): boolean {
  return ["RIFF", "RIFX", "RF64", "BW64"].includes(fourCharacters(start));
}

/** @throws {DecodeError} for other formats, whose decoders look for the end. */
async function checkForm(source: PipeSource): Promise<void> {
  const start = await source.read(0, 4), form = fourCharacters(start);
  if (canListen(start)) return;
  throw new DecodeError({
    ...{ path: source.name, byteOffset: 0 },
    expected:
      "a WAV file's beginning (`ffmpeg -i … -f wav -` makes one), or samples whose format is said",
    seen: form === "" ? "the end" : `one that begins with ${form}`,
  });
}

function hear(
  { probabilities, failure, endSample }: LabelledRow,
  { start, wholeMs, dropped }: TimedWindow,
  { sampleRateHz, length }: Windowing,
): HeardWindow {
  return {
    startSeconds: start / sampleRateHz,
    endSeconds: (start + (endSample ?? length)) / sampleRateHz,
    ...probabilities && { probabilities },
    ...failure && { failure: failure.message },
    latencySeconds: (performance.now() - wholeMs) / 1000,
    dropped,
  };
}

async function* timed(windows: AsyncIterable<SoundWindow>): AsyncGenerator<TimedWindow> {
  for await (const window of windows) {
    yield { ...window, wholeMs: performance.now(), dropped: 0 };
  }
}

/** Takes windows as they come, and passes on the newest ones: of those that wait, the oldest are dropped. */
async function* newest(windows: AsyncIterable<TimedWindow>): AsyncGenerator<TimedWindow> {
  const waiting: TimedWindow[] = [];
  let dropped = 0, hasEnded = false, wake = () => {};
  const taking = (async () => {
    for await (const window of windows) {
      waiting.push(window);
      if (waiting.length > mostWaiting) {
        waiting.shift();
        dropped++;
      }
      wake();
    }
  })().finally(() => {
    hasEnded = true;
    wake();
  });
  taking.catch(() => {}); // thrown below, behind the windows that came before
  while (true) {
    const window = waiting.shift();
    if (window) {
      const numDropped = dropped;
      dropped = 0;
      yield { ...window, dropped: numDropped };
    } else if (hasEnded) break;
    else await new Promise<void>((resolve) => wake = resolve);
  }
  await taking;
}
