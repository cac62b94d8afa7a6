/** A run's configuration as names and values. */
import { engineSettings } from "../model/create_engine.ts";
import { recipeSettings } from "../model/recipe.ts";
import { copySettings } from "../pipeline/augment/copy_settings.ts";
import { frontEndSettings } from "../pipeline/front_end.ts";
import { splitSettings } from "../pipeline/split/split.ts";
import type { Setting, SettingTable } from "../settings/setting.ts";
import { formatShare, missing } from "./format.ts";
import type { RunRecord } from "./read_run.ts";

/** The settings of a run, by where their values stand in `config.json`. */
const settings: ReadonlyMap<string, Setting<unknown>> = new Map([
  ...pathsOf("", { ...splitSettings, ...copySettings, precision: engineSettings.precision }),
  ...pathsOf("recipe.", recipeSettings),
  ...pathsOf("frontEnd.", frontEndSettings),
]);

function pathsOf(prefix: string, table: SettingTable): [string, Setting<unknown>][] {
  return Object.entries(table).map(([name, setting]) => [prefix + name, setting]);
}

/** Options of which a few digits say enough. */
const hashes = ["fingerprint", "init.weights"];

/** Every option of a run by its path in `config.json`, such as `recipe.epochs`, in words: one that is not at its default names that, too. */
export function describeOptions(config: RunRecord["config"]): [string, string][] {
  const options: [string, string][] = [];
  const visit = (path: string, value: unknown) => {
    if (path === "classes" || path === "labels") options.push(describeClasses(value));
    else if (path === "data") options.push(["data", describeData(value)]);
    else if (hashes.includes(path)) options.push([path, String(value).slice(0, 12)]);
    else if (path === "augment") options.push(...describePolicy(value));
    else if (path === "network.nodes" && Array.isArray(value)) {
      options.push([path, describeNodes(value)]);
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) {
        visit(path === "" ? name : `${path}.${name}`, inner);
      }
    } else options.push([path, describeValue(value) + describeDefault(path, value)]);
  };
  visit("", config);
  return options;
}

/** The default of an option that has another value: ` (default: 60)`. */
function describeDefault(path: string, value: unknown): string {
  const setting = settings.get(path), { default: usual, defaultWords } = setting ?? {};
  if (usual === undefined || value === usual) return "";
  return ` (default: ${defaultWords ?? describeValue(usual)})`;
}

/** Origin of a run's recordings: `data` of `config.json`. */
export function describeData(data: unknown): string {
  return typeof data === "string" ? data : "the recordings that come along";
}

function describeClasses(classes: unknown): [string, string] {
  return ["classes", Array.isArray(classes) ? String(classes.length) : describeValue(classes)];
}

/** One line a choice of the augmentation policy, with its chance; of a chain, its own probability. */
function describePolicy(policy: unknown): [string, string][] {
  const { choices, mode } = (policy ?? {}) as { choices?: unknown; mode?: unknown };
  if (!Array.isArray(choices)) return [["augment", describeValue(policy)]];
  const isChain = mode === "chain";
  const total = isChain
    ? 1
    : choices.reduce((sum, choice) => sum + (Number(choice?.weight) || 0), 0);
  return choices.map((choice) => {
    const settings = Object.entries(choice?.settings ?? {}).map(([name, value]) =>
      `${name} ${
        Array.isArray(value) && value.length === 2 ? value.join(" to ") : describeValue(value)
      }`
    );
    const chance = formatShare((Number(choice?.weight) || 0) / total);
    return [`augment ${isChain ? "chain " : ""}${choice?.kind}`, [chance, ...settings].join(", ")];
  });
}

/** A network's nodes in their order, with their channels or units: `conv 32, batch-norm, relu`. */
function describeNodes(nodes: readonly unknown[]): string {
  return nodes.map((node) => {
    const { op, channels, units } = node as { op?: string; channels?: number; units?: number };
    return [op ?? missing, channels ?? units ?? []].flat().join(" ");
  }).join(", ");
}

function describeValue(value: unknown): string {
  if (Array.isArray(value) && value.every((part) => typeof part !== "object")) {
    return value.join(", ");
  }
  if (value === null || value === undefined) return missing;
  return typeof value === "string" ? value : JSON.stringify(value);
}
