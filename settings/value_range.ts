/** Ranges of settings: what a value may be, in words too, and how a word of the command line is read. */

/** What the value of a setting may be. */
export interface ValueRange<T> {
  /** The rule behind «must be»: `a whole number of at least 1`. */
  readonly rule: string;
  /** Tells a value that is allowed from every other. */
  contains(value: unknown): boolean;
  /** The value that a word stands for; one that is not allowed, or undefined, where it stands for none. */
  parse(word: string): T | undefined;
  /** A value as it is written on the command line. */
  format(value: T): string;
  /** The words to choose from, where there are no others. */
  readonly choices?: readonly string[];
  /** Set for an option without a value: naming it means true. */
  readonly isSwitch?: true;
}

/** The limits of a number; without one, it may be any number in that direction. */
export interface Limits {
  /** The smallest number. */
  readonly min?: number;
  /** A number that is just too small. */
  readonly above?: number;
  /** The largest number. */
  readonly max?: number;
  /** A number that is just too large. */
  readonly below?: number;
}

/** A finite number within limits. */
export function numberIn(limits: Limits): ValueRange<number> {
  return numbers("a number", limits, Number.isFinite);
}

/** A whole number within limits. */
export function wholeNumberIn(limits: Limits): ValueRange<number> {
  return numbers("a whole number", limits, Number.isSafeInteger);
}

/** A power of two within limits. */
export function powerOfTwoIn(limits: Limits): ValueRange<number> {
  return numbers("a power of two", limits, (value) => Number.isInteger(Math.log2(value)));
}

/** One whole number or more, each within the limits: `32,64,128` on the command line. */
export function wholeNumbersIn(limits: Limits): ValueRange<readonly number[]> {
  const each = wholeNumberIn(limits);
  return {
    rule: `a list of which each is ${each.rule}`,
    contains: (value) => Array.isArray(value) && value.length > 0 && value.every(each.contains),
    parse: (word) => word.split(",").map(parseNumber),
    format: (values) => values.join(","),
  };
}

/** One of several words. */
export function oneOf<Word extends string>(...words: readonly Word[]): ValueRange<Word> {
  return {
    rule: words.join(", ").replace(/, (?=[^,]*$)/, " or "),
    contains: (value) => words.some((word) => word === value),
    parse: (word) => words.find((known) => known === word),
    format: (word) => word,
    choices: words,
  };
}

/** The same range, with further words on the command line for some of its values. */
export function withAliases<T>(
  range: ValueRange<T>,
  aliases: Readonly<Record<string, T>>,
): ValueRange<T> {
  return { ...range, parse: (word) => aliases[word] ?? range.parse(word) };
}

/** The same range, or a word that stands for a value to be found. */
export function orWord<T, Word extends string>(
  range: ValueRange<T>,
  word: Word,
): ValueRange<T | Word> {
  return {
    rule: `${range.rule}, or ${word}`,
    contains: (value) => value === word || range.contains(value),
    parse: (said) => said === word ? word : range.parse(said),
    format: (value) => value === word ? word : range.format(value as T),
  };
}

/** Text that is not empty. */
export const text: ValueRange<string> = {
  rule: "a text that is not empty",
  contains: (value) => typeof value === "string" && value !== "",
  parse: (word) => word,
  format: (value) => value,
};

/** True or false; on the command line, an option that is named or not. */
export const onOrOff: ValueRange<boolean> = {
  rule: "true or false",
  contains: (value) => typeof value === "boolean",
  parse: () => true,
  format: String,
  isSwitch: true,
};

/** A whole number of things, or the share of them that a percentage is. */
export type CountOrShare = number | `${number}%`;

/** A whole number, or a percentage of all: `20` or `5%` on the command line. */
export const countOrShare: ValueRange<CountOrShare> = {
  rule: "a whole number of at least 0, or a share of all from 0% to 100%",
  contains: (value) =>
    typeof value === "string" ? isIn(0, shareOf(value), 1) : Number.isSafeInteger(value) &&
      (value as number) >= 0,
  parse: (word) => word.trim().endsWith("%") ? word.trim() as `${number}%` : parseNumber(word),
  format: String,
};

/** The most things of so many that a number or share of them is, rounded down. */
export function countOf(value: CountOrShare, all: number): number {
  return typeof value === "number" ? value : Math.floor(shareOf(value) * all);
}

/** Of `5%` 0.05; NaN where it is no percentage. */
function shareOf(text: string): number {
  return text.endsWith("%") ? parseNumber(text.slice(0, -1)) / 100 : NaN;
}

function isIn(min: number, value: number, max: number): boolean {
  return value >= min && value <= max;
}

const sizeUnits = ["", "k", "M", "G", "T"];

/** A number of bytes above 0: `500MB` or `2GB` on the command line. */
export const byteSize: ValueRange<number> = {
  rule: "a size above 0, such as 500MB or 2GB",
  contains: (value) => typeof value === "number" && value > 0,
  parse(word) {
    const [, digits, unit] = /^(\d+(?:\.\d+)?) ?([kMGT]?)B?$/i.exec(word.trim()) ?? [];
    if (digits === undefined) return undefined;
    const power = sizeUnits.findIndex((known) => known.toLowerCase() === unit.toLowerCase());
    return Math.round(Number(digits) * 1000 ** power);
  },
  format(bytes) {
    const power = sizeUnits.findLastIndex((_, power) => bytes >= 1000 ** power);
    return `${bytes / 1000 ** power}${sizeUnits[power]}B`;
  },
};

function numbers(
  kind: string,
  limits: Limits,
  isKind: (value: number) => boolean,
): ValueRange<number> {
  const { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity } = limits;
  return {
    rule: [kind, describe(limits)].join(" ").trimEnd(),
    contains: (value) =>
      typeof value === "number" && isKind(value) && value >= min && value > above &&
      value <= max && value < below,
    parse: parseNumber,
    format: String,
  };
}

function describe({ min, above, max, below }: Limits): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  const parts: string[] = [];
  const say = (words: string, limit?: number) => limit !== undefined && parts.push(words + limit);
  say("of at least ", min);
  say("above ", above);
  say("of at most ", max);
  say("below ", below);
  return parts.join(" and ");
}

/** A number, or NaN where the word is none (an empty one too). */
function parseNumber(word: string): number {
  return word.trim() === "" ? NaN : Number(word);
}
