import { keyOf } from "../../backbone/origin.ts";
import type { RunConfig } from "./run_config.ts";
import { RunError } from "../run_error.ts";
import { runSettings } from "./run_settings.ts";

/** What decides what a run learns, and must not change while it is stopped. */
const decisive = [
  ...["fingerprint", "recipe", "augment", "background", "specAugment"] as const,
  ...["frontEnd", "groups", "fold", "folds", "ensemble", "init", "splitFrom"] as const,
  "backgroundClasses" as const,
  ...Object.keys(runSettings) as (keyof typeof runSettings)[],
];

/** What decides what a run learns and differs between two, and in words each value that does. */
export function changesOf(
  begun: RunConfig,
  now: RunConfig,
): readonly { readonly key: keyof RunConfig; readonly differences: readonly string[] }[] {
  return [...decisive, "backbone" as const].flatMap((key) => {
    const differences = key === "backbone"
      ? backboneDifferences(begun.backbone, now.backbone)
      : [...differencesOf(key, begun[key], now[key])];
    return differences.length === 0 ? [] : [{ key, differences }];
  });
}

/**
 * Compares a run that is to be resumed with the one that was begun.
 *
 * @throws {RunError} where they are not the same, naming what differs.
 */
export function checkSameRun(begun: RunConfig, now: RunConfig, out: string): void {
  const changed = changesOf(begun, now);
  if (changed.length === 0) return;
  // Other data is other recordings: that is said alone.
  if (begun.data !== now.data && changed.some(({ key }) => key === "fingerprint")) {
    throw new RunError(
      `Cannot resume ${out} with the recordings of ${now.data} as it began with ${begun.data}, ` +
        "which is read again where --data is left out; another run starts from its weights by --init",
    );
  }
  const keys = changed.map(({ key }) => key === "fingerprint" ? "recordings" : key);
  const details = changed.flatMap(({ differences }) => differences);
  throw new RunError(
    `Cannot resume ${out} as its ${keys.join(", ")} must be as they were when it began: ` +
      details.join(", "),
  );
}

/** The same backbone may lie elsewhere by now. */
function backboneDifferences(
  begun: RunConfig["backbone"],
  now: RunConfig["backbone"],
): readonly string[] {
  if ((begun && keyOf(begun)) === (now && keyOf(now))) return [];
  const describe = (origin: RunConfig["backbone"]) =>
    origin ? `${origin.card.name} (${origin.network.sha256.slice(0, 12)}…)` : "none";
  return [`backbone was ${describe(begun)} and is ${describe(now)}`];
}

/** Each value that differs, in words. */
function* differencesOf(path: string, begun: unknown, now: unknown): Generator<string> {
  if (JSON.stringify(begun) === JSON.stringify(now)) return;
  if (isRecord(begun) && isRecord(now)) {
    for (const name of new Set([...Object.keys(begun), ...Object.keys(now)])) {
      yield* differencesOf(`${path}.${name}`, begun[name], now[name]);
    }
  } else if (path.endsWith("fingerprint")) {
    yield "their names, sizes, labels or groups have changed";
  } else yield `${path} was ${describe(begun)} and is ${describe(now)}`;
}

function describe(value: unknown): string {
  const words = JSON.stringify(value) ?? "unknown";
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
