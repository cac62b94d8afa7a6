/** Folders of runs: names, the newest one, and reading a saved model from a folder. */
import { decodeModel, type ModelFiles, type SavedModel } from "../model/saved_model.ts";
import { nextFolder, replaceFolder } from "./atomic_file.ts";
import { readConfig } from "./config.ts";
import { RunError } from "./run_error.ts";

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
  await Deno.mkdir(folder, { recursive: true });
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

/** Tells whether all of a run, or of a cross-validation, is done: its report comes last. */
export async function hasEnded(dir: string): Promise<boolean> {
  return await exists(`${dir}/metrics.json`) && await exists(`${dir}/report.html`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
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
        : await exists(foldDir(dir, 1))
        ? ["metrics.json"] // of a cross-validation that has ended
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

/** The folder of one run of a cross-validation. @param index Counted from 1. */
export function foldDir(dir: string, index: number): string {
  return `${dir}/fold-${index}`;
}

/** Puts a model in its folder, or leaves the one that was there. */
export async function writeModel(dir: string, files: ModelFiles): Promise<void> {
  await replaceFolder(dir, { "weights.bin": files.weightsBin, "model.json": files.modelJson });
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
      return decodeModel({ modelJson, weightsBin: await Deno.readFile(`${dir}/weights.bin`) });
    } catch (cause) {
      throw new RunError(`Cannot use the model in ${dir}: ${(cause as Error).message}`, { cause });
    }
  }
  throw new RunError(
    `Cannot find a model in ${path}: expected best_model/model.json or model.json there`,
  );
}

/**
 * Reads the model of a run, or the models of all folds of a cross-validation.
 *
 * @param path As for `readModel`, or a cross-validation's folder.
 * @throws {RunError} where there is no model, or a fold has none.
 */
export async function readModels(path: string): Promise<[SavedModel, ...SavedModel[]]> {
  if (!await exists(foldDir(path, 1))) return [await readModel(path)];
  const { folds } = await readConfig(`${path}/config.json`);
  const models: [SavedModel, ...SavedModel[]] = [await readModel(foldDir(path, 1))];
  for (let index = 2; index <= (folds ?? 1); index++) {
    if (!await exists(foldDir(path, index))) {
      throw new RunError(
        `Cannot use ${path} as every fold must have a model: fold ${index} of ${folds} has none`,
        { resumable: path },
      );
    }
    models.push(await readModel(foldDir(path, index)));
  }
  return models;
}
