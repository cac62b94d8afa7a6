/** How recordings longer than the model hears are listened to, and what is made of their windows. */
import { numberIn, oneOf, wholeNumberIn } from "../../settings/value_range.ts";
import type { SettingsOf } from "../../settings/setting.ts";
import type { Aggregate } from "./join_windows.ts";

/** What is listened for in recordings longer than the model hears. */
export interface PredictWindows {
  /** Length of a window, in seconds. */
  readonly window?: number;
  /** From a window's start to that of the next, in seconds. */
  readonly hop?: number;
  /** Most labels of a window. */
  readonly top?: number;
  /** Least probability of a label. */
  readonly minScore?: number;
  /** Neighbours of a label are joined where at most so many seconds lie between them. */
  readonly merge?: number;
  /** Most seconds between the starts of equal events. */
  readonly tolerance?: number;
  /** What becomes of a recording's windows, where it is one row. */
  readonly aggregate?: Aggregate;
}

/** See `PredictWindows`. */
export const predictWindowSettings: SettingsOf<PredictWindows> = {
  window: {
    range: numberIn({ above: 0 }),
    defaultWords: "what the model hears",
    help: "listen to all of a recording, so many seconds at a time",
    group: "Windows",
    placeholder: "s",
  },
  hop: {
    range: numberIn({ above: 0 }),
    defaultWords: "--window",
    help: "from a window's start to that of the next",
    group: "Windows",
    placeholder: "s",
  },
  top: {
    range: wholeNumberIn({ min: 1 }),
    defaultWords: "1, or all with several labels a clip",
    help: "most labels of a window",
    group: "Windows",
  },
  minScore: {
    range: numberIn({ min: 0, max: 1 }),
    defaultWords: "0, or 0.5 with several labels a clip without --unknown",
    help: "least probability of a label",
    group: "Windows",
    placeholder: "p",
  },
  merge: {
    range: numberIn({ min: 0 }),
    help: "join a label's neighbours with at most so many seconds between them",
    group: "Windows",
    placeholder: "s",
  },
  tolerance: {
    range: numberIn({ min: 0 }),
    defaultWords: "--window",
    help: "with annotations: most seconds between the starts of equal events",
    group: "Windows",
    placeholder: "s",
  },
  aggregate: {
    range: oneOf("mean", "max"),
    help: "one row a recording, from its windows' mean or highest probabilities",
    group: "Windows",
    placeholder: "how",
  },
};
