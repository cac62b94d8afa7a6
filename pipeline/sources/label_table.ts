/** Reads a CSV file that labels recordings: `filename,label`, and more columns where there are any. */
import { type CsvRow, readCsvRows } from "./csv_rows.ts";
import { DatasetError } from "./dataset.ts";

/** What a table says of one file. */
export interface LabelledFile {
  /** Its labels, each once, in the order in which they stand. */
  readonly labels: Set<string>;
  /** The cell of the column that groups; absent where it is empty or there is none. */
  group?: string;
}

/** What a labels file says. */
export interface LabelTable {
  /** By the name as it is written, with `/` between folders. */
  readonly files: ReadonlyMap<string, LabelledFile>;
  /** The columns. */
  readonly columns: readonly string[];
  /** Rows that said nothing new. */
  readonly numDuplicates: number;
  /** Rows whose label is empty. */
  readonly numUnlabelled: number;
}

/**
 * Reads a labels file. Several labels of one file are several rows or one cell with `;` or `|`
 * between them. Line ends, a byte order mark, letter case of the header and the order of the columns
 * do not matter.
 *
 * @param groupColumn The column that says a file's group; it may be missing.
 * @throws {DatasetError} where the file cannot be read, lacks a column, or contradicts itself.
 */
export async function readLabelTable(path: string, groupColumn?: string): Promise<LabelTable> {
  const files = new Map<string, LabelledFile>();
  let columns: string[] = [], numDuplicates = 0, numUnlabelled = 0;
  let filenameAt = -1, labelAt = -1, groupAt = -1;
  for await (const { row, line } of readRows(path)) {
    if (columns.length === 0) {
      columns = row.map((name) => name.trim());
      const lower = columns.map((name) => name.toLowerCase());
      [filenameAt, labelAt] = [lower.indexOf("filename"), lower.indexOf("label")];
      groupAt = groupColumn === undefined ? -1 : columns.indexOf(groupColumn);
      if (filenameAt >= 0 && labelAt >= 0) continue;
      throw new DatasetError(
        `Cannot read labels from ${path} as its first line must name the columns filename and ` +
          `label: current value is ${columns.join(",")}`,
      );
    }
    const name = normalizeName(row[filenameAt]);
    if (name === "") {
      throw new DatasetError(
        `Cannot read labels from ${path} as every row must name a file: line ${line} does not`,
      );
    }
    const labels = row[labelAt].split(/[;|]/).map((label) => label.trim()).filter(Boolean);
    if (labels.length === 0) {
      numUnlabelled++;
      continue;
    }
    const group = groupAt < 0 ? undefined : row[groupAt].trim() || undefined;
    const known = files.get(name);
    if (!known) {
      files.set(name, { labels: new Set(labels), group });
      continue;
    }
    if (known.group !== group) {
      throw new DatasetError(
        `Cannot read labels from ${path} as all rows of a file must have one ${groupColumn}: ` +
          `${name} has ${known.group ?? "none"} and, in line ${line}, ${group ?? "none"}`,
      );
    }
    if (labels.every((label) => known.labels.has(label))) numDuplicates++;
    for (const label of labels) known.labels.add(label);
  }
  if (columns.length === 0) {
    throw new DatasetError(
      `Cannot read labels from ${path} as it must have the columns filename and label: it is empty`,
    );
  }
  return { files, columns, numDuplicates, numUnlabelled };
}

/** A file's name as a clip's id is written: `/` between folders, composed accents, no `./` before it. */
export function normalizeName(name: string): string {
  return name.trim().replaceAll("\\", "/").replace(/^(\.\/)+/, "").normalize("NFC");
}

async function* readRows(path: string): AsyncGenerator<CsvRow> {
  try {
    yield* readCsvRows(path);
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    const words = missing ? "expected a CSV file, saw nothing there" : (cause as Error).message;
    throw new DatasetError(`Cannot read labels from ${path}: ${words}`, { cause });
  }
}
