import { chainOrder } from "./chain.ts";
import type { Range } from "./transform.ts";
import { type AugmentChoice, type AugmentPolicy, transformOf } from "./transforms.ts";

/** What a chain's list begins with. */
const chainPrefix = "chain:";

/**
 * Reads a policy: names with commas between, each with its weight (1 where it is left out) and settings
 * (the transform's defaults where they are left out). Behind `chain:` each has its probability (0.5 where
 * it is left out) instead.
 *
 * ```text
 * white-noise=2,reverb,none=0.5
 * pitch-shift:semitones=-1..1,time-shift=2:fraction=0..0.5:fill=silence
 * chain:pitch-shift=0.3,reverb=0.2:wetMix=0.1..0.2,white-noise
 * ```
 *
 * @throws {RangeError} naming what is unknown or out of range, and what may stand there.
 */
export function parsePolicy(text: string): AugmentPolicy {
  const isChain = text.trimStart().startsWith(chainPrefix);
  const list = isChain ? text.trimStart().slice(chainPrefix.length) : text;
  const choices = list.split(",").map((part) => part.trim()).filter((part) => part !== "")
    .map((part) => parseChoice(part, isChain));
  if (!choices.some(({ weight }) => weight > 0)) {
    throw new RangeError(
      `Cannot read augmentations as one of them must have a ${
        isChain ? "probability" : "weight"
      } above 0: ` +
        `current value is ${JSON.stringify(text)}`,
    );
  }
  if (!isChain) return { choices };
  checkChain(choices);
  return { mode: "chain", choices };
}

/** @throws {RangeError} where a choice has no place in a chain, or two of them. */
function checkChain(choices: readonly AugmentChoice[]): void {
  const kinds = choices.map(({ kind }) => kind);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) < i);
  const other = kinds.find((kind) => !chainOrder.includes(kind));
  if (twice === undefined && other === undefined) return;
  throw new RangeError(
    `Cannot read augmentations as each of a chain must be another one of ${
      chainOrder.join(", ")
    }: ` +
      `current value is ${other ?? `${twice} twice`}`,
  );
}

function parseChoice(text: string, isOfChain: boolean): AugmentChoice {
  const [head, ...rest] = text.split(":").map(splitPair);
  const [kind, weightText] = head, { defaults, rules } = transformOf(kind);
  const [what, most, usual] = isOfChain
    ? ["probability", 1, 0.5] as const
    : ["weight", Number.MAX_VALUE, 1] as const;
  const weight = weightText === undefined ? usual : parseNumber(weightText);
  if (!(weight >= 0 && weight <= most)) {
    throw new RangeError(
      `Cannot read augmentations as the ${what} of ${kind} must be a number from 0${
        isOfChain ? " to 1" : ""
      }: current value is ${weightText}`,
    );
  }
  const settings: Record<string, unknown> = { ...defaults };
  for (const [name, value] of rest) {
    if (!Object.hasOwn(rules, name)) {
      throw new RangeError(
        `Cannot read augmentations as settings of ${kind} must be one of ` +
          `${Object.keys(rules).join(", ") || "none"}: current value is ${name}`,
      );
    }
    const rule = (rules as Record<string, Range | readonly string[]>)[name];
    settings[name] = parseSetting(`${name} of ${kind}`, rule, value ?? "");
  }
  return { kind, weight, settings } as AugmentChoice; // the kind's own rules hold for its settings
}

/** Parts a `name=value`; the value is undefined where there is no `=`. */
function splitPair(text: string): [name: string, value: string | undefined] {
  const [name, ...value] = text.split("=").map((part) => part.trim());
  return [name, value.length === 0 ? undefined : value.join("=")];
}

function parseSetting(what: string, rule: Range | readonly string[], text: string): unknown {
  const [lowest, highest] = rule;
  if (typeof lowest === "string" || typeof highest === "string") {
    if (rule.some((word) => word === text)) return text;
    throw new RangeError(
      `Cannot read augmentations as ${what} must be ${rule.join(" or ")}: current value is ${text}`,
    );
  }
  const [low, high = low, ...more] = text.split("..").map(parseNumber);
  if (more.length === 0 && lowest <= low && low <= high && high <= highest) return [low, high];
  throw new RangeError(
    `Cannot read augmentations as ${what} must be LOW..HIGH within ${lowest}..${highest}: ` +
      `current value is ${text}`,
  );
}

/** A number, or NaN where the text is none (an empty one too). */
function parseNumber(text: string): number {
  return text.trim() === "" ? NaN : Number(text);
}
