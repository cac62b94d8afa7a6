/** The command line: `melstream train`, `predict`, and whatever else `commands.ts` lists. */
import "../wasm/deno_files.ts";
import { Command, CommanderError } from "../deps/commander.ts";
import { Interrupted } from "../run/training/train_options.ts";
import { program as version } from "../run/version.ts";
import { callOf } from "../settings/call_of.ts";
import { createCarriedCommands, createMissingCommands } from "./carried_commands.ts";
import { commands } from "./commands.ts";
import { completionsCommand } from "./completions_command.ts";
import { exitCodes } from "./exit_codes.ts";
import { explainError } from "./explain_error.ts";
import { exitOnSignals } from "./exit_on_signals.ts";
import { carriesModel } from "./open_models.ts";
import { codeOfStop } from "./run_stoppable.ts";
import { createWriter, escapeControls } from "./terminal.ts";

/** Runs the command that the words ask for; where it fails, the process ends with a code above 0. */
export async function main(words: string[]): Promise<void> {
  let asked: Command | undefined;
  const fail = (error: unknown) => {
    if (error instanceof CommanderError) Deno.exit(error.exitCode === 0 ? 0 : exitCodes.failed);
    for (const line of explainError(error, asked)) console.error(escapeControls(line));
    Deno.exit(error instanceof Interrupted ? codeOfStop() : exitCodes.failed);
  };
  // What fails in a listener, such as a worker's message, must not end in a stack either.
  globalThis.addEventListener("error", (event) => fail(event.error));
  globalThis.addEventListener("unhandledrejection", (event) => fail(event.reason));
  try {
    await createProgram(words)
      .hook("preAction", (_, command) => {
        asked = command;
        // These stop in good order; the others hold nothing that is worth waiting for.
        if (!["train", "tune", "serve", "search"].includes(command.name())) exitOnSignals();
      })
      .parseAsync(words, { from: "user" });
  } catch (error) {
    fail(error);
  }
}

/** What was meant where recordings were named to a command in the way that others take them. */
function adviceOnData(text: string, words: readonly string[]): string | undefined {
  const [, name, path] =
    /^error: too many arguments for '(\w+)'\. Expected 0 .* got 1: (.*)\.\n$/.exec(text) ?? [];
  const takesData = commands[name]?.settings.some((table) => Object.hasOwn(table, "data"));
  if (takesData) return `--data ${path}`;
  const [, said] = /^error: unknown option '(--data\b.*)'\n/.exec(text) ?? [];
  const how = said === undefined ? undefined : withoutData[words[0]];
  return how?.(said.split("=")[1] ?? words[words.indexOf(said) + 1] ?? "PATH");
}

/** How the commands that have no `--data` take recordings. */
const withoutData: Readonly<Record<string, (path: string) => string>> = {
  inspect: (path) => `${callOf("inspect")} ${path}`,
  listen: (path) => `${callOf("listen")} < ${path}`,
  serve: (path) => `${callOf("serve")} --root ${path}`,
};

/** An error of the command line in the program's words. @param text As the package has it. */
function explainWords(text: string, words: readonly string[]): string {
  const line = text.replace(/^error: /, "melstream: "), meant = adviceOnData(text, words);
  return meant === undefined ? line : `${line.split("\n")[0]}\n(Did you mean ${meant}?)\n`;
}

function createProgram(words: readonly string[]): Command {
  const program = new Command("melstream")
    .description(
      carriesModel()
        ? "Label recordings with the model in this program"
        : "Train an audio classifier from a folder of recordings, and label recordings with it",
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: createWriter("stdout"),
      writeErr: createWriter("stderr"),
      // Else it asks for variables of the environment that the tasks' permissions keep to themselves.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(explainWords(text, words)),
    });
  const add = (command: Command, options?: { readonly hidden: boolean }) => {
    command.exitOverride().showHelpAfterError(false)
      .copyInheritedSettings(program).allowExcessArguments(false);
    program.addCommand(command, options);
  };
  if (carriesModel()) {
    for (const command of createCarriedCommands()) add(command);
    for (const command of createMissingCommands()) {
      add(command, { hidden: true });
      command.helpOption(false); // their help is that they are not there
    }
  } else {
    for (const { create } of Object.values(commands)) add(create());
    add(completionsCommand(commands));
  }
  return program;
}
