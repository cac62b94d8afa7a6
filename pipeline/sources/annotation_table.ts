/** Reads what is to be heard where in recordings: a table, a label track, or a folder of them. */
import { basename, extname } from "../../deps/std_path.ts";
import { type Annotation, sortAnnotations } from "../annotation.ts";
import {
  type AnnotationFile,
  annotationFormatOf,
  type AnnotationRow,
  readAnnotationRows,
} from "./annotation_rows.ts";
import { DatasetError } from "./dataset.ts";
import { readerOf } from "./folder_reader.ts";
import { FolderWalk } from "./folder_walk.ts";
import {
  type LabelColumns,
  type LabelledFile,
  type LabelTable,
  normalizeName,
} from "./label_table.ts";
import { describeCount, Unused } from "./unused.ts";

/** What a table says of the stretches of one file. */
type AnnotatedFile = LabelledFile & { annotations: Annotation[] };

/** Extensions of what may be a table or a label track. */
const tableExtensions: ReadonlySet<string> = new Set([".csv", ".tsv", ".txt"]);

/** True for a path that `readAnnotations` reads: a folder, or a file that tells of stretches. */
export async function holdsAnnotations(path: string): Promise<boolean> {
  const info = await (await readerOf(path)).stat(path).catch(() => undefined);
  if (info?.isDirectory) return true;
  // One that cannot be read is refused where it is.
  return info?.isFile === true &&
    await annotationFormatOf(path).catch(() => undefined) !== undefined;
}

/**
 * Reads annotations: of a file, or of all tables and label tracks below a folder. A table has a first line
 * that names its columns, in any order and letter case: a start and an end in seconds, labels, and files.
 * Selection tables of Raven are such tables. A label track of Audacity has none. What does not name a file
 * is called like its recording: `X.txt`, `X.selections.txt` or `X.Table.1.selections.txt` for `X.wav`.
 *
 * @throws {DatasetError} where something cannot be read, lacks a column, or has a time that is none.
 */
export async function readAnnotations(
  path: string,
  columns: LabelColumns = {},
): Promise<LabelTable> {
  const isFolder = await (await readerOf(path)).stat(path)
    .then((info) => info.isDirectory, () => false);
  const collector = new AnnotationCollector(columns);
  for await (const table of isFolder ? tablesIn(path) : [{ path, folder: "" }]) {
    await collector.read(table.path, table.folder);
  }
  return collector.build(path);
}

/** The files below a folder that may be tables, each folder once, whatever links lead to it. */
async function* tablesIn(dir: string): AsyncGenerator<{ path: string; folder: string }> {
  const reader = await readerOf(dir), walk = new FolderWalk(reader), visited = new Set<string>();
  const pending = [{ dir, folder: "" }];
  for (const { dir, folder } of pending) {
    const real = await reader.realPath(dir);
    if (visited.has(real)) continue;
    visited.add(real);
    for (const { name, path, kind } of await walk.list(dir)) {
      if (kind === "folder") pending.push({ dir: path, folder: `${folder}${name}/` });
      else if (tableExtensions.has(extname(name).toLowerCase())) yield { path, folder };
    }
  }
}

/** The recording that a file of annotations is called like, without its extension. */
function recordingNameOf(path: string): string {
  return basename(path).replace(/(\.Table\.\d+)?\.selections\.(txt|tsv|csv)$/i, "")
    .replace(/\.(txt|tsv|csv)$/i, "");
}

/** Annotations by the file, and what is said of them. */
class AnnotationCollector {
  readonly #files = new Map<string, AnnotatedFile>();
  readonly #unused = new Unused();
  readonly #paths: string[] = [];
  readonly #notes: string[] = [];
  readonly #columns = new Set<string>();
  readonly #labelColumns = new Set<string>();

  /** Reads these columns. */
  constructor(readonly wanted: LabelColumns) {}

  /** Reads one file. @param folder What its own name stands below. */
  async read(path: string, folder: string): Promise<void> {
    try {
      await this.#read(path, folder);
    } catch (cause) {
      if (cause instanceof DatasetError) throw cause;
      throw new DatasetError(`Cannot read annotations from ${path}: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  async #read(path: string, folder: string): Promise<void> {
    const format = await annotationFormatOf(path);
    if (!format) {
      const reason = "tables and texts that tell of no stretches, not used";
      return this.#unused.add(reason, `${folder}${basename(path)}`);
    }
    const file: AnnotationFile = { columns: [], namesFiles: false, notes: this.#notes };
    const ownName = normalizeName(folder + recordingNameOf(path));
    let isEmpty = true;
    for await (const row of readAnnotationRows(path, format, this.wanted, file)) {
      const name = row.name === undefined ? ownName : normalizeName(row.name);
      if (name === "") {
        throw new DatasetError(
          `Cannot read annotations from ${path} as every row must name a file: ` +
            `line ${row.line} does not`,
        );
      }
      isEmpty = false;
      this.#add(this.#fileOf(name, row, path), row, `${basename(path)}, line ${row.line}`);
    }
    // It says of its recording that nothing is to be heard there.
    if (isEmpty && !file.namesFiles) this.#fileOf(ownName, {}, path);
    this.#paths.push(path);
    if (file.labelColumn !== undefined) this.#labelColumns.add(file.labelColumn);
    for (const column of file.columns) this.#columns.add(column);
  }

  #fileOf(
    name: string,
    { group, line }: Partial<Pick<AnnotationRow, "group" | "line">>,
    path: string,
  ): AnnotatedFile {
    const known = this.#files.get(name);
    if (!known) {
      const file = { labels: new Set<string>(), annotations: [], group };
      this.#files.set(name, file);
      return file;
    }
    if (line !== undefined && known.group !== group) {
      throw new DatasetError(
        `Cannot read annotations from ${path} as all rows of a file must have one ` +
          `${this.wanted.group}: ${name} has ${known.group ?? "none"} and, in line ${line}, ` +
          `${group ?? "none"}`,
      );
    }
    return known;
  }

  #add(file: AnnotatedFile, row: AnnotationRow, where: string): void {
    const { startSeconds, endSeconds, labels } = row;
    const fault = endSeconds < startSeconds
      ? "annotations that end before they begin"
      : startSeconds < 0
      ? "annotations that begin before 0 s"
      : labels.length === 0
      ? "annotations without a label"
      : undefined;
    if (fault !== undefined) return this.#unused.add(`${fault}, left out`, where);
    for (const label of labels) {
      file.labels.add(label);
      file.annotations.push({ startSeconds, endSeconds, label });
    }
  }

  /** What was read. @param path The file or folder that a person named. */
  build(path: string): LabelTable {
    if (this.#files.size === 0) {
      throw new DatasetError(
        `Cannot read annotations from ${path} as it must hold tables with a start and an end, or ` +
          `label tracks (${[...tableExtensions].join(" ")}), that tell of recordings: it has none`,
      );
    }
    let numRepeats = 0, count = 0;
    for (const file of this.#files.values()) {
      const once = sortAnnotations(file.annotations);
      numRepeats += file.annotations.length - once.length;
      count += once.length;
      file.annotations = once;
    }
    const columns = [...this.#labelColumns];
    const notes = [
      `annotations: ${count} of ${this.#files.size} recordings` +
      (columns.length > 0 ? `, labels by the column ${columns.join(", ")}` : ""),
      ...this.#notes,
      ...this.#unused.describe(),
    ];
    if (numRepeats > 0) notes.push(`annotations that repeat another: ${numRepeats}`);
    const bare = [...this.#files].filter(([, { annotations }]) => annotations.length === 0);
    if (bare.length > 0) {
      notes.push(describeCount("recordings without an annotation", bare[0][0], bare.length));
    }
    return {
      files: this.#files,
      columns: [...this.#columns],
      severalLabels: true,
      isAnnotated: true,
      notes,
      paths: this.#paths,
    };
  }
}
