/** Joins the parts of a job to what one process would have written, byte by byte. */
import { dirname } from "../../deps/std_path.ts";
import { createAtomicFile } from "../files/atomic_file.ts";
import { convertToParquet } from "../events/parquet_file.ts";
import { acquireLock, lockPathOf } from "../files/lock.ts";
import { RunError } from "../run_error.ts";
import { findParts, type FoundPart } from "./find_parts.ts";
import type { ContentKind, PartFile } from "./part.ts";
import { type LabelFigures, Scoring } from "../prediction/scoring.ts";
import {
  beginOf,
  firstCell,
  openRows,
  strange,
  takeHeaders,
  textOf,
  walkParts,
} from "./part_rows.ts";
import { scoredFile, takeScoredRow } from "./scored_rows.ts";

/** Where the whole is written: without a word, where the parts were asked to be. */
export interface MergeOptions {
  /** In place of the file that the parts are of. */
  readonly out?: string;
  /** In place of the file of probabilities. */
  readonly probabilities?: string;
  /** Is told how many recordings are joined, of how many. */
  readonly onRow?: (done: number, all: number) => void;
}

/** What was joined. */
export interface MergeResult {
  /** The main file, or the folder. */
  readonly out: string;
  /** What it holds. */
  readonly kind: ContentKind;
  /** Parts. */
  readonly parts: number;
  /** Recordings of all of them. */
  readonly recordings: number;
  /** Rows of labels that stand for recordings that could not be read. */
  readonly standIns: number;
  /** Rows of `skipped.csv`: clips that could not be read. */
  readonly skipped: number;
  /** What labels are worth, where those of recordings are known. */
  readonly figures?: LabelFigures;
}

/** Text is written in pieces of so many characters. */
const pieceCharacters = 1 << 16;

/**
 * Joins parts, row by row in the order of the recordings among all: memory does not grow with them. Files that
 * each recording has of its own lie in their place already; then their lists are joined.
 *
 * @param paths Folders of parts, or folders that hold them, such as `OUT.parts`.
 * @throws {RunError} where parts are missing, there twice or not of one job, as `findParts` says, where their rows
 *   are not those of their recordings, or where something cannot be written.
 */
export async function mergeParts(
  paths: readonly string[],
  { out, probabilities, onRow }: MergeOptions = {},
): Promise<MergeResult> {
  const parts = await findParts(paths), [{ card }] = parts;
  const { kind, files, numAll } = card, home = homeOf(parts) ?? card.out;
  const place = (out ?? home).replace(/(.)\/+$/, "$1");
  if (kind === "files" && !await isSame(place, home)) {
    throw new RunError(
      `Cannot merge into ${place} as the recordings' own files must lie there: they are in ${home}`,
    );
  }
  if (probabilities !== undefined && files.length < 2) {
    throw new RunError(
      `Cannot write ${probabilities} as the parts must have been made with --probabilities: they have none`,
    );
  }
  const second = probabilities ?? (kind === "files" ? undefined : files[1]?.out);
  if (second !== undefined && await isSame(second, place)) {
    throw new RunError(`Cannot write ${place} as labels and probabilities must be two files`);
  }
  await Deno.mkdir(dirname(place), { recursive: true });
  using _ = await acquireLock(lockPathOf(place), place);
  for (const [i, file] of files.entries()) {
    const path = kind === "files"
      ? `${place}/${file.name}`
      : i === 0
      ? place
      : probabilities ?? file.out;
    await joinRows(parts, file, path, (done) => i === 0 && onRow?.(done, numAll));
  }
  const folder = kind === "files" ? place : dirname(place);
  return {
    out: place,
    kind,
    parts: parts.length,
    recordings: numAll,
    standIns: parts.reduce((sum, { card }) => sum + card.standIns, 0),
    skipped: await joinSkipped(parts, `${folder}/skipped.csv`),
    figures: await scoreParts(parts),
  };
}

/** Scores labels as one process would have, in the same order; undefined for what is no labels. */
async function scoreParts(parts: readonly FoundPart[]): Promise<LabelFigures | undefined> {
  const [{ card: { scoring: card } }] = parts;
  if (!card) return undefined;
  const scoring = new Scoring(card);
  using rows = await openRows(parts, scoredFile, "jsonl");
  if (rows.files.every((file) => file.next === undefined)) return undefined;
  for await (const { part, place } of walkParts(parts)) {
    const row = takeScoredRow(rows.files[part], place);
    if (row) scoring.add(row);
  }
  return scoring.build();
}

/** What the parts are of, where they lie in one folder, `OUT.parts`, wherever that is by now. */
function homeOf(parts: readonly FoundPart[]): string | undefined {
  const [first, ...others] = parts.map(({ folder }) => dirname(folder));
  const isOne = first.endsWith(".parts") && others.every((folder) => folder === first);
  return isOne ? first.slice(0, -".parts".length) : undefined;
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all(
    [a, b].map((path) => Deno.realPath(path).catch(() => path)),
  );
  return one === other;
}

/** Joins one file of rows of all parts. */
async function joinRows(
  parts: readonly FoundPart[],
  { name, format, parquet }: PartFile,
  path: string,
  onRow: (done: number) => void,
): Promise<void> {
  /** Labels have a row for every recording, whatever it is; others any number. */
  const hasAll = parts[0].card.kind === "labels";
  const lines = parquet ? `${path}.lines` : path;
  await writeText(lines, async (write) => {
    using rows = await openRows(parts, name, format);
    if (format === "csv") await write(takeHeaders(rows.files));
    let done = 0;
    for await (const { part, cell } of walkParts(parts)) {
      const file = rows.files[part], begins = beginOf(cell, format);
      let numRows = 0;
      while (file.next?.startsWith(begins) && !(hasAll && numRows === 1)) {
        await write(file.take());
        numRows++;
      }
      if (hasAll && numRows === 0) throw strange(file, `a row of ${textOf(cell)}`);
      onRow(++done);
    }
    for (const file of rows.files) {
      if (file.next !== undefined) throw strange(file, "no more rows");
    }
  });
  if (!parquet) return;
  try {
    await convertToParquet(lines, path, parquet.hasPeak);
  } finally {
    await Deno.remove(lines);
  }
}

/** Joins the parts' `skipped.csv`. @returns How many rows it has; without any, there is none. */
async function joinSkipped(parts: readonly FoundPart[], path: string): Promise<number> {
  using rows = await openRows(parts, "skipped.csv", "csv");
  const there = rows.files.filter((file) => file.next !== undefined);
  const stale = await Deno.stat(path).then(() => true, () => false);
  if (there.length === 0 && !stale) return 0;
  let numRows = 0;
  await writeText(path, async (write) => {
    await write(there.length > 0 ? takeHeaders(there) : "filename,stage,cause\n");
    for await (const { part, cell } of walkParts(parts)) {
      const file = rows.files[part];
      if (file.next === undefined) continue;
      const id = textOf(cell);
      // A window's name is its recording's with its start behind it.
      for (let name; (name = firstCell(file.next)) !== undefined; numRows++) {
        if (!(name.startsWith(id) && /^(@\d+)?$/.test(name.slice(id.length)))) break;
        await write(file.take());
      }
    }
    for (const file of there) {
      if (file.next !== undefined) throw strange(file, "no more rows");
    }
  });
  return numRows;
}

/** Writes a file that appears whole or not at all, in pieces. */
async function writeText(
  path: string,
  fill: (write: (text: string) => Promise<void> | void) => Promise<void>,
): Promise<void> {
  const file = await createAtomicFile(path);
  let held = "";
  const flush = async () => {
    const text = held;
    held = "";
    await file.write(text);
  };
  try {
    await fill((text) => {
      held += text;
      if (held.length >= pieceCharacters) return flush();
    });
    await flush();
    await file.commit();
  } finally {
    await file.abort(); // nothing, where it was committed
  }
}
