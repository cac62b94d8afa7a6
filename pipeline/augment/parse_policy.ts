import type { Range } from "./transform.ts";
import { type AugmentChoice, type AugmentPolicy, transformOf } from "./transforms.ts";

/**
 * Reads a policy: names with commas between, each with its weight (1 where it is left out) and settings
 * (the transform's defaults where they are left out).
 *
 * ```text
 * white-noise=2,reverb,none=0.5
 * pitch-shift:semitones=-1..1,time-shift=2:fraction=0..0.5:fill=silence
 * ```
 *
 * @throws {RangeError} naming what is unknown or out of range, and what may stand there.
 */
export function parsePolicy(text: string): AugmentPolicy {
  const choices = text.split(",").map((part) => part.trim()).filter((part) => part !== "")
    .map(parseChoice);
  if (!choices.some(({ weight }) => weight > 0)) {
    throw new RangeError(
      `Cannot read augmentations as one of them must have a weight above 0: ` +
        `current value is ${JSON.stringify(text)}`,
    );
  }
  return { choices };
}

function parseChoice(text: string): AugmentChoice {
  const [head, ...rest] = text.split(":").map(splitPair);
  const [kind, weightText] = head, weight = weightText === undefined ? 1 : parseNumber(weightText);
  if (!(weight >= 0 && weight < Infinity)) {
    throw new RangeError(
      `Cannot read augmentations as the weight of ${kind} must be a number from 0: ` +
        `current value is ${weightText}`,
    );
  }
  const { defaults, rules } = transformOf(kind);
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
