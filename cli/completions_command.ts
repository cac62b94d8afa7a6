import { Argument, Command } from "../deps/commander.ts";
import type { CommandEntry } from "./commands.ts";
import { createCompletions, type Shell, shells } from "./completions.ts";
import { createWriter } from "./terminal.ts";

/** `completions`: prints what makes a shell complete the other commands' words. */
export function completionsCommand(commands: Readonly<Record<string, CommandEntry>>): Command {
  return new Command("completions")
    .description("Print what makes a shell complete commands, options and choices")
    .addArgument(new Argument("<shell>", "whose script to print").choices(shells))
    .action((shell: Shell) => createWriter("stdout")(createCompletions(shell, commands)));
}
