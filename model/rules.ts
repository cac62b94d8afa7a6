/** Checks of plain data from a file: what a value must be, in code and in words. */

/** A test of a value, and what it asks for in words. */
export type Rule = readonly [holds: (value: unknown) => boolean, words: string];

/** A whole number of at least 1. */
export const count: Rule = [
  (value) => Number.isSafeInteger(value) && value as number >= 1,
  "a whole number of at least 1",
];
/** Two of those. */
export const countPair: Rule = [
  (value) => isList(value, count[0]) && value.length === 2,
  "two whole numbers of at least 1",
];
/** Any finite number. */
export const finite: Rule = [Number.isFinite, "a finite number"];
/** A finite number above 0. */
export const positive: Rule = [
  (value) => Number.isFinite(value) && value as number > 0,
  "a finite number above 0",
];
/** A number of at least 0 and below 1. */
export const share: Rule = [
  (value) => typeof value === "number" && value >= 0 && value < 1,
  "a number of at least 0 and below 1",
];
/** Any text. */
export const text: Rule = [(value) => typeof value === "string", "text"];
/** An object with named values. */
export const record: Rule = [
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "an object",
];

/** One of several names. */
export function oneOf(...names: readonly string[]): Rule {
  const words = names.join(", ").replace(/, ([^,]*)$/, " or $1");
  return [(value) => names.includes(value as string), words];
}

/** A list of at least one item, all of which follow a rule. */
export function listOf([holds, words]: Rule): Rule {
  return [(value) => isList(value, holds), `a list of at least one, each ${words}`];
}

/** Whether a value is a list of at least one item, all of which hold. */
export function isList(value: unknown, holds: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(holds);
}

/** Most characters of a value that an error shows. */
const mostShown = 80;

/**
 * Holds a value to a rule.
 *
 * @param path Where it stands: `network.nodes[3].channels`.
 * @throws {RangeError} in one line: the path, the rule, the value seen.
 */
export function check(path: string, [holds, words]: Rule, value: unknown): void {
  if (holds(value)) return;
  const seen = value === undefined ? "missing" : JSON.stringify(value);
  throw new RangeError(
    `Cannot use this model as ${path} must be ${words}: current value is ` +
      (seen.length > mostShown ? `${seen.slice(0, mostShown)}…` : seen),
  );
}
