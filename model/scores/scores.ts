import { isList, positive, type Rule } from "../rules.ts";
import { temperatureLimits } from "./temperature.ts";

/** What a model's probabilities mean, as its validation clips say: part of its card. */
export interface Scores {
  /** What its logits are divided by: see `scaleProbabilities`. */
  readonly temperature: number;
  /** The probability, at that temperature, from which on each class is believed; `null` for never. */
  readonly thresholds: readonly (number | null)[];
  /** The precision that the thresholds were chosen to reach; `null` where for the best F1. */
  readonly precision: number | null;
}

const isShare = (value: unknown) => typeof value === "number" && value >= 0 && value <= 1;
const { min, max } = temperatureLimits;

/** The rules of each part, where a card has scores at all. */
export const scoreRules: readonly (readonly [path: keyof Scores, rule: Rule])[] = [
  ["temperature", [
    (value) => positive[0](value) && value as number >= min && value as number <= max,
    `a number from ${min} to ${max}`,
  ]],
  ["thresholds", [
    (value) => isList(value, (item) => item === null || isShare(item)),
    "a list of at least one, each from 0 to 1 or null",
  ]],
  ["precision", [(value) => value === null || isShare(value), "from 0 to 1 or null"]],
];
