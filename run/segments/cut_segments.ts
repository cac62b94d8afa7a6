/**
 * Segments: events cut out of their recordings for people to listen to, with a page that asks whether each is
 * what the model took it for. Its answers are a labels table that `train` takes.
 */
import { DecodeError } from "../../pipeline/decode/audio.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import type { OpenSource } from "../../pipeline/locations/byte_source.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { compareNatural } from "../../pipeline/sources/natural_order.ts";
import { renderReviewPage } from "../../report/review_page.ts";
import { drawSegment } from "../../report/segment_picture.ts";
import { formatRow } from "../files/csv_file.ts";
import { micro } from "../events/event_format.ts";
import { readEvents } from "../events/read_events.ts";
import { createAtomicFolder, type WriteFile } from "../files/atomic_folder.ts";
import { RunError } from "../run_error.ts";
import { type CutOptions, cutStretch } from "./cut_stretch.ts";
import { EventSampler, type SampledEvent, type SampleOptions } from "./sample_events.ts";
import { SegmentNames } from "./segment_names.ts";

/** What is cut, and where it goes. */
export interface SegmentsOptions extends SampleOptions, CutOptions {
  /** A file of events, as `predictEvents` writes it: CSV, JSON lines or Parquet. */
  readonly events: string;
  /** The recordings that they may be in. */
  readonly recordings: readonly Recording[];
  /** The folder to make. */
  readonly out: string;
  /** How they are asked about: as they were drawn, by chance within a label, or the highest score first. @default {"drawn"} */
  readonly order?: "drawn" | "score";
  /** Is told how many of the events drawn are cut. */
  readonly onSegment?: (done: number, of: number) => void;
}

/** An event that was cut out. */
export interface Segment extends SampledEvent {
  /** Its WAV file below the folder; its picture's name differs in the ending, `.png`. */
  readonly clip: string;
  /** Where the clip begins in the recording, in seconds. */
  readonly clipStart: number;
  /** Where it ends. */
  readonly clipEnd: number;
  /** The recording's and the clip's, in Hz. */
  readonly sampleRateHz: number;
}

/** What it came to. */
export interface SegmentsResult {
  /** Events in recordings that are there. */
  readonly events: number;
  /** Their labels. */
  readonly labels: number;
  /** Those that were drawn and cut. */
  readonly segments: number;
  /** Those that were drawn and could not be cut: `skipped.csv` says why. */
  readonly skipped: number;
  /** Events of other recordings, with one of these. */
  readonly elsewhere: { readonly count: number; readonly example?: string };
}

/**
 * Draws events and makes a folder of them: `clips/LABEL/*.wav` with a picture each, `segments.csv`, `skipped.csv` and
 * `review.html`. Memory does not grow with the number of events; of a recording only the stretch is decoded.
 *
 * @throws {RunError} where the events cannot be read, none is in any of the recordings, or the folder cannot
 * be made: nothing is left then.
 */
export async function cutSegments(options: SegmentsOptions): Promise<SegmentsResult> {
  const { recordings, out, order, onSegment } = options;
  const byId = new Map(recordings.map((recording) => [recording.id, recording]));
  const { sampler, elsewhere } = await sampleFrom(options, byId);
  const sampled = sampler.take(), counts = sampler.counts;
  const drawn = order === "score"
    ? sampled.toSorted((a, b) => b.probability - a.probability)
    : sampled;
  return await createAtomicFolder(out, async (write) => {
    const names = new SegmentNames(), cut = new Map<SampledEvent, Segment>();
    const skipped: (readonly (string | number)[])[] = [];
    let done = 0;
    using sources = new OneSource();
    const inOrder = drawn.toSorted((a, b) =>
      compareNatural(a.filename, b.filename) || a.start - b.start
    );
    for (const event of inOrder) {
      try {
        const recording = byId.get(event.filename)!;
        const source = { recording, bytes: await sources.open(recording) };
        const clip = `clips/${names.next(event.label, event.filename, event.start)}`;
        cut.set(event, await writeSegment(event, clip, source, options, write));
      } catch (error) {
        if (!(error instanceof DecodeError || error instanceof RangeError)) throw error;
        const { filename, start, end, label } = event;
        skipped.push([filename, start, end, label, (error as Error).message]);
      }
      onSegment?.(++done, drawn.length);
    }
    const segments = drawn.flatMap((event) => cut.get(event) ?? []);
    if (segments.length === 0) {
      throw new RunError(`Cannot cut any of ${drawn.length} events: ${skipped[0].at(-1)}`);
    }
    await write("segments.csv", tableOf(segments));
    await write(
      "skipped.csv",
      [["filename", "start", "end", "label", "cause"], ...skipped].map(formatRow).join(""),
    );
    await write("review.html", await renderReviewPage({ ...options, segments, counts }));
    const events = [...counts.values()].flat().reduce((sum, count) => sum + count, 0);
    return {
      ...{ events, labels: counts.size, elsewhere },
      ...{ segments: segments.length, skipped: skipped.length },
    };
  });
}

async function sampleFrom(options: SegmentsOptions, recordings: ReadonlyMap<string, Recording>) {
  const sampler = new EventSampler(options);
  let count = 0, example: string | undefined;
  for await (const event of readEvents(options.events)) {
    if (recordings.has(event.filename)) sampler.add(event);
    else {
      count++;
      example ??= event.filename;
    }
  }
  if (sampler.counts.size === 0) {
    const seen = example === undefined ? "it names none" : `there is no ${example}`;
    throw new RunError(
      `Cannot cut segments as ${options.events} must name recordings that are there: ${seen}` +
        `${count > 1 ? ", nor any other it names" : ""} (--data says where they lie)`,
    );
  }
  return { sampler, elsewhere: { count, example } };
}

async function writeSegment(
  event: SampledEvent,
  path: string,
  { recording, bytes }: { readonly recording: Recording; readonly bytes: OpenSource },
  options: CutOptions,
  write: WriteFile,
): Promise<Segment> {
  const { samples, sampleRateHz, startSeconds } = await cutStretch(
    ...[event, bytes, options, recording.part] as const,
  );
  const picture = drawSegment(samples, sampleRateHz, await loadDsp());
  await write(`${path}.wav`, encodeWav(samples, sampleRateHz));
  await write(`${path}.png`, picture);
  return {
    ...event,
    sampleRateHz,
    clip: `${path}.wav`,
    clipStart: micro(startSeconds),
    clipEnd: micro(startSeconds + samples.length / sampleRateHz),
  };
}

function tableOf(segments: readonly Segment[]): string {
  const header = ["clip", "filename", "start", "end", "label", "probability"];
  return [
    [...header, "clip_start", "clip_end"],
    ...segments.map((segment) => [
      ...[segment.clip, segment.filename, segment.start, segment.end, segment.label],
      ...[segment.probability, segment.clipStart, segment.clipEnd],
    ]),
  ].map(formatRow).join("");
}

/** Holds the recording open that was asked for last. */
class OneSource {
  #recording?: Recording;
  #source?: OpenSource;

  async open(recording: Recording): Promise<OpenSource> {
    if (recording !== this.#recording) {
      this[Symbol.dispose]();
      this.#source = await openLocation(recording.location);
      this.#recording = recording;
    }
    return this.#source!;
  }

  [Symbol.dispose](): void {
    this.#source?.[Symbol.dispose]();
    this.#source = this.#recording = undefined;
  }
}
