import type { Clip } from "./clip.ts";
import { clipSamples, type FrontEnd } from "./front_end.ts";
import type { OpenLocation } from "./locations/byte_source.ts";
import type { Recording } from "./recording.ts";
import { secondsByHeader } from "./recording_length.ts";

/** Windows of recordings of any length, in samples at the front end's rate. */
export interface Windowing {
  /** Length of a window: at most that of the front end's clips. */
  readonly length: number;
  /** From a window's start to that of the next: whole, so that times never drift. */
  readonly hop: number;
  /** Samples a second, in Hz. */
  readonly sampleRateHz: number;
}

/**
 * Windows by their lengths in seconds, rounded to whole samples.
 *
 * @param windowSeconds At most the front end's seconds. @default {the front end's seconds}
 * @param hopSeconds @default {windowSeconds}
 * @throws {RangeError} where a window is longer than the model hears, or one of them is not positive.
 */
export function createWindowing(
  frontEnd: FrontEnd,
  { windowSeconds = frontEnd.durationSeconds, hopSeconds = windowSeconds }: {
    readonly windowSeconds?: number;
    readonly hopSeconds?: number;
  } = {},
): Windowing {
  const { sampleRateHz, durationSeconds } = frontEnd;
  const length = Math.min(clipSamples(frontEnd), Math.round(windowSeconds * sampleRateHz));
  const hop = Math.round(hopSeconds * sampleRateHz);
  if (!(windowSeconds <= durationSeconds && length >= 1)) {
    throw new RangeError(
      `Cannot cut windows as they must be above 0 and at most ${durationSeconds} s long, as the model ` +
        `hears no more: current value is ${windowSeconds}`,
    );
  }
  if (!(hop >= 1 && hop < Infinity)) {
    throw new RangeError(
      `Cannot cut windows as the hop between them must be above 0 s: current value is ${hopSeconds}`,
    );
  }
  return { length, hop, sampleRateHz };
}

/**
 * The windows of recordings, one recording after the other: the ith begins at i · hop, and the last is
 * the first that reaches the end. A recording shorter than a window is one window, and one that cannot be
 * read, too, so that it fails in its place.
 *
 * @param hasEnded Whether the end of a recording was seen: asked where its header does not tell its length,
 *   as its windows come until then.
 */
export async function* windowsOf(
  recordings: Iterable<Recording> | AsyncIterable<Recording>,
  { length, hop, sampleRateHz }: Windowing,
  open: OpenLocation,
  hasEnded: (recording: Recording) => boolean,
): AsyncGenerator<Clip> {
  for await (const recording of recordings) {
    const totalSamples = await lengthOf(recording, sampleRateHz, open);
    for (let start = 0;; start += hop) {
      yield { recording, start, length };
      const reachesEnd = totalSamples === undefined
        ? hasEnded(recording)
        : start + length >= totalSamples;
      if (reachesEnd) break;
    }
  }
}

/** Samples of a recording, 0 where it cannot be read; `undefined` where only decoding all of it would tell. */
async function lengthOf(
  recording: Recording,
  sampleRateHz: number,
  open: OpenLocation,
): Promise<number | undefined> {
  try {
    const seconds = await secondsByHeader(recording, open);
    return seconds === undefined ? undefined : seconds * sampleRateHz;
  } catch {
    return 0; // the graph will say why
  }
}
