/** How augmented copies are made, beside what they draw. */
import { numberIn, oneOf } from "../../settings/value_range.ts";
import { defaultsOf, type SettingsOf } from "../../settings/setting.ts";

/** Which part of a recording longer than a clip is taken: its start, or one drawn for each copy. */
export type CropMode = "start" | "random";

/**
 * How a sound shorter than a clip is filled up: with silence behind it; with silence around it, its place
 * drawn for each copy; with repetitions of itself; or half of the copies with each of the last two.
 */
export type PadMode = "end" | "random" | "repeat" | "mixed";

/** How augmented copies are made; everything else is left as it is. `copySettings` has the defaults. */
export interface CopySettings {
  /** Which part of a recording longer than a clip the copies take. */
  readonly crop: CropMode;
  /** How the copies of a sound shorter than a clip are filled up. */
  readonly pad: PadMode;
  /** Share of the copies of whose features a part is stretched to the whole, 0 to 1. */
  readonly resizedCrop: number;
  /** Share of the copies that are mixed with a clip of another class, their targets too, 0 to 1. */
  readonly mixSounds: number;
}

/** The settings of augmented copies. The defaults are those of the source recipe but for `pad` (docs/accuracy.md). */
export const copySettings: SettingsOf<CopySettings> = {
  crop: {
    range: oneOf("start", "random"),
    default: "start",
    help: "part of long recordings that augmented copies take",
    group: "Augmentation",
    placeholder: "part",
  },
  pad: {
    range: oneOf("end", "random", "repeat", "mixed"),
    default: "mixed",
    help: "how augmented copies fill up short recordings: " +
      "silence at the end or around, the sound repeated, or half and half",
    group: "Augmentation",
    placeholder: "how",
  },
  resizedCrop: {
    range: numberIn({ min: 0, max: 1 }),
    default: 0,
    help: "share of the copies that have a part of their features stretched to the whole",
    group: "Augmentation",
    placeholder: "share",
  },
  mixSounds: {
    range: numberIn({ min: 0, max: 1 }),
    default: 0,
    help: "share of the copies that are mixed with a recording of another class",
    group: "Augmentation",
    placeholder: "share",
  },
};

/** What earlier versions left unsaid of copies, as there was no other way. */
export const earlierCopies: CopySettings = {
  ...defaultsOf<CopySettings>(copySettings),
  pad: "end",
};
