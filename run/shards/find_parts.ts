/** Finds the parts of a job and holds them to be all of it, each once, and made alike. */
import { differenceOf } from "../files/resumable_output.ts";
import { RunError } from "../run_error.ts";
import { type PartCard, readPart } from "./part.ts";

/** A part, and the folder that it lies in. */
export interface FoundPart {
  /** The folder. */
  readonly folder: string;
  /** What it says of itself. */
  readonly card: PartCard;
}

/** A shard's folder by its name. */
const partName = /^(\d+)-of-(\d+)$/;

/**
 * The parts of one job, in the shards' order.
 *
 * @param paths Folders of parts, or folders that hold them.
 * @throws {RunError} where one is missing, not whole, there twice, or was made by another program, model, list of
 *   recordings or choice than the first: the message names it.
 */
export async function findParts(paths: readonly string[]): Promise<readonly FoundPart[]> {
  const folders = (await Promise.all(paths.map(foldersIn))).flat();
  const byIndex = new Map<number, FoundPart>(), unfinished: string[] = [];
  for (const folder of folders) {
    const card = await readPart(folder);
    if (!card) {
      unfinished.push(folder);
      continue;
    }
    const { index } = card.shard, same = byIndex.get(index);
    if (same) {
      throw new RunError(
        `Cannot merge as each part must be there once: part ${index} is in ${same.folder} and ${folder}`,
      );
    }
    byIndex.set(index, { folder, card });
  }
  const parts = [...byIndex.values()].sort((a, b) => a.card.shard.index - b.card.shard.index);
  if (parts.length === 0) {
    throw new RunError(`Cannot merge as no part is whole in ${paths.join(", ")}`);
  }
  for (const part of parts) checkAlike(parts[0], part);
  checkAll(parts, unfinished);
  return parts;
}

/** A part's own folder, or those in a folder of parts. */
async function foldersIn(path: string): Promise<string[]> {
  const folder = path.replace(/(.)\/+$/, "$1");
  if (await readPart(folder)) return [folder];
  const found: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && partName.test(name)) found.push(`${folder}/${name}`);
    }
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "it is not there: name OUT.parts, which the shards of a job write, or a run's folder"
      : (cause as Error).message;
    throw new RunError(`Cannot merge the parts in ${folder}: ${why}`, { cause });
  }
  return found.length > 0 ? found : [folder];
}

function checkAlike(first: FoundPart, part: FoundPart): void {
  const known = (card: PartCard) => {
    const { program, kind, shard: { of }, begun, numAll, files } = card;
    const forms = files.map(({ name, parquet }) => [name, parquet]);
    return { program, "number of parts": of, kind, ...begun, numAll, files: forms };
  };
  const differs = differenceOf(known(first.card), known(part.card));
  if (!differs) return;
  const { name, before, after } = differs, isHash = name === "model" || name === "recordings";
  const seen = isHash ? "they differ" : `${before} and ${after}`;
  throw new RunError(
    `Cannot merge ${first.folder} and ${part.folder} as their ${name} must be the same: ${seen}`,
  );
}

function checkAll(parts: readonly FoundPart[], unfinished: readonly string[]): void {
  const { of } = parts[0].card.shard, there = new Set(parts.map(({ card }) => card.shard.index));
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !there.has(index));
  if (missing.length === 0) return;
  const named = missing.slice(0, 10).join(", ");
  const more = missing.length > 10 ? ` and ${missing.length - 10} more` : "";
  const begun = unfinished.length > 0
    ? `; not whole: ${unfinished.slice(0, 10).join(", ")} (go on with it by --resume)`
    : "";
  throw new RunError(
    `Cannot merge as all ${of} parts must be there: ${named}${more} ${
      missing.length === 1 ? "is" : "are"
    } missing${begun}`,
  );
}
