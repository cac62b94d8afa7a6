import type { Annotation } from "../../pipeline/annotation.ts";
import type { ClassFigures } from "./class_figures.ts";
import type { Interval } from "./interval.ts";

/** An event that a model says is there. */
export interface PredictedEvent extends Annotation {
  /** What says how sure it is: its probability. */
  readonly score: number;
}

/** One recording with the events that are in it and those that a model says are. */
export interface RecordingEvents {
  /** The events that are there. */
  readonly truth: readonly Annotation[];
  /** The events that are said to be. */
  readonly predicted: readonly PredictedEvent[];
  /** The group, such as the place, whose recordings are alike. @default {the recording itself} */
  readonly group?: string;
}

/** When two events of one label are the same. */
export interface EventTolerance {
  /** Most seconds between their starts. */
  readonly onsetSeconds: number;
  /**
   * Most seconds between their ends; or half of the true event's length, where that is more. Without it
   * ends do not matter.
   */
  readonly offsetSeconds?: number;
}

/** Precision, recall and F1, over all classes. `null` where there is nothing to divide by. */
export interface DetectionFigures {
  /** Share of what was said that is there. */
  readonly precision: number | null;
  /** Share of what is there that was said. */
  readonly recall: number | null;
  /** Harmonic mean of the two. */
  readonly f1: number | null;
  /** Mean of the classes' F1, over those that occur. */
  readonly macroF1: number | null;
}

/** Figures of one class. */
export interface EventClassFigures extends ClassFigures {
  /** Average precision of the ranking by score, what was not said counted as missed; `null` where none occurs. */
  readonly averagePrecision: number | null;
  /** F1 over segments; `null` where the class neither occurs nor was said. */
  readonly segmentF1: number | null;
}

/** Figures over recordings whose events are known: plain data. */
export interface EventEvaluation {
  /** Recordings that count. */
  readonly recordings: number;
  /** Events that are there. */
  readonly truths: number;
  /** Events among them of none of the model's classes: all missed, and in no mean over classes. */
  readonly foreignTruths: number;
  /** Events that were said. */
  readonly predicted: number;
  /** When two events are the same. */
  readonly tolerance: EventTolerance;
  /** Length of a segment, in seconds. */
  readonly segmentSeconds: number;
  /** Over events. */
  readonly events: DetectionFigures;
  /** Over segments. */
  readonly segments: DetectionFigures;
  /** Mean of the classes' average precisions, over those that occur. */
  readonly meanAveragePrecision: number | null;
  /** 95 % intervals of figures over events, from `resample` by recording; `null` where these leave none. */
  readonly intervals: Readonly<Record<"f1" | "macroF1" | "meanAveragePrecision", Interval | null>>;
  /** Every class, in the model's order; support and counts are events. */
  readonly perClass: readonly EventClassFigures[];
}
