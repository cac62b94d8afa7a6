import type { Calibration } from "./calibration.ts";
import type { ClassFigures, RankedClassFigures } from "./class_figures.ts";
import type { Interval } from "./interval.ts";
import type { Mistake } from "./mistake_ranking.ts";

/** Figures over clips whose labels are known: plain data, also what `metrics.json` holds of them. */
export type Evaluation = OneLabelEvaluation | SeveralLabelsEvaluation;

/** Task of a model: one class a clip, or any number of them. */
export type EvaluationTask = Evaluation["task"];

/** Figures of either task. Each that nothing was measured for is `null`, never zero. */
export interface CommonFigures {
  /** Clips that count. */
  readonly examples: number;
  /** Clips among them with a label that is none of the model's classes: they count as wrong. */
  readonly foreignExamples: number;
  /** Clips left out, as a probability is no number or, of one label a clip, there is none. */
  readonly unusable: number;
  /** Mean F1 over the classes that occur. */
  readonly macroF1: number | null;
  /** Agreement of the stated probabilities with what came true. */
  readonly calibration: Calibration | null;
  /** Clips that were named wrongly. */
  readonly numMistakes: number;
  /** The first of them in the order of `MistakeRanking`. */
  readonly mistakes: readonly Mistake[];
}

/** Figures of a model that gives every clip one class. */
export interface OneLabelEvaluation extends CommonFigures {
  /** Tells the two tasks apart. */
  readonly task: "one-label";
  /** Mean cross-entropy, −ln of the probability given to the true class, where the model knows it. */
  readonly loss: number | null;
  /** Share of the clips that were named rightly. */
  readonly accuracy: number | null;
  /** Mean recall over the classes that occur. */
  readonly balancedAccuracy: number | null;
  /** Share of the largest class: what always naming it would reach. */
  readonly majorityAccuracy: number | null;
  /**
   * 95 % intervals: Wilson's for the accuracy without groups, else from `resample`; `null` where the
   * clips leave none.
   */
  readonly intervals: Readonly<
    Record<"accuracy" | "macroF1" | "balancedAccuracy", Interval | null>
  >;
  /** Every class, in the model's order. */
  readonly perClass: readonly ClassFigures[];
  /** `confusion[true][predicted]`, in clips. */
  readonly confusion: readonly (readonly number[])[];
}

/** Figures of a model that gives a clip any number of classes: those above one half. */
export interface SeveralLabelsEvaluation extends CommonFigures {
  /** Tells the two tasks apart. */
  readonly task: "several-labels";
  /** Binary cross-entropy: mean over all pairs of a clip and a class. */
  readonly loss: number | null;
  /** Mean of the classes' average precisions over those that occur. */
  readonly meanAveragePrecision: number | null;
  /** Share of all pairs of a clip and a class that are on the right side of one half. */
  readonly labelAccuracy: number | null;
  /** Share of the clips that were given exactly their labels. */
  readonly exactMatches: number | null;
  /** Label accuracy of the commoner answer for each class, the same for every clip. */
  readonly majorityLabelAccuracy: number | null;
  /** 95 % intervals, from `resample`; `null` where the clips leave none. */
  readonly intervals: Readonly<Record<"meanAveragePrecision" | "macroF1", Interval | null>>;
  /** Every class, in the model's order. */
  readonly perClass: readonly RankedClassFigures[];
}

/** The task of a network, by the activation of its outputs. */
export function taskOf(
  { activation }: { readonly activation: "softmax" | "sigmoid" },
): EvaluationTask {
  return activation === "sigmoid" ? "several-labels" : "one-label";
}

/** The figure that the better of two models has more of: accuracy, or mean average precision. */
export function scoreOf(evaluation: Evaluation): number | null {
  return evaluation.task === "one-label" ? evaluation.accuracy : evaluation.meanAveragePrecision;
}

/** The 95 % interval of that figure. */
export function intervalOf(evaluation: Evaluation): Interval | null {
  return evaluation.task === "one-label"
    ? evaluation.intervals.accuracy
    : evaluation.intervals.meanAveragePrecision;
}
