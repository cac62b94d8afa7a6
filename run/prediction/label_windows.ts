import type { BatchRow } from "../../pipeline/batch.ts";
import type { Clip } from "../../pipeline/clip.ts";
import type { OpenLocation } from "../../pipeline/locations/byte_source.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { type Windowing, windowsOf } from "../../pipeline/windows.ts";

/** Recordings, and the windows that are cut of them. */
export interface WindowedRecordings {
  /** One after the other. */
  readonly recordings: Iterable<Recording> | AsyncIterable<Recording>;
  /** See `createWindowing`. */
  readonly windowing: Windowing;
  /** Opens them, to learn their lengths. */
  readonly open: OpenLocation;
}

/**
 * Labels the windows of recordings, or makes other rows of them.
 *
 * @param label Labels clips, a row each, in their order; it may ask for clips ahead of their rows.
 * @returns A row for every window, recording after recording; of one that cannot be opened, one.
 */
export async function* labelWindows<Row extends BatchRow>(
  label: (clips: AsyncIterable<Clip>) => AsyncIterable<Row>,
  { recordings, windowing, open }: WindowedRecordings,
): AsyncGenerator<Row> {
  /** The recording whose end was seen last: windows that were asked for behind it are none. */
  let ended: Recording | undefined;
  const clips = windowsOf(recordings, windowing, open, (asked) => asked === ended);
  for await (const row of label(clips)) {
    const { recording } = row.request.clip;
    if (recording === ended) continue;
    if (row.failure?.isPastEnd || row.endSample !== undefined) ended = recording;
    if (!row.failure?.isPastEnd) yield row;
  }
}
