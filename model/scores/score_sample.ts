import { createRandom, type Random } from "../../pipeline/random.ts";
import { areFinite } from "../evaluation/are_finite.ts";
import type { EvaluationTask } from "../evaluation/evaluation.ts";
import type { EvaluatedRow, EvaluatorOptions } from "../evaluation/evaluator.ts";

/** One clip with what is true of it and what the model says, `[numClasses]` each. */
export interface ScoredRow {
  /** Probabilities of the classes. */
  readonly probabilities: Float32Array;
  /** 1 for the classes that it is of: none where the model lacks its class. */
  readonly truths: Uint8Array;
  /** The half of the clips that it is in. */
  readonly half: 0 | 1;
}

/** Choices of a sample. */
export interface ScoreSampleOptions extends Pick<EvaluatorOptions, "classes" | "seed"> {
  /** Task of the model. */
  readonly task: EvaluationTask;
}

/** Most probabilities that are kept: 10 MB with the truths. */
const mostProbabilities = 2_000_000;

/**
 * Clips to fit temperature and thresholds to: all of them, or of very many a fair sample (Vitter's algorithm R,
 * drawn by the seed). They come in two halves, alike in their labels, that hold whole groups: what is fitted to
 * one is measured on the other. Which of two goes where is drawn.
 */
export class ScoreSample {
  /** The clips. */
  readonly rows: ScoredRow[] = [];
  readonly #options: ScoreSampleOptions;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #mostRows: number;
  readonly #random: Random;
  readonly #halfOfGroup = new Map<string, 0 | 1>();
  /** The half of the next clip or group with these labels, where the one before went to the other. */
  readonly #owed = new Map<string, 0 | 1>();
  #numSeen = 0;

  /** Starts with no clips. */
  constructor(options: ScoreSampleOptions) {
    const { classes, seed = 1 } = options;
    this.#options = options;
    this.#indexOf = new Map(classes.map((name, i) => [name, i]));
    this.#mostRows = Math.max(1, Math.floor(mostProbabilities / classes.length));
    this.#random = createRandom(seed, "score sample");
  }

  /** Adds one clip; one that no evaluator counts is left out. */
  add({ labels, group, probabilities }: EvaluatedRow): void {
    const { task, classes } = this.#options, numClasses = classes.length;
    if (probabilities.length !== numClasses || !areFinite(probabilities)) return;
    if (task === "one-label" && labels.length === 0) return;
    const half = this.#halfOf(labels, group);
    const index = this.#numSeen++ < this.#mostRows
      ? this.rows.length
      : this.#random.integer(this.#numSeen);
    if (index >= this.#mostRows) return;
    const known = labels.flatMap((label) => this.#indexOf.get(label) ?? []);
    const truths = new Uint8Array(numClasses);
    for (const k of task === "one-label" ? known.slice(0, 1) : known) truths[k] = 1;
    this.rows[index] = { probabilities: Float32Array.from(probabilities), truths, half };
  }

  #halfOf(labels: readonly string[], group: string | undefined): 0 | 1 {
    const known = group === undefined ? undefined : this.#halfOfGroup.get(group);
    if (known !== undefined) return known;
    const key = JSON.stringify(labels), owed = this.#owed.get(key);
    const half = owed ?? (this.#random.next() < 0.5 ? 0 : 1);
    if (owed === undefined) this.#owed.set(key, half === 0 ? 1 : 0);
    else this.#owed.delete(key);
    if (group !== undefined) this.#halfOfGroup.set(group, half);
    return half;
  }
}
