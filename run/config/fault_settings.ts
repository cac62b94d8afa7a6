import type { SettingsOf } from "../../settings/setting.ts";
import { type CountOrShare, countOrShare, oneOf } from "../../settings/value_range.ts";

/** What becomes of a job some of whose recordings cannot be read; `faultSettings` has the defaults. */
export interface FaultSettings {
  /** `skip` names them and goes on, `fail` ends with the first. */
  readonly onError: "skip" | "fail";
  /** Most of them: one more ends the job. */
  readonly maxErrors?: CountOrShare;
}

/** The settings of what becomes of recordings that cannot be read. */
export const faultSettings: SettingsOf<FaultSettings> = {
  onError: {
    range: oneOf("skip", "fail"),
    default: "skip",
    help: "a recording that cannot be read: name it and go on, or end",
    group: "Data",
    placeholder: "how",
  },
  maxErrors: {
    range: countOrShare,
    defaultWords: "any number",
    help: "end where more recordings cannot be read than so many, or 5%",
    group: "Data",
  },
};
