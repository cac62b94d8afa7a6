/** Scores the events that are found against the annotations of their recordings, while they are found. */
import type { EventEvaluation, EventTolerance } from "../../model/evaluation/event_evaluation.ts";
import { EventEvaluator } from "../../model/evaluation/event_evaluator.ts";
import type { Recording } from "../../pipeline/recording.ts";
import type { Windowing } from "../../pipeline/windows.ts";
import type { ScoredRecording } from "../../report/report.ts";
import type { Event } from "./events.ts";

/** Recordings that are kept to be shown. */
const mostShown = 6;

/** Events of recordings, one recording after the other, against what is annotated in them. */
export class EventScorer {
  readonly #evaluator: EventEvaluator;
  readonly #shown: ScoredRecording[] = [];
  #events: Event[] = [];

  /**
   * Starts with nothing. A segment is a hop long.
   *
   * @param toleranceSeconds Most seconds between the starts of equal events. @default {a window's length}
   */
  constructor(
    classes: readonly string[],
    { length, hop, sampleRateHz }: Windowing,
    toleranceSeconds: number = length / sampleRateHz,
  ) {
    const tolerance: EventTolerance = { onsetSeconds: toleranceSeconds };
    this.#evaluator = new EventEvaluator({
      classes,
      tolerance,
      segmentSeconds: hop / sampleRateHz,
    });
  }

  /** Takes an event of the recording under way. */
  add(event: Event): void {
    if (event.recording.annotations) this.#events.push(event);
  }

  /** Ends a recording: what is known of it is compared. */
  end(recording: Recording): void {
    const { annotations: truth, group } = recording;
    const predicted = this.#events.splice(0, Infinity).map((
      { startSeconds, endSeconds, label, probability },
    ) => ({ startSeconds, endSeconds, label, score: probability }));
    if (!truth) return;
    this.#evaluator.add({ truth, predicted, group });
    if (this.#shown.length < mostShown) this.#shown.push({ recording, truth, predicted });
  }

  /** The figures so far, and the first recordings. */
  build(): { readonly evaluation: EventEvaluation; readonly shown: readonly ScoredRecording[] } {
    return { evaluation: this.#evaluator.build(), shown: this.#shown };
  }
}
