import { Command } from "../deps/commander.ts";
import { decisionSettings } from "../model/decision.ts";
import { openLabeller } from "../run/labeller.ts";
import { machineSettings } from "../run/run_settings.ts";
import { RunError } from "../run/run_error.ts";
import { isLoopback } from "../serve/access.ts";
import { type RunningServer, startServer } from "../serve/serve.ts";
import { type ServeSettings, serveSettings } from "../serve/serve_settings.ts";
import { createPageFiles } from "../web/page_files.ts";
import { SettingError, type SettingTable } from "../settings/setting.ts";
import { commonSettings } from "./common_settings.ts";
import { fileSettings } from "./predict_settings.ts";
import { openModels } from "./open_models.ts";
import { createSignalHandler } from "./run_stoppable.ts";
import { addOptions, readValues } from "./setting_options.ts";
import { createTerminal } from "./terminal.ts";

const asked = { model: fileSettings.model, backbone: fileSettings.backbone };

/** The settings of `serve`. */
export const serveCommandSettings: readonly SettingTable[] = [
  ...[asked, decisionSettings, serveSettings, machineSettings, commonSettings],
];

/** `serve`: a page to try a model with, and labels for other programs. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .description("Serve a model: a page to try it with, and labels of sounds for other programs")
    .action(runServe);
  return addOptions(command, serveCommandSettings);
}

async function runServe(_: unknown, command: Command): Promise<void> {
  const { tokenFile, ...settings } = readValues(command, serveSettings),
    terminal = createTerminal();
  const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
  const { model, backbone } = readValues(command, asked);
  const { models, path } = await openModels(model), [{ card }] = models;
  const decided = readValues(command, decisionSettings);
  const options = { ...decided, backbone, ...readValues(command, machineSettings) };
  const labeller = await openLabeller(models, options, terminal.line);
  try {
    terminal.line(`model      ${path} (${card.classes.length} classes)`);
    terminal.line(`engine     ${labeller.engine} — ${labeller.engineReason}`);
    const files = await createPageFiles(models, { decision: decided });
    const server = listenAt(
      settings,
      () => startServer({ ...settings, token, labeller, files, onNotice: terminal.line }),
    );
    terminal.line(`address    ${server.address}`);
    if (!isLoopback(settings.host) && token === undefined) {
      terminal.line("           the token in it was drawn for this time; --token-file keeps one");
    }
    await untilSignal(() =>
      terminal.line("stopping when all is answered; Ctrl-C again ends at once")
    );
    await server.stop();
  } finally {
    await labeller.close();
  }
}

/** @throws {RunError} where the address cannot be listened at. */
function listenAt({ host, port }: ServeSettings, start: () => RunningServer): RunningServer {
  try {
    return start();
  } catch (cause) {
    const isSystems = cause instanceof Error &&
      !(cause instanceof RangeError || cause instanceof TypeError);
    if (!isSystems) throw cause;
    throw new RunError(`Cannot listen at ${host}, port ${port}: ${cause.message}`, { cause });
  }
}

/** @throws {SettingError} where the file has no token that fits into a header. */
async function readToken(path: string): Promise<string> {
  const [token] = (await Deno.readTextFile(path)).split("\n").map((line) => line.trim());
  const isToken = /^[\w.~+/=-]{16,}$/.test(token);
  if (isToken) return token;
  const rule = "a file with one line, of at least 16 letters, digits or - . _ ~ + / =";
  throw new SettingError("serve", "tokenFile", rule, path);
}

/** Waits for Ctrl-C, or the end of the session; a second one ends the program. */
async function untilSignal(onStop: () => void): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const handle = createSignalHandler({
    stop() {
      onStop();
      stopped.resolve();
    },
    end: () => Deno.exit(130),
  });
  Deno.addSignalListener("SIGINT", handle);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", handle);
  await stopped.promise;
}
