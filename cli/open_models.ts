import type { SavedModel } from "../model/saved_model.ts";
import { newestRun, readModels } from "../run/run_folder.ts";

/** The models that a command answers with. */
export interface OpenedModels {
  /** Of several the probabilities are averaged. */
  readonly models: readonly [SavedModel, ...SavedModel[]];
  /** Where they lie, in words. */
  readonly path: string;
}

let carried: string | undefined;

/** Has every command answer with the model in a folder that is part of the program: see `with_model.ts`. */
export function carryModel(folder: string): void {
  carried = folder;
}

/** Tells whether the program brings its own model. */
export function carriesModel(): boolean {
  return carried !== undefined;
}

/**
 * Reads the models that a command is to answer with.
 *
 * @param path Where they lie, where that was said: else the program's own, or those of the newest run.
 * @throws {RunError} where there are none.
 */
export async function openModels(path?: string): Promise<OpenedModels> {
  if (path === undefined && carried !== undefined) {
    return { models: await readModels(carried), path: "the one in this program" };
  }
  const from = path ?? await newestRun();
  return { models: await readModels(from), path: from };
}
