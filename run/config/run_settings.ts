/** Settings of training and prediction that are more than one room's: what is learned, and where the work runs. */
import { type EngineSettings, engineSettings } from "../../model/create_engine.ts";
import { type NetworkSettings, networkSettings } from "../../model/conv_network.ts";
import { type HeadSettings, headSettings } from "../../model/head/head_settings.ts";
import { type ScoreSettings, scoreSettings } from "../../model/scores/score_settings.ts";
import { type CopySettings, copySettings } from "../../pipeline/augment/copy_settings.ts";
import { type WindowSettings, windowSettings } from "../../pipeline/window_settings.ts";
import { type SplitSettings, splitSettings } from "../../pipeline/split/split.ts";
import { byteSize, numberIn, wholeNumberIn } from "../../settings/value_range.ts";
import type { SettingsOf } from "../../settings/setting.ts";

/** What decides what a run learns, beside its recipe and front end; `runSettings` has the defaults. */
export interface RunSettings
  extends
    SplitSettings,
    WindowSettings,
    CopySettings,
    NetworkSettings,
    HeadSettings,
    ScoreSettings,
    KeptSettings,
    Pick<EngineSettings, "precision"> {}

/** How training treats an earlier run's weights; `keptSettings` has the defaults. */
export interface KeptSettings {
  /** Blocks of the network, the first ones, that training leaves as they are. */
  readonly freeze: number;
  /** What the learning rate is multiplied by for all layers but the last. */
  readonly initRate: number;
}

/** The settings of an earlier run's weights. */
export const keptSettings: SettingsOf<KeptSettings> = {
  freeze: {
    range: wholeNumberIn({ min: 0 }),
    default: 0,
    help: "with --init: blocks, from the first on, that stay as they are",
    group: "Recipe",
  },
  initRate: {
    range: numberIn({ above: 0, max: 1 }),
    default: 1,
    help: "with --init: share of the learning rate for all layers but the last",
    group: "Recipe",
    placeholder: "share",
  },
};

/** The settings that decide what a run learns; each stands in its `config.json`. */
export const runSettings: SettingsOf<RunSettings> = {
  ...splitSettings,
  ...windowSettings,
  ...copySettings,
  ...networkSettings,
  ...headSettings,
  ...scoreSettings,
  ...keptSettings,
  precision: engineSettings.precision,
};

/** Where the work runs: the results do not depend on it; `machineSettings` has the defaults. */
export interface MachineSettings extends Omit<EngineSettings, "precision"> {
  /** Threads that make features: one a core where nothing is said. */
  readonly workers?: number;
  /**
   * Seconds without a sign of life after which a thread that makes features is taken for dead; its clips are
   * tried once more on another.
   */
  readonly clipTimeout: number;
  /** Most memory that the process may have resident, in bytes: fewer clips are under way near it. */
  readonly memoryLimit?: number;
}

/** The settings of where the work runs. */
export const machineSettings: SettingsOf<MachineSettings> = {
  backend: engineSettings.backend,
  threads: engineSettings.threads,
  workers: {
    range: wholeNumberIn({ min: 1 }),
    defaultWords: "one a core",
    help: "threads that make features",
    group: "Machine",
  },
  clipTimeout: {
    range: numberIn({ above: 0 }),
    default: 60,
    help: "give a clip up that keeps its thread silent for so long, twice",
    group: "Machine",
    placeholder: "s",
  },
  memoryLimit: {
    range: byteSize,
    help: "have fewer clips under way near so much memory, and skip one that alone needs more",
    group: "Machine",
    placeholder: "size",
  },
};

/** How a training run is kept safe; `savingSettings` has the defaults. */
export interface SavingSettings {
  /** Minutes between two savings of the state within an epoch. */
  readonly saveMinutes: number;
}

/** The settings of how a training run is kept safe. */
export const savingSettings: SettingsOf<SavingSettings> = {
  saveMinutes: {
    range: numberIn({ min: 0 }),
    default: 10,
    help: "save the state at least this often",
    group: "Run",
  },
};
