/** Scores the events that are found against the annotations of their recordings, while they are found. */
import { TextLineStream } from "../../deps/std_streams.ts";
import type { EventEvaluation, PredictedEvent } from "../../model/evaluation/event_evaluation.ts";
import type { Decision } from "../../model/decision.ts";
import { EventEvaluator } from "../../model/evaluation/event_evaluator.ts";
import type { Recording } from "../../pipeline/recording.ts";
import type { Windowing } from "../../pipeline/windows.ts";
import type { ScoredRecording } from "../../report/report.ts";
import type { GrowingFile } from "../files/growing_file.ts";
import type { ResumableOutput } from "../files/resumable_output.ts";
import type { Event } from "./events.ts";

/** Recordings that are kept to be shown. */
const mostShown = 6;

/** How events are scored. */
export interface EventScorerOptions {
  /** The labeller's: which classes may be said. */
  readonly decision: Pick<Decision, "classes" | "labels">;
  /** The windows that the events are made of; a segment is a hop long. */
  readonly windowing: Windowing;
  /** Most seconds between the starts of an event and an annotation that is it. @default {a window's length} */
  readonly toleranceSeconds?: number;
}

/**
 * Events of recordings, one recording after the other, against what is annotated in them: kept, so that a
 * prediction that was stopped is scored whole.
 */
export class EventScorer {
  readonly #evaluator: EventEvaluator;
  readonly #shown: ScoredRecording[] = [];
  readonly #file: GrowingFile | undefined;
  /** Classes that are not to be found: where they are annotated, nothing is. */
  readonly #background: ReadonlySet<string>;
  #predicted: PredictedEvent[] = [];

  private constructor(options: EventScorerOptions, file: GrowingFile | undefined) {
    const { decision: { classes, labels }, windowing: { length, hop, sampleRateHz } } = options;
    const { toleranceSeconds = length / sampleRateHz } = options;
    this.#file = file;
    this.#background = new Set(classes).difference(new Set(labels));
    this.#evaluator = new EventEvaluator({
      classes: labels,
      tolerance: { onsetSeconds: toleranceSeconds },
      segmentSeconds: hop / sampleRateHz,
    });
  }

  /**
   * Opens it, with the events of the recordings that are done.
   *
   * @throws {RunError} where they cannot be read or written.
   */
  static async open(
    output: ResumableOutput<unknown>,
    recordings: readonly Recording[],
    options: EventScorerOptions,
  ): Promise<EventScorer> {
    const file = await output.file("scored.jsonl"), scorer = new EventScorer(options, file);
    if (!file || file.size === 0) return scorer;
    const done = recordings.slice(0, output.done).filter(({ annotations }) => annotations).values();
    const lines = (await Deno.open(file.path)).readable.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      const { value: recording } = done.next();
      if (recording) scorer.#score(recording, JSON.parse(line));
    }
    return scorer;
  }

  /** Takes an event of the recording under way. */
  add({ recording, startSeconds, endSeconds, label, probability: score }: Event): void {
    if (!recording.annotations) return;
    this.#predicted.push({ startSeconds, endSeconds, label, score });
  }

  /** Ends a recording: what is known of it is compared. @throws {RunError} where it cannot be written. */
  async end(recording: Recording): Promise<void> {
    if (!recording.annotations) return;
    const predicted = this.#predicted;
    this.#predicted = [];
    await this.#file?.write(`${JSON.stringify(predicted)}\n`);
    this.#score(recording, predicted);
  }

  #score(recording: Recording, predicted: readonly PredictedEvent[]): void {
    const { annotations = [], group } = recording;
    const truth = annotations.filter(({ label }) => !this.#background.has(label));
    this.#evaluator.add({ truth, predicted, group });
    if (this.#shown.length < mostShown) this.#shown.push({ recording, truth, predicted });
  }

  /** The figures so far, and the first recordings. */
  build(): { readonly evaluation: EventEvaluation; readonly shown: readonly ScoredRecording[] } {
    return { evaluation: this.#evaluator.build(), shown: this.#shown };
  }
}
