/** Cuts the stretch of an event out of its recording. */
import type { Audio } from "../../pipeline/decode/audio.ts";
import { decodeSource } from "../../pipeline/decode/decode.ts";
import type { OpenSource } from "../../pipeline/locations/byte_source.ts";
import type { RecordingPart } from "../../pipeline/recording.ts";
import type { EventRow } from "../events/event_format.ts";

/** How much is cut. */
export interface CutOptions {
  /** Before and after the event, in seconds, as far as the recording reaches. */
  readonly contextSeconds: number;
  /** Of an event no more than so many seconds are heard, its first. */
  readonly longestSeconds: number;
}

/** A stretch of a recording. */
export interface CutStretch extends Audio {
  /** Where it begins in the recording, in seconds: a whole number of its samples. */
  readonly startSeconds: number;
}

/**
 * Decodes an event with its context, to the recording's sample that is nearest.
 *
 * @throws {DecodeError} as `decodeSource`.
 * @throws {RangeError} where the recording ends before the event begins.
 */
export async function cutStretch(
  { start, end }: Pick<EventRow, "start" | "end">,
  source: OpenSource,
  { contextSeconds, longestSeconds }: CutOptions,
  part?: RecordingPart,
): Promise<CutStretch> {
  const { startSeconds: partStart = 0, endSeconds: partEnd = Infinity } = part ?? {};
  const from = Math.max(0, start - contextSeconds);
  const to = Math.min(Math.min(end, start + longestSeconds) + contextSeconds, partEnd - partStart);
  const { samples, sampleRateHz } = await decodeSource(source, {
    startSeconds: from + partStart,
    durationSeconds: to - from,
  });
  const startSeconds = Math.round((from + partStart) * sampleRateHz) / sampleRateHz - partStart;
  const endSeconds = startSeconds + samples.length / sampleRateHz;
  if (samples.length === 0 || endSeconds <= start) {
    const seen = samples.length === 0 ? "" : `: it ends at ${endSeconds.toFixed(3)} s`;
    throw new RangeError(
      `Cannot cut the event at ${start} s of ${source.name} as it must begin before the recording ends${seen}`,
    );
  }
  return { samples, sampleRateHz, startSeconds };
}
