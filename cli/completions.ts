/** What a shell offers behind a half-typed word: scripts for four shells, from the commands' settings. */
import type { CommandEntry } from "./commands.ts";
import { flagOf } from "./setting_options.ts";

/** The shells that there are scripts for. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;
/** See `shells`. */
export type Shell = typeof shells[number];

/** An option as a shell has to know it. */
interface OptionWords {
  /** With its dashes. */
  readonly flag: string;
  readonly help: string;
  /** What has to follow it; a list has all that may. */
  readonly value: "none" | "path" | "other" | readonly string[];
}

/** A command as a shell has to know it. */
interface CommandWords {
  readonly name: string;
  readonly help: string;
  readonly options: readonly OptionWords[];
}

/** Placeholders of values that are names of files or folders. */
const pathPlaceholders = ["dir", "file", "path"];

/** The script that makes a shell complete the program's commands, options, choices and file names. */
export function createCompletions(
  shell: Shell,
  commands: Readonly<Record<string, CommandEntry>>,
): string {
  const words = Object.entries(commands).map(([name, { create, settings }]): CommandWords => ({
    name,
    help: create().description(),
    options: settings.flatMap((table) => Object.entries(table)).flatMap(([name, setting]) => {
      const flag = flagOf(name, setting);
      const { range, placeholder = "n", mayStandAlone, help } = setting;
      if (flag === undefined) return [];
      const isPath = pathPlaceholders.includes(placeholder);
      const value = range.isSwitch || mayStandAlone
        ? "none"
        : range.choices ?? (isPath ? "path" : "other");
      return [{ flag, help, value }];
    }),
  }));
  return writers[shell](words);
}

const writers: { readonly [Name in Shell]: (commands: readonly CommandWords[]) => string } = {
  bash: createBash,
  zsh: createZsh,
  fish: createFish,
  powershell: createPowerShell,
};

function flagsOf({ options }: CommandWords, value: "path" | "other"): string[] {
  return options.filter((option) => option.value === value).map(({ flag }) => flag);
}

function choicesOf({ options }: CommandWords): { flag: string; words: string }[] {
  return options.flatMap(({ flag, value }) =>
    typeof value === "string" ? [] : [{ flag, words: value.join(" ") }]
  );
}

function createBash(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.flatMap((command) => {
    const { name, options } = command, others = flagsOf(command, "other");
    return [
      `    ${name})`,
      "      case $before in",
      ...choicesOf(command).map(({ flag, words }) => `        ${flag}) words="${words}" ;;`),
      ...others.length > 0 ? [`        ${others.join(" | ")}) compopt +o default ;;`] : [],
      `        *) [[ $word == -* ]] && words="${options.map(({ flag }) => flag).join(" ")}" ;;`,
      "      esac ;;",
    ];
  });
  return lines(
    "# bash: source <(melstream completions bash)",
    "_melstream() {",
    '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=""',
    "  case $((COMP_CWORD > 1)):${COMP_WORDS[1]} in",
    `    0:*) words="${names}" ;;`,
    ...cases.map((line) => line.replace(/^ {4}(?=\w)/, "    1:")),
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    "}",
    "complete -o default -F _melstream melstream",
  );
}

function createZsh(commands: readonly CommandWords[]): string {
  // In a specification of _arguments, brackets and colons have a meaning of their own.
  const help = (text: string) => text.replaceAll(/[[\]:\\]/g, "\\$&");
  const spec = ({ flag, help: words, value }: OptionWords) => {
    const action = value === "path" ? "_files" : value === "other" ? " " : `(${list(value)})`;
    return quote(`${flag}[${help(words)}]${value === "none" ? "" : `:value:${action}`}`);
  };
  const list = (value: OptionWords["value"]) => typeof value === "string" ? "" : value.join(" ");
  return lines(
    "#compdef melstream",
    '# zsh: source <(melstream completions zsh), or this as "_melstream" in a folder of $fpath',
    "_melstream() {",
    "  local -a commands",
    "  commands=(",
    ...commands.map(({ name, help: words }) => `    ${quote(`${name}:${help(words)}`)}`),
    "  )",
    "  if ((CURRENT == 2)); then",
    "    _describe command commands",
    "    return",
    "  fi",
    "  local command=$words[2]",
    "  shift words",
    "  ((CURRENT--))",
    "  case $command in",
    ...commands.flatMap(({ name, options }) => [
      `    ${name})`,
      "      _arguments \\",
      ...options.map((option) => `        ${spec(option)} \\`),
      "        '*:file:_files' ;;",
    ]),
    "  esac",
    "}",
    "compdef _melstream melstream",
  );
}

function createFish(commands: readonly CommandWords[]): string {
  return lines(
    "# fish: melstream completions fish | source",
    ...commands.map(({ name, help }) =>
      `complete -c melstream -n __fish_use_subcommand -f -a ${name} -d ${quoteFish(help)}`
    ),
    ...commands.flatMap(({ name, options }) =>
      options.map(({ flag, help, value }) => {
        const takes = { none: "", path: " -r -F", other: " -x" };
        const of = typeof value === "string"
          ? takes[value]
          : ` -x -a ${quoteFish(value.join(" "))}`;
        const where = `-n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`;
        return `complete -c melstream ${where}${of} -d ${quoteFish(help)}`;
      })
    ),
  );
}

function createPowerShell(commands: readonly CommandWords[]): string {
  const list = (items: readonly string[]) => `@(${items.map(quotePowerShell).join(", ")})`;
  return lines(
    "# PowerShell: melstream completions powershell | Out-String | Invoke-Expression",
    "Register-ArgumentCompleter -Native -CommandName melstream -ScriptBlock {",
    "  param($word, $tree, $position)",
    "  $said = @($tree.CommandElements | ForEach-Object { $_.ToString() })",
    "  if ($word -ne '') { $said = @($said | Select-Object -SkipLast 1) }",
    "  $options = @{",
    ...commands.map(({ name, options }) =>
      `    ${quotePowerShell(name)} = ${list(options.map(({ flag }) => flag))}`
    ),
    "  }",
    "  $choices = @{",
    ...commands.flatMap((command) =>
      choicesOf(command).map(({ flag, words }) =>
        `    ${quotePowerShell(`${command.name} ${flag}`)} = ${list(words.split(" "))}`
      )
    ),
    "  }",
    `  $words = if ($said.Count -lt 2) { ${list(commands.map(({ name }) => name))} }`,
    '    elseif ($choices.ContainsKey("$($said[1]) $($said[-1])")) { $choices["$($said[1]) $($said[-1])"] }',
    "    elseif ($word.StartsWith('-')) { $options[$said[1]] }",
    '  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {',
    "    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)",
    "  }",
    "}",
  );
}

/** A word as bash and zsh read it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function quoteFish(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}

function quotePowerShell(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function lines(...texts: readonly string[]): string {
  return `${texts.join("\n")}\n`;
}
