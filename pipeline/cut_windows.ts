import type { Windowing } from "./windows.ts";

/** A window of sound that comes as time goes by. */
export interface SoundWindow {
  /** Where it begins, in samples at the front end's rate: whole, so that times never drift. */
  readonly start: number;
  /** Mono, at its own rate; fewer than a window's where the sound ends in it. */
  readonly samples: Float32Array;
}

/**
 * The windows of a sound, each as soon as it is there: those of `windowsOf`, had the sound been a file.
 *
 * @param chunks The sound, mono.
 * @param sampleRateHz Its own rate.
 */
export async function* cutWindows(
  chunks: AsyncIterable<Float32Array>,
  sampleRateHz: number,
  windowing: Windowing,
): AsyncGenerator<SoundWindow> {
  const framesOf = (samples: number) =>
    Math.round((samples / windowing.sampleRateHz) * sampleRateHz);
  const windowFrames = framesOf(windowing.length);
  let start = 0, held = new Float32Array(0);
  /** Frames of the sound that lie before `held`. */
  let gone = 0;
  for await (const chunk of chunks) {
    const joined = new Float32Array(held.length + chunk.length);
    joined.set(held);
    joined.set(chunk, held.length);
    held = joined;
    for (let at = framesOf(start) - gone; at + windowFrames <= held.length;) {
      yield { start, samples: held.slice(at, at + windowFrames) };
      start += windowing.hop;
      at = framesOf(start) - gone;
    }
    const numGone = Math.min(held.length, framesOf(start) - gone);
    held = held.subarray(numGone);
    gone += numGone;
  }
  const ended = gone + held.length;
  const isHeard = start > 0 && framesOf(start - windowing.hop) + windowFrames >= ended;
  if (!isHeard && framesOf(start) < ended) {
    yield { start, samples: held.slice(framesOf(start) - gone) };
  }
}
