import { numberIn } from "../../settings/value_range.ts";
import type { SettingsOf } from "../../settings/setting.ts";

/** What a model's scores are to reach; `scoreSettings` has the rest. */
export interface ScoreSettings {
  /** The precision that the thresholds are to reach; without it, they are those of the best F1. */
  readonly thresholdPrecision?: number;
}

/** The settings of a model's scores. */
export const scoreSettings: SettingsOf<ScoreSettings> = {
  thresholdPrecision: {
    range: numberIn({ above: 0, max: 1 }),
    defaultWords: "the best F1 instead",
    help: "precision that each class's threshold is to reach",
    group: "Run",
    placeholder: "share",
  },
};
