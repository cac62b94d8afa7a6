import { CalibrationBuilder } from "./calibration.ts";
import {
  balancedAccuracy,
  type ClassCounts,
  clearClassCounts,
  createClassCounts,
  describeClasses,
  macroF1,
  ratio,
} from "./class_figures.ts";
import { crossEntropy } from "./cross_entropy.ts";
import type { OneLabelEvaluation } from "./evaluation.ts";
import type { EvaluatedRow, Evaluator, EvaluatorOptions } from "./evaluator.ts";
import { intervalAround, wilsonInterval } from "./interval.ts";
import { MistakeRanking } from "./mistake_ranking.ts";
import { argmax } from "./named_classes.ts";
import { resample } from "./resample.ts";

/** The clips of a group, or all clips without one that were answered alike. */
interface Unit {
  /** Clips by outcome: true class · classes + named class. */
  readonly outcomes: Map<number, number>;
  times: number;
}

/**
 * Evaluator of one label a clip. A clip of a class that the model lacks has the class behind the last
 * one; of several labels the first that the model knows counts.
 */
export class OneLabelEvaluator implements Evaluator {
  readonly #classes: readonly string[];
  readonly #seed: number;
  /** By the group; without one, by the outcome. */
  readonly #units = new Map<string | number, Unit>();
  readonly #calibration = new CalibrationBuilder();
  readonly #ranking: MistakeRanking;
  #hasGroups = false;
  #unusable = 0;
  #lossSum = 0;

  /** Starts with no clips. */
  constructor({ classes, mostMistakes = 50, seed = 1 }: EvaluatorOptions) {
    this.#classes = classes;
    this.#seed = seed;
    this.#ranking = new MistakeRanking(classes, mostMistakes);
  }

  /** Adds one clip. */
  add(row: EvaluatedRow): void {
    const { labels, group, probabilities } = row, numClasses = this.#classes.length;
    const whole = probabilities.length === numClasses &&
      Array.prototype.every.call(probabilities, Number.isFinite);
    if (!whole || labels.length === 0) {
      this.#unusable++;
      return;
    }
    const indices = labels.map((label) => this.#classes.indexOf(label));
    const truth = indices.find((index) => index >= 0) ?? numClasses;
    const named = argmax(probabilities), right = named === truth;
    const loss = crossEntropy(truth < numClasses ? probabilities[truth] : 0);
    if (truth < numClasses) this.#lossSum += loss;
    this.#calibration.add(probabilities[named], right);
    if (!right) this.#ranking.add(row, [named], loss);
    this.#count(truth * numClasses + named, group);
  }

  #count(outcome: number, group: string | undefined): void {
    const key = group ?? outcome, unit = this.#units.get(key);
    if (group !== undefined) this.#hasGroups = true;
    if (!unit) this.#units.set(key, { outcomes: new Map([[outcome, 1]]), times: 1 });
    else if (group === undefined) unit.times++;
    else unit.outcomes.set(outcome, (unit.outcomes.get(outcome) ?? 0) + 1);
  }

  /** The figures so far. */
  build(): OneLabelEvaluation {
    const classes = this.#classes, numClasses = classes.length, units = [...this.#units.values()];
    const confusion = classes.map(() => new Array<number>(numClasses).fill(0));
    const counts = createClassCounts(numClasses + 1), totals = units.map(({ times }) => times);
    countOutcomes(units, totals, numClasses, counts);
    for (const { outcomes, times } of units) {
      for (const [outcome, count] of outcomes) {
        const truth = Math.floor(outcome / numClasses);
        if (truth < numClasses) confusion[truth][outcome % numClasses] += count * times;
      }
    }
    const known = withoutForeign(counts), foreignExamples = counts.support[numClasses];
    const examples = sum(counts.support), right = sum(counts.hits);
    const figures = {
      accuracy: ratio(right, examples),
      macroF1: macroF1(known),
      balancedAccuracy: balancedAccuracy(known),
    };
    return {
      task: "one-label",
      examples,
      foreignExamples,
      unusable: this.#unusable,
      loss: ratio(this.#lossSum, examples - foreignExamples),
      ...figures,
      majorityAccuracy: ratio(Math.max(0, ...known.support), examples),
      intervals: this.#intervals(units, figures, { examples, right }),
      perClass: describeClasses(classes, known),
      confusion,
      calibration: this.#calibration.build(),
      numMistakes: this.#ranking.count,
      mistakes: this.#ranking.mistakes,
    };
  }

  #intervals(
    units: readonly Unit[],
    figures: Pick<OneLabelEvaluation, "accuracy" | "macroF1" | "balancedAccuracy">,
    { examples, right }: { readonly examples: number; readonly right: number },
  ): OneLabelEvaluation["intervals"] {
    if (
      figures.accuracy === null || figures.macroF1 === null || figures.balancedAccuracy === null
    ) {
      return { accuracy: null, macroF1: null, balancedAccuracy: null };
    }
    const numClasses = this.#classes.length, counts = createClassCounts(numClasses + 1);
    const known = withoutForeign(counts);
    const sampled = units.map(({ outcomes, times }) => {
      const classCounts = new Map<number, number>();
      for (const [outcome, count] of outcomes) {
        const truth = Math.floor(outcome / numClasses);
        classCounts.set(truth, (classCounts.get(truth) ?? 0) + count);
      }
      return { classCounts, times };
    });
    const [accuracies, f1s, recalls] = resample(sampled, (drawn) => {
      countOutcomes(units, drawn, numClasses, counts);
      return [sum(counts.hits) / sum(counts.support), macroF1(known)!, balancedAccuracy(known)!];
    }, { numClips: examples, seed: this.#seed });
    return {
      accuracy: this.#hasGroups
        ? intervalAround(figures.accuracy, accuracies)
        : wilsonInterval(right, examples),
      macroF1: intervalAround(figures.macroF1, f1s),
      balancedAccuracy: intervalAround(figures.balancedAccuracy, recalls),
    };
  }
}

/** Counts clips, in place. @param times How often each unit counts. */
function countOutcomes(
  units: readonly Unit[],
  times: ArrayLike<number>,
  numClasses: number,
  counts: ClassCounts,
): void {
  clearClassCounts(counts);
  for (let i = 0; i < units.length; i++) {
    if (times[i] === 0) continue;
    for (const [outcome, count] of units[i].outcomes) {
      const truth = Math.floor(outcome / numClasses), named = outcome % numClasses;
      counts.support[truth] += count * times[i];
      counts.predicted[named] += count * times[i];
      if (truth === named) counts.hits[truth] += count * times[i];
    }
  }
}

/** A view of counts without the last class, that of clips whose class the model lacks. */
function withoutForeign({ support, predicted, hits }: ClassCounts): ClassCounts {
  const [a, b, c] = [support, predicted, hits].map((counts) => counts.subarray(0, -1));
  return { support: a, predicted: b, hits: c };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
