import type { SettingsOf } from "../../settings/setting.ts";
import { numberIn, orWord, wholeNumberIn } from "../../settings/value_range.ts";

/** What may be chosen of a backbone's head; `headSettings` has the defaults. */
export interface HeadSettings {
  /** Units of its hidden layer; 0 for none: logistic regression. */
  readonly headUnits: number;
  /** Strength of its L2 penalty, scikit-learn's 1 / C; `auto` tries some and keeps the best by validation. */
  readonly l2: number | "auto";
}

/** The settings of a backbone's head. */
export const headSettings: SettingsOf<HeadSettings> = {
  headUnits: {
    range: wholeNumberIn({ min: 0, max: 65536 }),
    default: 0,
    help: "units of a backbone's hidden layer, 0: logistic regression",
    group: "Network",
  },
  l2: {
    range: orWord(numberIn({ above: 0 }), "auto"),
    default: "auto",
    help: "penalty of a backbone's head, 1 / C; auto: by validation",
    group: "Network",
    placeholder: "rate",
  },
};

/** Penalties that `auto` tries, the strongest first. */
export const penalties: readonly number[] = [300, 100, 30, 10, 3, 1, 0.3, 0.1, 0.03];

/** The penalties to try. @param isValidated Whether there are clips to choose by; else it is 1. */
export function penaltiesOf(l2: number | "auto", isValidated: boolean): readonly number[] {
  return l2 !== "auto" ? [l2] : isValidated ? penalties : [1];
}
