/** How augmentation is said in words. */
import { defaultSpecAugment, type SpecAugmentSettings } from "../../pipeline/augment/augment.ts";
import { numberIn, text } from "../../settings/value_range.ts";
import type { SettingsOf } from "../../settings/setting.ts";

/** What copies draw from, in words. */
export interface AugmentationWords {
  /** A policy: see `parsePolicy`. */
  readonly augment?: string;
  /** The folder that `background-noise` draws from. */
  readonly background?: string;
  /** Share of the copies that have their features masked, too; true: all. */
  readonly specAugment?: number | true;
}

/** The settings of what copies draw from. */
export const augmentationWords: SettingsOf<AugmentationWords> = {
  augment: {
    range: text,
    help:
      "what copies draw from, such as white-noise=2,reverb,none or chain:pitch-shift=0.3,reverb=0.2",
    group: "Augmentation",
    placeholder: "list",
  },
  background: {
    range: text,
    help: "recordings of background for copies that draw background-noise",
    group: "Augmentation",
    placeholder: "dir",
  },
  specAugment: {
    range: numberIn({ min: 0, max: 1 }),
    mayStandAlone: true,
    help: "mask bands and stretches of the copies' features; of a share of them where one is said",
    group: "Augmentation",
    placeholder: "share",
  },
};

/** How features are masked where this share of the copies was said; not at all for 0. */
export function readSpecAugment(share: number | true | undefined): SpecAugmentSettings | undefined {
  if (!share) return undefined;
  return { ...defaultSpecAugment, probability: Number(share) };
}
