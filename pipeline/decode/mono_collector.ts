/** Takes decoded sound of any number of channels, keeps the window asked for, as mono. */
import { type AudioInfo, DecodeError, type DecodeWindow } from "./audio.ts";

/** The most samples that are held at once (1 GiB): what a hostile file can make of few bytes has an end. */
export const maxSamples = 2 ** 28;

/** Louder than any recording; squared and summed over an FFT it stays finite in 32 bits. */
export const maxMagnitude = 1e12;
/** The bits of that number: those of magnitudes are in the same order as the magnitudes, NaN last. */
const maxMagnitudeBits = new Int32Array(Float32Array.of(maxMagnitude).buffer)[0];

/** Room made at once, for frames that are asked for or that a header claims; more is grown into. */
const maxFramesAtOnce = 2 ** 19;

/** Where samples go while the decoding goes on, so that few are held at a time. */
export interface ChunkSink {
  /** Samples of each chunk. */
  readonly chunkFrames: number;
  /** Says, before the first chunk, what the sound is, and where the rest of it will lie after a fault. */
  open(info: AudioInfo, collector: MonoCollector): void;
  /** Takes a chunk, which is the sink's from then on; resolved when another may come. */
  put(chunk: Float32Array<ArrayBuffer>): Promise<void>;
}

/** A window as the decoders are given it. */
export interface DecodeTask extends DecodeWindow {
  /** Where the window begins, in frames, whatever `startSeconds` says. */
  readonly startFrame?: number;
  /** Where the format's first byte lies, after tags that come before it. @default {0} */
  readonly startByte?: number;
  /** Takes what is decoded; nothing but what it was not given yet is in the result then. */
  readonly sink?: ChunkSink;
}

/** A window in frames: samples a channel from the start of the file. */
export interface FrameWindow {
  readonly startFrame: number;
  /** One past the last; may be Infinity. */
  readonly endFrame: number;
  /** Where they are put if they fit. */
  readonly out?: Float32Array<ArrayBuffer>;
  readonly sink?: ChunkSink;
}

/**
 * Turns seconds into frames, rounded to the nearest.
 *
 * @throws {RangeError} for a start that is negative or not finite, a duration that is negative or NaN.
 */
export function frameWindow(window: DecodeTask, sampleRateHz: number): FrameWindow {
  const { startSeconds = 0, durationSeconds = Infinity, out, sink } = window;
  if (!(startSeconds >= 0 && startSeconds < Infinity)) {
    throw new RangeError(
      `Cannot decode a window as startSeconds must be finite and >= 0: current value is ${startSeconds}`,
    );
  }
  if (!(durationSeconds >= 0)) {
    throw new RangeError(
      `Cannot decode a window as durationSeconds must be >= 0: current value is ${durationSeconds}`,
    );
  }
  const { startFrame = Math.round(startSeconds * sampleRateHz) } = window;
  const endFrame = startFrame + Math.round(durationSeconds * sampleRateHz);
  return { startFrame, endFrame, out, sink };
}

/** Collects the frames of one window, or passes them on to the window's sink as they come. */
export class MonoCollector {
  readonly #path: string;
  readonly #window: FrameWindow;
  readonly #chunkFrames: number;
  #samples: Float32Array<ArrayBuffer>;
  #length = 0;
  #position = 0;
  /** Frames that the sink has. */
  #passedOn = 0;

  /**
   * @param path What errors call the file.
   * @param totalFrames How many frames the file has in all, by what its header claims.
   */
  constructor(path: string, window: FrameWindow, totalFrames = Infinity) {
    this.#path = path;
    this.#window = window;
    const numFrames = Math.min(window.endFrame, totalFrames) - window.startFrame;
    const isKnown = numFrames < Infinity;
    const atOnce = isKnown ? Math.max(0, Math.min(numFrames, maxFramesAtOnce)) : 0;
    const { out, sink } = window;
    this.#chunkFrames = sink?.chunkFrames ?? Infinity;
    if (sink) this.#samples = new Float32Array(Math.min(sink.chunkFrames, maxFramesAtOnce));
    else this.#samples = out && atOnce <= out.length ? out : new Float32Array(atOnce);
  }

  /** Frames of the file that have gone by, kept or not. */
  get position(): number {
    return this.#position;
  }

  /** Whether everything asked for is there. */
  get isFull(): boolean {
    return this.#position >= this.#window.endFrame;
  }

  /** Whether there is a chunk to `drain`: asked by a decoder's loop after every piece; never without a sink. */
  get hasChunk(): boolean {
    return this.#length >= this.#chunkFrames;
  }

  /** Says what the sound is, before any of it is drained. */
  describe(info: AudioInfo): void {
    this.#window.sink?.open(info, this);
  }

  /**
   * Passes the whole chunks on to the sink, and waits until it wants more.
   *
   * @param byteOffsetOf As of `finish`.
   * @throws {DecodeError} as `finish`.
   */
  async drain(byteOffsetOf?: (frame: number) => number): Promise<void> {
    const { sink } = this.#window, chunkFrames = this.#chunkFrames;
    if (!sink) return;
    this.#refuseUnsound(byteOffsetOf);
    let at = 0;
    for (; at + chunkFrames <= this.#length; at += chunkFrames) {
      await sink.put(this.#samples.slice(at, at + chunkFrames));
    }
    this.#samples.copyWithin(0, at, this.#length);
    this.#length -= at;
    this.#passedOn += at;
  }

  /** The sound samples that the sink was not given yet, where a fault ended the decoding. */
  takeRest(): Float32Array<ArrayBuffer> {
    this.#length = this.#countSound();
    return this.#samples.slice(0, this.#length);
  }

  /** Says that the next frames come from `frame`: what lies before it was skipped, not decoded. */
  seek(frame: number): void {
    this.#position = frame;
  }

  /**
   * Adds `numFrames` frames, channel by channel: the mean is kept. The arrays are not kept.
   *
   * @throws {RangeError} where an array is shorter than that: what lies there would be kept.
   */
  addPlanar(channels: readonly Float32Array[], numFrames: number): void {
    const shortest = Math.min(...channels.map(({ length }) => length));
    if (shortest < numFrames) {
      throw new RangeError(
        `Cannot add ${numFrames} frames as each channel must have as many: one has ${shortest}`,
      );
    }
    const { from, to } = this.#take(numFrames);
    if (from >= to) return;
    const out = this.#samples, base = this.#length - (to - from);
    if (channels.length === 1) {
      out.set(channels[0].subarray(from, to), base);
    } else if (channels.length === 2) {
      const [left, right] = channels.map((channel) => channel.subarray(from, to));
      const kept = out.subarray(base, this.#length);
      for (let i = 0; i < kept.length; i++) kept[i] = (left[i] + right[i]) * 0.5;
    } else {
      for (let i = from; i < to; i++) {
        let sum = 0;
        for (const channel of channels) sum += channel[i];
        out[base + i - from] = sum / channels.length;
      }
    }
  }

  /** Adds frames whose channels are interleaved: the mean is kept. The array is not kept. */
  addInterleaved(samples: Float32Array, numChannels: number): void {
    const { from, to } = this.#take(Math.floor(samples.length / numChannels));
    if (from >= to) return;
    const out = this.#samples;
    let at = this.#length - (to - from);
    if (numChannels === 1) {
      out.set(samples.subarray(from, to), at);
    } else if (numChannels === 2) {
      for (let i = from * 2; i < to * 2; i += 2) out[at++] = (samples[i] + samples[i + 1]) * 0.5;
    } else {
      for (let i = from * numChannels; i < to * numChannels; i += numChannels) {
        let sum = 0;
        for (let c = 0; c < numChannels; c++) sum += samples[i + c];
        out[at++] = sum / numChannels;
      }
    }
  }

  /**
   * Room for the next `numFrames` frames of sound that is mono already, all of them within the window:
   * to be filled at once.
   */
  roomFor(numFrames: number): Float32Array {
    this.#take(numFrames);
    return this.#samples.subarray(this.#length - numFrames, this.#length);
  }

  /**
   * What was kept: the front of the window's `out`, or a buffer of its own, exactly as long as the sound.
   * Empty where the window begins past the end of the file.
   *
   * @param byteOffsetOf Where a frame lies in the file, where that can be told: for messages.
   * @throws {DecodeError} where the file had no sound at all, or a sample is NaN, infinite or absurdly
   *   loud: one such sample in a batch would spoil a whole training run.
   */
  finish(byteOffsetOf?: (frame: number) => number): Float32Array<ArrayBuffer> {
    this.#refuseUnsound(byteOffsetOf);
    return this.finishBounded();
  }

  /** Like `finish`, for samples none of which can be NaN, infinite or too loud: what they came from rules it out. */
  finishBounded(): Float32Array<ArrayBuffer> {
    if (this.#position <= 0 && this.#window.endFrame > 0) {
      const expected = "at least one sample of sound";
      throw new DecodeError({ path: this.#path, expected, seen: "none" });
    }
    const samples = this.#samples, length = this.#length;
    if (samples === this.#window.out) return samples.subarray(0, length);
    return length === samples.length ? samples : samples.slice(0, length);
  }

  /** Refuses samples that are NaN, infinite or absurdly loud; those before the first of them stay. */
  #refuseUnsound(byteOffsetOf?: (frame: number) => number): void {
    const index = this.#countSound();
    if (index === this.#length) return;
    const frame = this.#window.startFrame + this.#passedOn + index;
    this.#length = index;
    throw new DecodeError({
      path: this.#path,
      byteOffset: byteOffsetOf?.(frame),
      expected: `finite samples of at most ${maxMagnitude}`,
      seen: `${this.#samples[index]} at ${frame} samples from the start`,
    });
  }

  /** How many samples there are before the first that is NaN, infinite or too loud. */
  #countSound(): number {
    const samples = this.#samples.subarray(0, this.#length);
    const bits = new Int32Array(samples.buffer, samples.byteOffset, samples.length);
    let anyAbove = 0; // negative as soon as one is
    for (let i = 0; i < bits.length; i++) anyAbove |= maxMagnitudeBits - (bits[i] & 0x7fff_ffff);
    return anyAbove < 0 ? samples.findIndex((x) => !(Math.abs(x) <= maxMagnitude)) : samples.length;
  }

  /** Which of the next `numFrames` frames to keep; makes room for them. */
  #take(numFrames: number): { from: number; to: number } {
    const { startFrame, endFrame } = this.#window;
    const from = Math.min(numFrames, Math.max(0, startFrame - this.#position));
    const to = Math.min(numFrames, endFrame - this.#position);
    this.#position += numFrames;
    if (from >= to) return { from, to };
    const needed = this.#length + to - from;
    if (needed > maxSamples) {
      throw new DecodeError({
        path: this.#path,
        expected: `a window of at most ${maxSamples} samples`,
        seen: "more: ask for a part of the file",
      });
    }
    if (needed > this.#samples.length) {
      const grown = new Float32Array(
        Math.min(maxSamples, Math.max(needed, 2 * this.#length, 4096)),
      );
      grown.set(this.#samples.subarray(0, this.#length));
      this.#samples = grown;
    }
    this.#length = needed;
    return { from, to };
  }
}
