import { onOrOff } from "../settings/value_range.ts";
import type { SettingsOf } from "../settings/setting.ts";

/** Settings that every command has. */
export const commonSettings: SettingsOf<{ readonly debug?: boolean }> = {
  debug: {
    range: onOrOff,
    help: "show where in the program an error comes from",
    group: "Options",
  },
};
