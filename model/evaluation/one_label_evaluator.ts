import { areFinite } from "./are_finite.ts";
import { CalibrationBuilder } from "./calibration.ts";
import {
  balancedAccuracy,
  type ClassCounts,
  clearClassCounts,
  createClassCounts,
  describeClasses,
  macroF1,
  ratio,
  sum,
  withoutForeign,
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
  readonly #indexOf: ReadonlyMap<string, number>;
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
    this.#indexOf = new Map(classes.map((name, i) => [name, i]));
    this.#seed = seed;
    this.#ranking = new MistakeRanking(classes, mostMistakes);
  }

  /** Adds one clip. */
  add(row: EvaluatedRow): void {
    const { labels, group, probabilities } = row, numClasses = this.#classes.length;
    const whole = probabilities.length === numClasses && areFinite(probabilities);
    if (!whole || labels.length === 0) {
      this.#unusable++;
      return;
    }
    const known = labels.find((label) => this.#indexOf.has(label));
    const truth = known === undefined ? numClasses : this.#indexOf.get(known)!;
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
    const counts = createClassCounts(numClasses + 1), outcomes = listOutcomes(units, numClasses);
    countOutcomes(outcomes, units.map(({ times }) => times), counts);
    for (const { unit, truth, named, count } of outcomes) {
      if (truth < numClasses) confusion[truth][named] += count * units[unit].times;
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
      intervals: this.#intervals(units, outcomes, figures, { examples, right }),
      perClass: describeClasses(classes, known),
      confusion,
      calibration: this.#calibration.build(),
      numMistakes: this.#ranking.count,
      mistakes: this.#ranking.mistakes,
    };
  }

  #intervals(
    units: readonly Unit[],
    outcomes: readonly Outcome[],
    figures: Pick<OneLabelEvaluation, "accuracy" | "macroF1" | "balancedAccuracy">,
    { examples, right }: { readonly examples: number; readonly right: number },
  ): OneLabelEvaluation["intervals"] {
    if (
      figures.accuracy === null || figures.macroF1 === null || figures.balancedAccuracy === null
    ) {
      return { accuracy: null, macroF1: null, balancedAccuracy: null };
    }
    const counts = createClassCounts(this.#classes.length + 1), known = withoutForeign(counts);
    const sampled = units.map(({ times }) => ({ classCounts: new Map<number, number>(), times }));
    for (const { unit, truth, count } of outcomes) {
      const { classCounts } = sampled[unit];
      classCounts.set(truth, (classCounts.get(truth) ?? 0) + count);
    }
    const [accuracies, f1s, recalls] = resample(sampled, (drawn) => {
      countOutcomes(outcomes, drawn, counts);
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

/** Clips of one unit that have one class and were named one. */
interface Outcome {
  /** The unit's index. */
  readonly unit: number;
  readonly truth: number;
  readonly named: number;
  readonly count: number;
}

function listOutcomes(units: readonly Unit[], numClasses: number): Outcome[] {
  return units.flatMap(({ outcomes }, unit) =>
    Array.from(outcomes, ([outcome, count]) => ({
      unit,
      truth: Math.floor(outcome / numClasses),
      named: outcome % numClasses,
      count,
    }))
  );
}

/** Counts clips, in place. @param times How often each unit counts. */
function countOutcomes(
  outcomes: readonly Outcome[],
  times: ArrayLike<number>,
  counts: ClassCounts,
): void {
  clearClassCounts(counts);
  for (let i = 0; i < outcomes.length; i++) {
    const { unit, truth, named, count } = outcomes[i], clips = count * times[unit];
    counts.support[truth] += clips;
    counts.predicted[named] += clips;
    if (truth === named) counts.hits[truth] += clips;
  }
}
