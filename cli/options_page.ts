import { type AugmentPolicy, defaultPolicy } from "../pipeline/augment/augment.ts";
import { frontEndSettings } from "../pipeline/front_end.ts";
import { type NamedRecipe, recipeNames, recipes } from "../run/config/recipes.ts";
import { type RunSettings, runSettings } from "../run/config/run_settings.ts";
import { text } from "../settings/value_range.ts";
import {
  defaultsOf,
  pickSettings,
  type Setting,
  type SettingGroup,
  settingGroups,
} from "../settings/setting.ts";
import { commands } from "./commands.ts";
import { defaultWordsOf, flagOf, usageOf } from "./setting_options.ts";

interface Row {
  readonly name: string;
  readonly setting: Setting<unknown>;
  readonly commands: string[];
}

/** The page that lists every option, `docs/options.md`: one table a group, as `deno fmt` leaves it. */
export function createOptionsPage(): string {
  const rows = collectRows(),
    used = settingGroups.filter((group) => rowsOf(group, rows).length > 0);
  const parts = [
    "# Options",
    "Written by `deno task docs` from the tables of settings: a change belongs there.",
    ...used.flatMap((group) => [`## ${group}`, createTable(rowsOf(group, rows))]),
    "## Recipes",
    "What `--recipe` changes; each setting can still be said by its own option.",
    createRecipesTable(),
    "## Search",
    "What `tune` draws its trials from; other settings stay as they are.",
    createSearchTable(rows),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Every setting once, with the commands that have it. */
function collectRows(): Row[] {
  const rows = new Map<Setting<unknown>, Row>();
  for (const [command, { settings }] of Object.entries(commands)) {
    for (const [name, setting] of settings.flatMap((table) => Object.entries(table))) {
      const known = rows.get(setting);
      if (known) known.commands.push(command);
      else rows.set(setting, { name, setting, commands: [command] });
    }
  }
  return [...rows.values()].filter(({ name, setting }) => flagOf(name, setting));
}

function rowsOf(group: SettingGroup, rows: readonly Row[]): Row[] {
  return rows.filter(({ setting }) => setting.group === group);
}

function createTable(rows: readonly Row[]): string {
  return layOut(
    ["Option", "What it is for", "Value", "Default", "Commands"],
    rows.map(({ name, setting, commands: of }) => [
      `\`${usageOf(name, setting)}\``,
      setting.help,
      setting.range.isSwitch || setting.range === text ? "" : setting.range.rule,
      defaultWordsOf(setting) ?? "",
      of.length === Object.keys(commands).length ? "all" : of.join(", "),
    ]),
  );
}

function createRecipesTable(): string {
  const columns = recipeNames.map((name) => choicesOf(recipes[name]));
  const settings = Object.keys(Object.assign({}, ...columns));
  const [first, ...others] = columns;
  const changed = settings.filter((setting) =>
    others.some((choices) => choices[setting] !== first[setting])
  );
  return layOut(
    ["Setting", ...recipeNames.map((name) => `\`${name}\``)],
    changed.map((setting) => [`\`${setting}\``, ...columns.map((choices) => choices[setting])]),
  );
}

function createSearchTable(rows: readonly Row[]): string {
  return layOut(
    ["Option", "Drawn from"],
    rows.flatMap(({ name, setting }) =>
      setting.search ? [[`\`${flagOf(name, setting)}\``, setting.search.words]] : []
    ),
  );
}

/** What a recipe chooses, or leaves at the defaults, in words. */
function choicesOf(named: NamedRecipe): Record<string, string> {
  const { recipe, augment = defaultPolicy, specAugment = false } = named;
  const { durationSeconds = frontEndSettings.durationSeconds.default } = named;
  const settings = { ...defaultsOf(runSettings), ...pickSettings<RunSettings>(runSettings, named) };
  const words = Object.entries({ ...recipe, durationSeconds, ...settings, specAugment })
    .map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : `${value}`]);
  return { ...Object.fromEntries(words), augment: namePolicy(augment) };
}

function namePolicy({ mode, choices }: AugmentPolicy): string {
  const names = choices.map(({ kind, weight }) => `${kind}=${weight}`).join(",");
  return mode === "chain" ? `chain:${names}` : names;
}

/** A table with its columns padded to one width each. */
function layOut(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(escapeCell));
  const widths = head.map((_, i) => Math.max(3, ...cells.map((row) => [...row[i]].length)));
  const line = (row: readonly string[], fill = " ") =>
    `| ${row.map((cell, i) => cell + fill.repeat(widths[i] - [...cell].length)).join(" | ")} |`;
  const [first, ...others] = cells;
  return [line(first), line(head.map(() => ""), "-"), ...others.map((row) => line(row))].join("\n");
}

/** Markdown's own characters as themselves, outside of code. */
function escapeCell(text: string): string {
  const bare = text.replaceAll("|", "\\|");
  return bare.startsWith("`") ? bare : bare.replaceAll(/[*<_\\](?!\|)/g, "\\$&");
}
