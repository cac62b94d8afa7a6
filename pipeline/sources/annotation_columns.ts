/** The columns of tables that tell what is to be heard where in recordings. */
import type { LabelColumns } from "./label_table.ts";

/** Where the columns of a table of annotations are; below 0 for one that there is not. */
export interface AnnotationColumns {
  /** Beginnings, in seconds. */
  readonly startAt: number;
  /** Ends, in seconds. */
  readonly endAt: number;
  /** Labels. */
  readonly labelAt: number;
  /** Files. */
  readonly fileAt: number;
  /**
   * Raven's beginnings within the file that `fileAt` names: its other times count from the first of the
   * files that were opened together.
   */
  readonly fileOffsetAt: number;
  /** Groups. */
  readonly groupAt: number;
}

/** Names of columns, in lower case, those first that are taken where there are several. */
const known = {
  // pandas and opensoundscape, BirdNET-Analyzer, DCASE and sed_eval, Raven
  start: ["start", "start_time", "start (s)", "onset", "begin time (s)"],
  end: ["end", "end_time", "end (s)", "offset", "end time (s)"],
  // Which one has the label is every Raven user's own choice.
  label: ["species", "annotation", "label", "event_label", "class", "tags", "common name"],
  file: ["filename", "file", "path", "begin path", "begin file"],
  fileOffset: ["file offset (s)"],
};

/** True for the first line of a table that tells of stretches: it names a start and an end. */
export function namesStretches(header: readonly string[]): boolean {
  return [known.start, known.end].every((names) => findColumn(header, names) >= 0);
}

/** Finds a table's columns by their names, in any letter case, or by those that are wanted. */
export function findAnnotationColumns(
  header: readonly string[],
  wanted: LabelColumns,
): AnnotationColumns {
  const find = (names: readonly string[], said?: string) =>
    said === undefined ? findColumn(header, names) : header.indexOf(said.normalize("NFC"));
  const fileAt = find(known.file, wanted.file);
  return {
    startAt: find(known.start),
    endAt: find(known.end),
    labelAt: find(known.label, wanted.label),
    fileAt,
    fileOffsetAt: fileAt < 0 ? -1 : find(known.fileOffset),
    groupAt: wanted.group === undefined ? -1 : find([], wanted.group),
  };
}

function findColumn(header: readonly string[], names: readonly string[]): number {
  const lower = header.map((name) => name.toLowerCase());
  const name = names.find((name) => lower.includes(name));
  return name === undefined ? -1 : lower.indexOf(name);
}
