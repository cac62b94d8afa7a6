import { Command } from "../deps/commander.ts";
import { decisionSettings } from "../model/decision.ts";
import { openLabeller } from "../run/prediction/labeller.ts";
import { newestRun } from "../run/run_folder.ts";
import { machineSettings } from "../run/config/run_settings.ts";
import { RunError } from "../run/run_error.ts";
import { isLoopback } from "../serve/access.ts";
import { type RunningServer, type ServeOptions, startServer } from "../serve/serve.ts";
import { type ServeSettings, serveSettings } from "../serve/serve_settings.ts";
import { trainAddress } from "../serve/training/training_routes.ts";
import { createPageFiles } from "../web/page_files.ts";
import { SettingError, type SettingTable } from "../settings/setting.ts";
import { commonSettings } from "./common_settings.ts";
import { fileSettings } from "./predict_settings.ts";
import { carriesModel, type OpenedModels, openModels } from "./open_models.ts";
import { codeOfStop, createSignalHandler, onStopSignals } from "./run_stoppable.ts";
import { addOptions, readValues } from "./setting_options.ts";
import { createTerminal, type Terminal } from "./terminal.ts";

const asked = { model: fileSettings.model, backbone: fileSettings.backbone };

/** The settings of `serve`. */
export const serveCommandSettings: readonly SettingTable[] = [
  ...[asked, decisionSettings, serveSettings, machineSettings, commonSettings],
];

/** `serve`: pages to train and to try a model with, and labels for other programs. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .description(
      "Serve pages to train a model and to try it with, and labels of sounds for other programs",
    )
    .action(runServe);
  return addOptions(command, serveCommandSettings);
}

async function runServe(_: unknown, command: Command): Promise<void> {
  const { tokenFile, root, ...settings } = readValues(command, serveSettings),
    terminal = createTerminal();
  const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
  const { model } = readValues(command, asked), machine = readValues(command, machineSettings);
  const allowed = root ?? (model === undefined && !carriesModel() ? "." : undefined);
  if (allowed === undefined) await onlyRead();
  else await checkFolder(allowed);
  const training = allowed === undefined ? undefined : { root: allowed, machine };
  const opened = await modelsOf(model, training !== undefined);
  await using served = opened && await openServed(opened, command, terminal, !!training);
  const server = listenAt(
    settings,
    () => startServer({ ...settings, ...served, token, training, onNotice: terminal.line }),
  );
  if (training) terminal.line(`training   from the page, on what lies in ${training.root}`);
  terminal.line(`address    ${server.address}`);
  if (!isLoopback(settings.host) && token === undefined) {
    terminal.line("           the token in it was drawn for this time; --token-file keeps one");
  }
  await untilSignal(() =>
    terminal.line("stopping when all is answered; Ctrl-C again ends at once")
  );
  await server.stop();
}

/** What a server that trains nothing needs: it gives back what the task allows beyond that. */
async function onlyRead(): Promise<void> {
  for (const name of ["write", "sys"] as const) await Deno.permissions.revoke({ name });
}

/** @throws {SettingError} where it is no folder. */
async function checkFolder(root: string): Promise<void> {
  const info = await Deno.stat(root).catch(() => undefined);
  if (!info?.isDirectory) throw new SettingError("serve", "root", "a folder", root);
}

/** The models to answer with; none where there are none yet and that may be. */
async function modelsOf(
  model: string | undefined,
  mayBeNone: boolean,
): Promise<OpenedModels | undefined> {
  if (mayBeNone && model === undefined && !carriesModel() && !await hasModel()) return undefined;
  return await openModels(model);
}

/** Tells whether a run has a model. */
async function hasModel(): Promise<boolean> {
  return await newestRun().then(() => true, (error) => {
    if (error instanceof RunError) return false;
    throw error;
  });
}

/** Opens a run's models, and says what they are. @param trains Whether there is a page that trains. */
async function openServed(
  { models, path }: OpenedModels,
  command: Command,
  terminal: Terminal,
  trains: boolean,
): Promise<
  AsyncDisposable & Required<Pick<ServeOptions, "labeller">> & Pick<ServeOptions, "files">
> {
  const [{ card }] = models;
  const decision = readValues(command, decisionSettings);
  const { backbone } = readValues(command, asked);
  const options = { ...decision, backbone, ...readValues(command, machineSettings) };
  const labeller = await openLabeller(models, options, terminal.line);
  terminal.line(`model      ${path} (${card.classes.length} classes)`);
  terminal.line(`engine     ${labeller.engine} — ${labeller.engineReason}`);
  const page = { decision, trainAddress: trains ? trainAddress : undefined };
  const files = await createPageFiles(models, page);
  return { labeller, files, [Symbol.asyncDispose]: () => labeller.close() };
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
    end: () => Deno.exit(codeOfStop()),
  });
  onStopSignals(handle);
  await stopped.promise;
}
