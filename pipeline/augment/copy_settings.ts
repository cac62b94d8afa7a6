/** How augmented copies are made, beside what they draw. */
import { oneOf } from "../../settings/value_range.ts";
import type { SettingsOf } from "../../settings/setting.ts";

/** Which part of a recording longer than a clip is taken: its start, or one drawn for each copy. */
export type CropMode = "start" | "random";

/** How augmented copies are made; everything else is left as it is. `copySettings` has the defaults. */
export interface CopySettings {
  /** Which part of a recording longer than a clip the copies take. */
  readonly crop: CropMode;
}

/** The settings of augmented copies. */
export const copySettings: SettingsOf<CopySettings> = {
  crop: {
    range: oneOf("start", "random"),
    default: "start",
    help: "part of long recordings that augmented copies take",
    group: "Augmentation",
    placeholder: "part",
  },
};
