import { averagePrecision, rank, type Ranking } from "./average_precision.ts";
import { CalibrationBuilder } from "./calibration.ts";
import {
  type ClassCounts,
  createClassCounts,
  describeClasses,
  macroF1,
  meanOverPresent,
  ratio,
} from "./class_figures.ts";
import { areFinite } from "./are_finite.ts";
import { binaryCrossEntropy } from "./cross_entropy.ts";
import type { SeveralLabelsEvaluation } from "./evaluation.ts";
import type { EvaluatedRow, Evaluator, EvaluatorOptions } from "./evaluator.ts";
import { intervalAround } from "./interval.ts";
import { MistakeRanking } from "./mistake_ranking.ts";
import { labelThreshold, namedClasses } from "./named_classes.ts";
import { resample, type SamplingUnit } from "./resample.ts";

/** One clip, `[numClasses]` each. */
interface Row {
  readonly probabilities: Float32Array;
  readonly truths: Uint8Array;
  readonly group?: string;
}

/** All clips by the probability of one class: the first `numNamed` of them are named so. */
interface ClassRanking extends Ranking {
  readonly numNamed: number;
}

/** Evaluator of any number of labels a clip; a clip without any is one that should get none. */
export class SeveralLabelsEvaluator implements Evaluator {
  readonly #classes: readonly string[];
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #seed: number;
  readonly #rows: Row[] = [];
  readonly #calibration = new CalibrationBuilder();
  readonly #ranking: MistakeRanking;
  #unusable = 0;
  #lossSum = 0;
  #foreignExamples = 0;
  /** Pairs of a clip and a label that the model lacks: wrong, each of them. */
  #foreignPairs = 0;
  #rightPairs = 0;

  /** Starts with no clips. */
  constructor({ classes, mostMistakes = 50, seed = 1 }: EvaluatorOptions) {
    this.#classes = classes;
    this.#indexOf = new Map(classes.map((name, i) => [name, i]));
    this.#seed = seed;
    this.#ranking = new MistakeRanking(classes, mostMistakes);
  }

  /** Adds one clip. */
  add(row: EvaluatedRow): void {
    const { labels, group } = row, numClasses = this.#classes.length;
    const probabilities = Float32Array.from(row.probabilities);
    if (probabilities.length !== numClasses || !areFinite(probabilities)) {
      this.#unusable++;
      return;
    }
    const truths = new Uint8Array(numClasses);
    let foreign = 0, right = 0;
    for (const label of labels) {
      const index = this.#indexOf.get(label);
      if (index === undefined) foreign++;
      else truths[index] = 1;
    }
    const loss = binaryCrossEntropy(probabilities, truths);
    probabilities.forEach((probability, i) => {
      this.#calibration.add(probability, truths[i] === 1);
      if (probability > labelThreshold === (truths[i] === 1)) right++;
    });
    if (right < numClasses || foreign > 0) {
      this.#ranking.add(row, namedClasses(probabilities, "several-labels"), loss);
    }
    this.#lossSum += loss;
    this.#rightPairs += right;
    this.#foreignPairs += foreign;
    if (foreign > 0) this.#foreignExamples++;
    this.#rows.push({ probabilities, truths, ...group === undefined ? {} : { group } });
  }

  /** The figures so far. */
  build(): SeveralLabelsEvaluation {
    const rows = this.#rows, examples = rows.length, numClasses = this.#classes.length;
    const rankings = this.#classes.map((_, i) => rankingOf(rows, i));
    const counts = createClassCounts(numClasses);
    countNamed(rankings, undefined, counts);
    const precisions = rankings.map((ranking, i) =>
      counts.support[i] > 0 ? averagePrecision(ranking) : null
    );
    const figures = {
      meanAveragePrecision: meanOverPresent(counts.support, (i) => precisions[i]!),
      macroF1: macroF1(counts),
    };
    const pairs = examples * numClasses + this.#foreignPairs;
    const majority = counts.support.reduce((sum, n) => sum + Math.max(n, examples - n), 0);
    return {
      task: "several-labels",
      examples,
      foreignExamples: this.#foreignExamples,
      unusable: this.#unusable,
      loss: ratio(this.#lossSum, examples),
      ...figures,
      labelAccuracy: ratio(this.#rightPairs, pairs),
      exactMatches: ratio(examples - this.#ranking.count, examples),
      majorityLabelAccuracy: ratio(majority, pairs),
      intervals: this.#intervals(rankings, figures),
      perClass: describeClasses(this.#classes, counts)
        .map((figures, i) => ({ ...figures, averagePrecision: precisions[i] })),
      calibration: this.#calibration.build(),
      numMistakes: this.#ranking.count,
      mistakes: this.#ranking.mistakes,
    };
  }

  #intervals(
    rankings: readonly ClassRanking[],
    { meanAveragePrecision, macroF1: f1 }: Pick<
      SeveralLabelsEvaluation,
      "meanAveragePrecision" | "macroF1"
    >,
  ): SeveralLabelsEvaluation["intervals"] {
    if (meanAveragePrecision === null || f1 === null) {
      return { meanAveragePrecision: null, macroF1: null };
    }
    const rows = this.#rows, { units, unitOf } = unitsOf(rows);
    const counts = createClassCounts(this.#classes.length), times = new Uint32Array(rows.length);
    const [precisions, f1s] = resample(units, (drawn) => {
      for (let i = 0; i < times.length; i++) times[i] = drawn[unitOf[i]];
      countNamed(rankings, times, counts);
      const precisionOf = (i: number) => averagePrecision(rankings[i], times);
      return [meanOverPresent(counts.support, precisionOf) ?? 0, macroF1(counts) ?? 0];
    }, { numClips: rows.length * rankings.length, seed: this.#seed });
    return {
      meanAveragePrecision: intervalAround(meanAveragePrecision, precisions),
      macroF1: intervalAround(f1, f1s),
    };
  }
}

function rankingOf(rows: readonly Row[], index: number): ClassRanking {
  const scores = Float32Array.from(rows, ({ probabilities }) => probabilities[index]);
  const truths = Uint8Array.from(rows, ({ truths }) => truths[index]);
  const numNamed = scores.reduce((sum, score) => sum + Number(score > labelThreshold), 0);
  return { ...rank(scores, truths), numNamed };
}

/** Counts by class, in place. @param times How often each clip counts; absent, once. */
function countNamed(
  rankings: readonly ClassRanking[],
  times: ArrayLike<number> | undefined,
  counts: ClassCounts,
): void {
  rankings.forEach(({ examples, truths, numNamed }, k) => {
    let support = 0, predicted = 0, hits = 0;
    for (let place = 0; place < examples.length; place++) {
      const count = times ? times[examples[place]] : 1, named = place < numNamed;
      if (truths[place]) support += count;
      if (named) predicted += count;
      if (named && truths[place]) hits += count;
    }
    counts.support[k] = support;
    counts.predicted[k] = predicted;
    counts.hits[k] = hits;
  });
}

/** The groups, and the clips without one, and which of these each clip is in. */
function unitsOf(rows: readonly Row[]): { units: SamplingUnit[]; unitOf: Uint32Array } {
  const byGroup = new Map<string, number>(), counts: Map<number, number>[] = [];
  const unitOf = Uint32Array.from(rows, ({ truths, group }) => {
    const known = group === undefined ? undefined : byGroup.get(group);
    const unit = known ?? counts.push(new Map()) - 1;
    if (group !== undefined) byGroup.set(group, unit);
    truths.forEach((truth, k) => {
      if (truth) counts[unit].set(k, (counts[unit].get(k) ?? 0) + 1);
    });
    return unit;
  });
  return { units: counts.map((classCounts) => ({ classCounts, times: 1 })), unitOf };
}
