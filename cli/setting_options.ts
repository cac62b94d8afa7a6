/** Command lines from tables of settings: their options, and what was said of them. */
import { type Command, InvalidArgumentError, Option } from "../deps/commander.ts";
import {
  defaultsOf,
  type Setting,
  settingGroups,
  type SettingsOf,
  type SettingTable,
} from "../settings/setting.ts";

/** The option of a setting, such as `--batch-size`; undefined where the command line has none. */
export function flagOf(name: string, { flag }: Setting<unknown>): string | undefined {
  if (flag === false) return undefined;
  return `--${flag ?? name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The option of a setting with what stands for its value: `--batch-size <n>`. */
export function usageOf(name: string, setting: Setting<unknown>): string | undefined {
  const flag = flagOf(name, setting), { range, placeholder = "n", mayStandAlone } = setting;
  if (flag === undefined || range.isSwitch) return flag;
  return mayStandAlone ? `${flag} [${placeholder}]` : `${flag} <${placeholder}>`;
}

/** What holds where an option is not named, in words; undefined where nothing does. */
export function defaultWordsOf(setting: Setting<unknown>): string | undefined {
  const { defaultWords, default: value, range } = setting;
  return defaultWords ?? (value === undefined || range.isSwitch ? undefined : range.format(value));
}

/** Adds the options of a command's settings, under the headings of their groups. */
export function addOptions(command: Command, tables: readonly SettingTable[]): Command {
  const settings = tables.flatMap((table) => Object.entries(table));
  for (const group of settingGroups) {
    for (const [name, setting] of settings) {
      const option = setting.group === group && createOption(name, setting);
      if (option) command.addOption(option.helpGroup(`${group}:`));
    }
  }
  return command;
}

/** What the command line says of a table's settings, and nothing else. */
export function readSaid<Values>(command: Command, table: SettingsOf<Values>): Partial<Values> {
  const said: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting<unknown>>(table)) {
    const flag = flagOf(name, setting), key = flag && new Option(flag).attributeName();
    if (key && command.getOptionValueSource(key) === "cli") {
      said[name] = command.getOptionValue(key);
    }
  }
  return said as Partial<Values>; // the ranges have parsed and checked them
}

/** What the command line says of a table's settings, and their defaults where it says nothing. */
export function readValues<Values>(command: Command, table: SettingsOf<Values>): Values {
  return { ...defaultsOf(table), ...readSaid(command, table) };
}

function createOption(name: string, setting: Setting<unknown>): Option | undefined {
  const usage = usageOf(name, setting), { range, help, default: value, excludes } = setting;
  if (usage === undefined) return undefined;
  const words = defaultWordsOf(setting);
  const isInHelp = value === undefined && words !== undefined; // else commander adds it
  const option = new Option(usage, isInHelp ? `${help} (default: ${words})` : help);
  if (value !== undefined && !range.isSwitch) option.default(value, words);
  if (excludes !== undefined) option.conflicts([excludes].flat());
  if (range.choices) option.choices(range.choices); // for help
  return option.argParser((word) => {
    const value = range.parse(word);
    if (range.contains(value)) return value;
    throw new InvalidArgumentError(
      range.choices
        ? `Allowed choices are ${range.choices.join(", ")}.`
        : `It must be ${range.rule}.`,
    );
  });
}
