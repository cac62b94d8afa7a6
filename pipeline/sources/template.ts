/** A competition's sample submission, which decides the rows of what is handed in. */
import { basename } from "../../deps/std_path.ts";
import type { Recording } from "../recording.ts";
import { readCsvRows } from "./csv_rows.ts";
import { DatasetError } from "./dataset.ts";
import { normalizeName } from "./label_table.ts";
import { NameIndex } from "./name_index.ts";
import { encodingOf } from "./text_encoding.ts";
import { describeCount } from "./unused.ts";

/** A sample submission; what stands in its cells beside the ids is anything. */
export interface Template {
  /** Where it was read. */
  readonly path: string;
  /** Its columns: the first one has the ids. */
  readonly header: readonly string[];
  /** In the order of the rows. */
  readonly ids: readonly string[];
}

/**
 * Reads a sample submission.
 *
 * @throws {DatasetError} where it cannot be read, has less than two columns, or an id twice.
 */
export async function readTemplate(path: string): Promise<Template> {
  const cannot = (words: string, cause?: unknown) =>
    new DatasetError(`Cannot take the rows of ${path}${words}`, { cause });
  let header: readonly string[] | undefined;
  const ids = new Set<string>();
  try {
    const encoding = await encodingOf(path);
    for await (const { row, line } of readCsvRows(path, { encoding })) {
      if (!header) header = row;
      else if (ids.has(row[0])) throw cannot(` as ids must differ: line ${line} repeats ${row[0]}`);
      else ids.add(row[0]);
    }
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    const isMissing = cause instanceof Deno.errors.NotFound;
    const words = isMissing ? "expected a CSV file, saw nothing there" : (cause as Error).message;
    throw cannot(`: ${words}`, cause);
  }
  if (!header || header.length < 2 || ids.size === 0) {
    const seen = `${header?.length ?? 0} columns and ${ids.size} rows`;
    throw cannot(` as it must have an id, something else and a row: it has ${seen}`);
  }
  return { path, header, ids: [...ids] };
}

/**
 * The recordings of a template's rows, in their order and with their ids. An id is a recording's, or its last
 * name, with or without the extension. A row without a recording is one that cannot be read.
 *
 * @param dir Where the recordings were listed.
 * @param onNote Is told of rows without a recording, and recordings without a row.
 * @throws {DatasetError} where no row has a recording, or one may have several.
 */
export function matchTemplate(
  { path, ids }: Template,
  recordings: readonly Recording[],
  dir: string,
  onNote: (note: string) => void,
): Recording[] {
  const index = new NameIndex(path), used = new Map<Recording, string>(), missing: string[] = [];
  for (const recording of recordings) index.add(recording, recording.id, basename(recording.id));
  const rows = ids.map((id): Recording => {
    const recording = index.find(normalizeName(id));
    if (!recording) {
      missing.push(id);
      return { id, location: { kind: "unreadable", name: `${dir}/${id}`, seen: "nothing there" } };
    }
    const other = used.get(recording);
    if (other !== undefined) {
      const both = `${other} and ${id} both are`;
      throw new DatasetError(
        `Cannot take the rows of ${path} as ids must differ: ${both} ${recording.id}`,
      );
    }
    used.set(recording, id);
    return { ...recording, id };
  });
  if (used.size === 0) {
    throw new DatasetError(
      `Cannot take the rows of ${path} as it must name recordings of ${dir}: ` +
        `there is no ${ids[0]}, nor any other it names`,
    );
  }
  if (missing.length > 0) {
    const what = "rows of the template without a recording, which cannot be read";
    onNote(describeCount(what, missing[0], missing.length));
  }
  const unasked = recordings.filter((recording) => !used.has(recording));
  if (unasked.length > 0) {
    const what = "recordings without a row in the template, left out";
    onNote(describeCount(what, unasked[0].id, unasked.length));
  }
  return rows;
}
