/** How a model's probabilities become labels: the one place that decides it, for files and events alike. */
import { onOrOff, text } from "../settings/value_range.ts";
import { resolveSettings, SettingError, type SettingsOf } from "../settings/setting.ts";
import { type EvaluationTask, taskOf } from "./evaluation/evaluation.ts";
import { argmax, labelThreshold } from "./evaluation/named_classes.ts";
import type { ModelCard } from "./model_card.ts";
import { outputOf } from "./network.ts";
import { scaleProbabilities } from "./scores/temperature.ts";

/** How labels are decided on; `decisionSettings` has the defaults. */
export interface DecisionOptions {
  /**
   * Label of a clip that reaches the threshold of no class. Without it every clip is given a class: the most
   * probable one, or those above one half.
   */
  readonly unknown?: string;
  /** The probabilities as the network states them, without the model's temperature. */
  readonly rawProbabilities: boolean;
}

/** The settings of how labels are decided on. */
export const decisionSettings: SettingsOf<DecisionOptions> = {
  unknown: {
    range: text,
    help: "label of a clip that reaches no class's threshold",
    group: "Output",
    placeholder: "label",
  },
  rawProbabilities: {
    range: onOrOff,
    default: false,
    help: "probabilities without the model's temperature",
    group: "Output",
    excludes: "unknown",
  },
};

/**
 * Decides on labels by what a model's card says: its temperature, its thresholds, and its background classes,
 * which are never a label.
 */
export class Decision {
  /** The classes, in the order of the probabilities. */
  readonly classes: readonly string[];
  /** Those that are given out as labels: all but the background classes. */
  readonly labels: readonly string[];
  /** Label of a clip that reaches no class's threshold, where there is one. */
  readonly unknown: string | undefined;
  /** Label of a clip of which nothing is known, as it cannot be read: the unknown one, or the commonest. */
  readonly fallback: string;
  readonly #thresholds: readonly (number | null)[];
  readonly #task: EvaluationTask;
  readonly #temperature: number;
  readonly #background: ReadonlySet<number>;

  /**
   * Decides by a model's card.
   *
   * @throws {SettingError} where `unknown` is one of the model's labels, or the model has no thresholds.
   */
  constructor(card: ModelCard, options: Partial<DecisionOptions> = {}) {
    const { unknown, rawProbabilities } = resolveSettings(decisionSettings, options, "label");
    const { classes, backgroundClasses = [], scores, majorityLabel } = card;
    this.classes = classes;
    this.labels = classes.filter((name) => !backgroundClasses.includes(name));
    const refuse = (rule: string) => {
      throw new SettingError("label", "unknown", rule, unknown);
    };
    if (unknown !== undefined) {
      if (rawProbabilities) refuse("absent for raw probabilities, which thresholds are not for");
      if (!scores) {
        refuse(
          "absent, as this model has no thresholds: it was not validated, or by an earlier version",
        );
      }
      if (this.labels.includes(unknown)) refuse("a label that is none of the model's");
    }
    this.#thresholds = scores?.thresholds ?? [];
    this.#task = taskOf(outputOf(card.network));
    this.#temperature = rawProbabilities ? 1 : scores?.temperature ?? 1;
    this.#background = new Set(backgroundClasses.map((name) => classes.indexOf(name)));
    this.unknown = unknown;
    this.fallback = unknown ?? majorityLabel;
  }

  /**
   * What is stated of a clip: the network's probabilities at the model's temperature. Where there are several
   * looks or models, of their mean, so that the labels are those of the mean.
   */
  scale(probabilities: ArrayLike<number>): Float64Array {
    return scaleProbabilities(probabilities, this.#temperature, this.#task);
  }

  /** The labels of a clip: never none. @param probabilities As `scale` returns them. */
  labelsOf(probabilities: ArrayLike<number>): string[] {
    const { classes } = this, isOneLabel = this.#task === "one-label";
    if (this.unknown !== undefined) {
      const believed = this.classesOf(probabilities);
      if (believed.length === 0) return [this.unknown];
      const named = isOneLabel ? believed.slice(0, 1) : believed.sort((a, b) => a - b);
      return named.map((k) => classes[k]);
    }
    const given = Array.from(probabilities, (p, k) => this.#background.has(k) ? -1 : p);
    const above = given.flatMap((p, k) => p > labelThreshold ? classes[k] : []);
    return isOneLabel || above.length === 0 ? [classes[argmax(given)]] : above;
  }

  /**
   * Indices of the classes that an event may have, the most probable first: no background, and, where there is
   * a label for unknown clips, those alone that reach their threshold. With one label a clip there is none
   * where a background class is the most probable.
   *
   * @param probabilities As `scale` returns them.
   */
  classesOf(probabilities: ArrayLike<number>): number[] {
    const ranked = Array.from({ length: probabilities.length }, (_, k) => k)
      .sort((a, b) => probabilities[b] - probabilities[a] || a - b);
    if (this.#task === "one-label" && this.#background.has(ranked[0])) return [];
    return ranked.filter((k) => !this.#background.has(k) && this.#reaches(k, probabilities[k]));
  }

  #reaches(k: number, probability: number): boolean {
    if (this.unknown === undefined) return true;
    return probability >= (this.#thresholds[k] ?? Infinity);
  }
}
