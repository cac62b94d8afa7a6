import type { Command } from "../deps/commander.ts";
import { SettingError } from "../settings/setting.ts";
import { commands } from "./commands.ts";
import { adviceOf } from "./advice.ts";
import { flagOf } from "./setting_options.ts";

/** What the runtime and its kernels throw where the program is wrong, not what it was asked to do. */
const bugs: readonly unknown[] = [
  ...[TypeError, ReferenceError, EvalError, URIError, AggregateError, DOMException],
  ...[WebAssembly.RuntimeError, WebAssembly.CompileError, WebAssembly.LinkError],
];
/** Classes that the program throws with a message of its own, and the runtime too. */
const shared: readonly unknown[] = [Error, RangeError, SyntaxError];

/**
 * An error as lines for people: one where it says what has to change; for a bug of the program also where to
 * report it, and its stack where the command was asked for that.
 *
 * @param asked The command that failed; undefined where none had begun.
 */
export function explainError(error: unknown, asked?: Command): string[] {
  const line = `melstream: ${describe(error, asked)}${adviceOf(error)}`;
  const debug = asked?.opts().debug === true;
  const stack = debug ? stackOf(error) : [];
  if (isExplained(error)) return [line, ...stack];
  const how = debug ? "this output" : "the output of --debug";
  return [line, ...stack, `This is a bug: report it with ${how} to the project's issue tracker.`];
}

/** The message, with options in place of the names of settings. */
function describe(error: unknown, asked?: Command): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof SettingError)) {
    return isExplained(error) ? error.message : `${error.name}: ${error.message}`;
  }
  const settings = commands[asked?.name() ?? ""]?.settings ?? [];
  const setting = settings.find((table) => Object.hasOwn(table, error.setting))?.[error.setting];
  return error.describe(setting && flagOf(error.setting, setting) || error.setting);
}

/** Tells an error whose message says what to change from a bug. */
function isExplained(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { constructor, message, cause } = error;
  if (bugs.includes(constructor)) return false;
  if (!shared.includes(constructor)) return true; // of the program, a package or the file system
  if (constructor === Error && cause instanceof Error) return isExplained(cause);
  return /^Cannot /.test(message) || "code" in error; // what the system refuses has a code
}

/** Where an error and its causes come from, a line each. */
function stackOf(error: unknown): string[] {
  const lines: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    lines.push(...(at.stack ?? "").split("\n"));
  }
  return lines;
}
