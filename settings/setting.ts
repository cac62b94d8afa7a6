/**
 * Settings: everything that a person may choose. Each room keeps a table of those that it owns beside
 * their type; command line, checks, defaults, the report's list and `docs/options.md` all read it there.
 */
import type { SearchRange } from "./search_range.ts";
import type { ValueRange } from "./value_range.ts";

/** Headings that settings stand under in help and documentation, in that order. */
export const settingGroups = [
  ...[
    "Data",
    "Run",
    "Output",
    "Windows",
    "Segments",
    "Recipe",
    "Network",
    "Augmentation",
    "Features",
    "Machine",
    "Server",
    "Options",
  ] as const,
];
/** See `settingGroups`. */
export type SettingGroup = typeof settingGroups[number];

/** One thing that a person may choose. */
export interface Setting<T> {
  /** What it may be. */
  readonly range: ValueRange<T>;
  /** What it is for, in a few words. */
  readonly help: string;
  /** The heading that it stands under. */
  readonly group: SettingGroup;
  /** What holds where nobody says anything; undefined where that is not one value. */
  readonly default?: T;
  /** What then holds, in words, where they say more than the default value. */
  readonly defaultWords?: string;
  /**
   * The option's name without its dashes; `false` where the command line has none.
   * @default {the setting's name in kebab-case}
   */
  readonly flag?: string | false;
  /** What stands for its value in help, `dir` for `--out <dir>`. @default {"n"} */
  readonly placeholder?: string;
  /** Set where the option may be named without a value, which then is `true`. */
  readonly mayStandAlone?: true;
  /** Where `tune` draws it from; one without stays as it is. */
  readonly search?: SearchRange<T>;
  /** Settings that cannot be said together with this one. */
  readonly excludes?: string | readonly string[];
}

/** The settings of a record of values, by their names there: with a default where the value must be there. */
export type SettingsOf<Values> = {
  readonly [Name in keyof Values]-?: undefined extends Values[Name]
    ? Setting<NonNullable<Values[Name]>>
    : Setting<Values[Name]> & { readonly default: Values[Name] };
};

/** Any table of settings. */
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** A value that a setting does not allow. Its message is one line: what cannot be done, the rule, the value. */
export class SettingError extends RangeError {
  /**
   * Makes the message of its parts.
   *
   * @param action What cannot be done: `train with this recipe`.
   * @param setting The setting's name in its table.
   * @param rule What it must be, behind «must be».
   * @param value The value seen, in words.
   */
  constructor(
    readonly action: string,
    readonly setting: string,
    readonly rule: string,
    readonly value: unknown,
  ) {
    super(describe(action, setting, rule, value));
  }

  /** The message with another name for the setting, such as its option. */
  describe(name: string): string {
    return describe(this.action, name, this.rule, this.value);
  }
}

function describe(action: string, name: string, rule: string, value: unknown): string {
  return `Cannot ${action} as ${name} must be ${rule}: current value is ${value}`;
}

/** What holds where nobody says anything; a setting without a default is left out. */
export function defaultsOf<Values>(settings: SettingsOf<Values>): Values {
  const all = Object.keys(settings) as (keyof Values)[];
  const names = all.filter((name) => settings[name].default !== undefined);
  return Object.fromEntries(names.map((name) => [name, settings[name].default])) as Values;
}

/** The values of a record that a table has settings for; those that are undefined are left out. */
export function pickSettings<Values>(
  settings: { readonly [Name in keyof Values]-?: unknown },
  values: Partial<Values>,
): Partial<Values> {
  const names = Object.keys(settings) as (keyof Values)[];
  const picked = names.filter((name) => values[name] !== undefined);
  return Object.fromEntries(picked.map((name) => [name, values[name]])) as Partial<Values>;
}

/**
 * Fills in the defaults for what is undefined, and checks the whole.
 *
 * @param action See `SettingError`.
 * @throws {SettingError} where a value is not allowed.
 */
export function resolveSettings<Values>(
  settings: SettingsOf<Values>,
  values: Partial<Values>,
  action: string,
): Values {
  const said = pickSettings<Values>(settings, values);
  const resolved: Values = { ...defaultsOf(settings), ...said };
  checkSettings(settings, resolved, action);
  return resolved;
}

/**
 * Checks each value by its own range, in the table's order; one without a default may be undefined.
 *
 * @param action See `SettingError`.
 * @throws {SettingError} for the first value that is not allowed.
 */
export function checkSettings<Values>(
  settings: SettingsOf<Values>,
  values: Values,
  action: string,
): void {
  for (const name of Object.keys(settings) as (keyof Values & string)[]) {
    const { range, default: holds }: Setting<unknown> = settings[name], value = values[name];
    if (value === undefined && holds === undefined) continue;
    if (!range.contains(value)) throw new SettingError(action, name, range.rule, value);
  }
}
