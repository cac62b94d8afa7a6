/** Folders of runs: names, the newest one, and reading a saved model from a folder. */
import { parseModelCard } from "../model/model_card.ts";
import { decodeModel, type ModelFiles, type SavedModel } from "../model/saved_model.ts";
import { makeFolder, nextFolder, replaceFolder } from "./files/atomic_file.ts";
import { exists } from "./files/file_errors.ts";
import { readConfig } from "./config/config_file.ts";
import { RunError } from "./run_error.ts";
import { partDir, partsOf } from "./run_parts.ts";
import type { FoldsResult } from "./training/train_events.ts";

/** The folder that runs are put in where no other is named. */
export const runsFolder = "runs";

/**
 * Creates a folder for a run that begins now, which no other run has: of two that begin in the same
 * second the later one's name ends in `-2`.
 */
export async function createRunFolder(
  folder: string = runsFolder,
  now: Date = new Date(),
): Promise<string> {
  await makeFolder(folder);
  const name = `${folder}/${now.toISOString().slice(0, 19).replaceAll(":", "-")}`;
  for (let count = 1;; count++) {
    const dir = count === 1 ? name : `${name}-${count}`;
    try {
      await Deno.mkdir(dir);
      return dir;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** Tells whether all of a run, or of runs in its folder, is done: its report comes last. */
export async function hasEnded(dir: string): Promise<boolean> {
  return await exists(`${dir}/metrics.json`) && await exists(`${dir}/report.html`);
}

/**
 * The folder of the newest run that has a model to label with, or options to go on with.
 *
 * @throws {RunError} where there is none.
 */
export async function newestRun(
  having: "model" | "config" = "model",
  folder: string = runsFolder,
): Promise<string> {
  let newest: { dir: string; time: number } | undefined;
  try {
    for await (const entry of Deno.readDir(folder)) {
      const dir = `${folder}/${entry.name}`;
      const files = having === "config"
        ? ["config.json"]
        : await firstPartIn(dir)
        ? ["metrics.json"] // of runs that have all ended
        : ["best_model/model.json", `${nextFolder("best_model")}/model.json`];
      const infos = await Promise.all(
        files.map((file) => Deno.stat(`${dir}/${file}`).catch(() => undefined)),
      );
      const info = infos.find((info) => info);
      const time = info?.mtime?.getTime() ?? 0;
      if (info && (!newest || time > newest.time)) newest = { dir, time };
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (!newest) {
    throw new RunError(
      having === "model"
        ? `Cannot find a trained model in ${folder}/: train one first, or name the folder of a run`
        : `Cannot find a run in ${folder}/ to go on with: name its folder`,
    );
  }
  return newest.dir;
}

/** Puts a model in its folder, or leaves the one that was there. @param more Files beside it, by name. */
export async function writeModel(
  dir: string,
  { weightsBin, modelJson }: ModelFiles,
  more: Readonly<Record<string, Uint8Array>> = {},
): Promise<void> {
  await replaceFolder(dir, { ...more, "weights.bin": weightsBin, "model.json": modelJson });
}

/**
 * Reads a model from a run's folder, its `best_model` folder, or that folder's `model.json`.
 *
 * @throws {RunError} where there is no model that this version can read.
 */
export async function readModel(path: string): Promise<SavedModel> {
  const folder = path.replace(/\/?model\.json$/, "") || ".";
  const candidates = [`${path}/best_model`, nextFolder(`${path}/best_model`), folder];
  for (const dir of candidates) {
    if (!await exists(`${dir}/model.json`)) continue;
    try {
      const modelJson = await Deno.readTextFile(`${dir}/model.json`);
      const weightsBin = await Deno.readFile(`${dir}/weights.bin`);
      return { ...decodeModel({ modelJson, weightsBin }), folder: dir };
    } catch (cause) {
      throw new RunError(`Cannot use the model in ${dir}: ${(cause as Error).message}`, { cause });
    }
  }
  const part = await firstPartIn(path);
  if (part) {
    throw new RunError(`Cannot take ${path} as one model as it holds several: one is ${part}`);
  }
  throw new RunError(
    `Cannot find a model in ${path}: expected best_model/model.json or model.json there`,
  );
}

/**
 * Reads the model of a run, or the models of all folds of a cross-validation or all members of an ensemble. These
 * have the scores that fit their answers together, once they have ended.
 *
 * @param path As for `readModel`, or the folder of such runs.
 * @throws {RunError} where there is no model, or one of the runs has none.
 */
export async function readModels(path: string): Promise<[SavedModel, ...SavedModel[]]> {
  if (!await firstPartIn(path)) return [await readModel(path)];
  const { kind, count } = partsOf(await readConfig(`${path}/config.json`)) ??
    { kind: "fold", count: 1 };
  const models: SavedModel[] = [];
  for (let index = 1; index <= count; index++) {
    const dir = partDir(path, kind, index);
    if (!await exists(dir)) {
      throw new RunError(
        `Cannot use ${path} as every ${kind} must have a model: ${kind} ${index} of ${count} has none`,
        { resumable: path },
      );
    }
    models.push(await readModel(dir));
  }
  return await withScoresOf(path, models) as [SavedModel, ...SavedModel[]];
}

/** The first of the runs in the folder of a cross-validation or an ensemble; nothing in that of a single run. */
export async function firstPartIn(dir: string): Promise<string | undefined> {
  for (const kind of ["fold", "member"] as const) {
    const first = partDir(dir, kind, 1);
    if (await exists(first)) return first;
  }
}

/**
 * The models with the scores that they have together; before their runs have ended, or without validation, with
 * their own.
 */
async function withScoresOf(dir: string, models: readonly SavedModel[]): Promise<SavedModel[]> {
  const path = `${dir}/metrics.json`;
  if (!await exists(path)) return [...models];
  try {
    const { scores }: Pick<FoldsResult, "scores"> = JSON.parse(await Deno.readTextFile(path));
    if (!scores) return [...models];
    return models.map((model) => {
      return { ...model, card: parseModelCard({ ...model.card, scores: scores.scores }) };
    });
  } catch (cause) {
    throw new RunError(`Cannot use ${path}: ${(cause as Error).message}`, { cause });
  }
}
