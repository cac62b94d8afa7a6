/** What a run on a backbone takes of the choices that every run has, and what it refuses. */
import type { Backbone } from "../../backbone/backbone.ts";
import type { BackboneOrigin } from "../../backbone/origin.ts";
import { type HeadSettings, headSettings } from "../../model/head/head_settings.ts";
import { type Recipe, recipeSettings } from "../../model/recipe.ts";
import { type FrontEnd, resolveFrontEnd } from "../../pipeline/front_end.ts";
import { SettingError } from "../../settings/setting.ts";
import { type KeptSettings, type RunSettings, runSettings } from "./run_settings.ts";

/** A backbone as it stands in a run's `config.json`. */
export interface ConfigBackbone extends BackboneOrigin {
  /** What it was opened from: absolute path of the ONNX file, or of a run's folder. */
  readonly from: string;
}

/**
 * How features are made; of a backbone's clips the rate is what it hears, and the rest how reports draw them.
 *
 * @throws {SettingError} where they cannot be made so.
 */
export function frontEndOf(
  backbone: Backbone | undefined,
  said: Partial<FrontEnd> = {},
): FrontEnd {
  if (!backbone) return resolveFrontEnd(said);
  const { card } = backbone;
  const { durationSeconds = card.clipSeconds ?? card.seconds, ...features } = said;
  const frontEnd = resolveFrontEnd({ sampleRateHz: card.rateHz, durationSeconds });
  for (const [name, value] of Object.entries(features)) {
    const own = frontEnd[name as keyof FrontEnd];
    if (value === undefined || value === own) continue;
    const rule = `left out, as ${card.name} hears in its own way`;
    throw new SettingError("train on a backbone", name, rule, value);
  }
  return frontEnd;
}

/** What of a recipe decides nothing where a head is fitted to all clips at once. */
const unusedByHeads = [
  ...[
    "epochs",
    "steps",
    "refit",
    "patience",
    "learningRate",
    "warmup",
    "weightDecay",
    "clipNorm",
    "mixup",
  ] as const,
  ...["labelSmoothing", "dropout", "averageDecay"] as const,
];

/** Refuses what decides nothing on a backbone. @throws {SettingError} for such a choice. */
export function checkHeadChoices(
  recipe: Recipe,
  settings: RunSettings & KeptSettings,
  isMasked: boolean,
): void {
  const action = "train on a backbone",
    rule = "left out, as its head is fitted to all clips at once";
  for (const name of unusedByHeads) {
    // No steps are what is said with epochs; a head is fitted as it is, to what it is not validated on.
    const isNone = ["steps", "refit"].includes(name) && recipe[name] === 0;
    if (isNone || recipe[name] === recipeSettings[name].default) continue;
    throw new SettingError(action, name, rule, recipe[name]);
  }
  for (const name of ["channels", "globalPooling", "denseUnits", "precision"] as const) {
    const value = settings[name];
    if (String(value) === String(runSettings[name].default)) continue;
    throw new SettingError(action, name, "left out, as it has a network of its own", value);
  }
  const own = "left out, as a backbone makes its own features";
  if (isMasked) throw new SettingError(action, "specAugment", own, "on");
  const { resizedCrop, mixSounds } = settings;
  if (resizedCrop > 0) throw new SettingError(action, "resizedCrop", own, resizedCrop);
  if (mixSounds > 0) {
    const rule = "left out, as a head learns from clips with labels of their own";
    throw new SettingError(action, "mixSounds", rule, mixSounds);
  }
  for (const name of ["freeze", "initRate"] as const) {
    if (settings[name] === runSettings[name].default) continue;
    const rule = "left out, as a backbone is never trained";
    throw new SettingError(action, name, rule, settings[name]);
  }
}

/**
 * Refuses an ensemble of heads that no draw tells apart: logistic regression of the same embeddings has one answer.
 *
 * @throws {SettingError} where all members would be the same.
 */
export function checkMembersDiffer(
  { backbone, headUnits, recipe: { augmentFactor } }: {
    readonly backbone: ConfigBackbone | null;
    readonly headUnits: number;
    readonly recipe: Recipe;
  },
): void {
  if (!backbone || headUnits > 0 || augmentFactor > 0) return;
  const rule =
    "above 0 on a backbone, or augmented copies asked for, as all members are the same without";
  throw new SettingError("train models of several seeds", "headUnits", rule, headUnits);
}

/** Refuses what decides nothing without a backbone. @throws {SettingError} for a choice about its head. */
export function checkNoHead(settings: HeadSettings): void {
  for (const name of ["headUnits", "l2"] as const) {
    if (settings[name] === headSettings[name].default) continue;
    throw new SettingError("train", name, "left out, as no backbone is said", settings[name]);
  }
}

/** A backbone as it stands in a run's `config.json`. */
export function describeBackbone(
  { network, frontEnd, card, feeding, from }: Backbone,
): ConfigBackbone {
  return { from, network, ...frontEnd && { frontEnd }, card, feeding };
}
