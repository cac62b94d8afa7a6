/** The command line: `melstream train`, `predict`, `report`, `inspect`, `features`, `doctor`. */
import { Command, CommanderError } from "commander";
import { adviceOf } from "./cli/advice.ts";
import { doctorCommand } from "./cli/doctor_command.ts";
import { exitOnSignals } from "./cli/exit_on_signals.ts";
import { featuresCommand } from "./cli/features_command.ts";
import { inspectCommand } from "./cli/inspect_command.ts";
import { predictCommand } from "./cli/predict_command.ts";
import { reportCommand } from "./cli/report_command.ts";
import { trainCommand } from "./cli/train_command.ts";
import { Interrupted } from "./run/train_options.ts";
import { program as version } from "./run/version.ts";

const program = new Command("melstream")
  .description(
    "Train an audio classifier from a folder of recordings, and label recordings with it",
  )
  .version(version)
  .exitOverride()
  .configureOutput({
    // Else it asks for variables of the environment that the tasks' permissions keep to themselves.
    getOutHasColors: () => false,
    getErrHasColors: () => false,
    outputError: (text, write) => write(text.replace(/^error: /, "melstream: ")),
  });
const commands = [
  ...[trainCommand, predictCommand, reportCommand],
  ...[inspectCommand, featuresCommand, doctorCommand],
];
for (const command of commands) {
  const sub = command().exitOverride().showHelpAfterError(false)
    .copyInheritedSettings(program).allowExcessArguments(false);
  program.addCommand(sub);
}

// `train` stops in good order; the others hold nothing that is worth waiting for.
program.hook("preAction", (_, command) => {
  if (command.name() !== "train") exitOnSignals();
});

if (import.meta.main) {
  try {
    await program.parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) Deno.exit(error.exitCode === 0 ? 0 : 1);
    const message = error instanceof Error ? error.message : error;
    console.error(`melstream: ${message}${adviceOf(error)}`);
    Deno.exit(error instanceof Interrupted ? 130 : 1);
  }
}
