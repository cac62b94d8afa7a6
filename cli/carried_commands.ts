/** The commands of a program that carries a model. */
import { Command, InvalidArgumentError } from "../deps/commander.ts";
import { RunError } from "../run/run_error.ts";
import { commands } from "./commands.ts";

/** What a model is for. */
const names: readonly string[] = ["predict", "serve", "listen"];
/** Options that such a program has no use for, as it brings what they name. */
const ownOptions = ["--model", "--backbone"];

/** The commands that there are. */
export function createCarriedCommands(): Command[] {
  return names.map((name) => {
    const command = commands[name].create();
    for (const option of command.options) {
      if (ownOptions.includes(option.long ?? "")) {
        option.hideHelp().argParser(() => {
          throw new InvalidArgumentError("This program brings its own model.");
        });
      }
      // It brings no recordings.
      if (option.long === "--data") {
        option.makeOptionMandatory().description = option.description.replace(/ \(default:.*/, "");
      }
    }
    return command;
  });
}

/** The other commands of melstream: they say that they are not there. */
export function createMissingCommands(): Command[] {
  const missing = Object.keys(commands).filter((name) => !names.includes(name));
  return missing.map((name) =>
    new Command(name).allowUnknownOption().argument("[words...]").action(() => {
      throw new RunError(
        `Cannot ${name} as this program carries one model, to ${names.join(", ")} with: ` +
          `${name} is a command of melstream itself`,
      );
    })
  );
}
