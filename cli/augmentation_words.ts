/** How augmentation is said on the command line. */
import { onOrOff, text } from "../settings/value_range.ts";
import type { SettingsOf } from "../settings/setting.ts";

/** What copies draw from, in words. */
export interface AugmentationWords {
  /** A policy: see `parsePolicy`. */
  readonly augment?: string;
  /** The folder that `background-noise` draws from. */
  readonly background?: string;
  /** Whether features are masked, too. */
  readonly specAugment?: boolean;
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
    range: onOrOff,
    help: "mask bands and stretches of the copies' features",
    group: "Augmentation",
  },
};
