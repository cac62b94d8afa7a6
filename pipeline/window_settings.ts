import { numberIn } from "../settings/value_range.ts";
import type { SettingsOf } from "../settings/setting.ts";

/** How windows are cut over the annotations of recordings; `windowSettings` has the defaults. */
export interface WindowSettings {
  /** Length of a window, in seconds: as long as the model hears where nothing is said. */
  readonly windowSeconds?: number;
  /** From a window's start to the next, in seconds: a window's length where nothing is said. */
  readonly windowHopSeconds?: number;
  /**
   * A window has a label where so large a share of it has, or so large a share of an annotation with that
   * label is in it.
   */
  readonly minOverlap: number;
}

/** The settings of windows over annotations. */
export const windowSettings: SettingsOf<WindowSettings> = {
  windowSeconds: {
    range: numberIn({ above: 0 }),
    defaultWords: "what the model hears",
    help: "annotated recordings: length of the windows cut over the annotations",
    group: "Data",
    flag: "window",
    placeholder: "s",
  },
  windowHopSeconds: {
    range: numberIn({ min: 0.01 }), // all windows of a run are listed
    defaultWords: "a window",
    help: "from the start of a window to the next",
    group: "Data",
    flag: "window-hop",
    placeholder: "s",
  },
  minOverlap: {
    range: numberIn({ above: 0, max: 1 }),
    default: 0.5,
    help: "a window has a label that covers this share of it, or has this share of an annotation",
    group: "Data",
    placeholder: "share",
  },
};
