/** The rows of a manifest as recordings. */
import { isAbsolute } from "../../deps/std_path.ts";
import { identityOf, type Location } from "../locations/location.ts";
import type { Recording, RecordingPart } from "../recording.ts";
import type { Columns } from "./column_settings.ts";
import { DatasetError } from "./dataset.ts";
import { type SetKind, setKindOf } from "./folder_layout.ts";
import { readerOf } from "./folder_reader.ts";
import {
  type LabelledFile,
  type LabelTable,
  normalizeName,
  readLabelTable,
} from "./label_table.ts";
import {
  idOfPath,
  insideOf,
  isForeignAddress,
  isRemotePath,
  locationAt,
  pathFrom,
} from "./remote_path.ts";
import { soundColumns } from "./sound_columns.ts";

/** The recordings of a manifest. */
export interface Manifest extends Pick<LabelTable, "columns" | "notes"> {
  /** In the order of its rows. */
  readonly entries: readonly Entry[];
}

/** A row's recording, and the set that it is in, where the row says that. */
export interface Entry {
  /** The recording. */
  readonly recording: Recording;
  /** The set. */
  readonly set?: SetKind;
}

/** What of a manifest is read. */
export interface ManifestChoices extends Columns {
  /** The column that groups, where one does. */
  readonly groups?: string;
  /** Whether rows without a label, or a table without any, are as good as others. @default {false} */
  readonly mayLackLabels?: boolean;
}

/**
 * Reads the rows of a table.
 *
 * @throws {DatasetError} where it cannot be used.
 */
export async function readTableEntries(
  path: string,
  { fileColumn, labelColumn, idColumn, groups, mayLackLabels }: ManifestChoices,
): Promise<Manifest> {
  const others = [
    ...["split", "offset", "duration", soundColumns.row, soundColumns.column],
    ...idColumn === undefined ? [] : [idColumn],
  ];
  const table = await readLabelTable(path, {
    ...{ file: fileColumn, label: labelColumn, others, mayLackLabels },
    group: groups,
    start: "offset",
  });
  const cannot = (words: string) =>
    new DatasetError(`Cannot list the recordings of ${path} ${words}`);
  if (idColumn !== undefined && !table.columns.includes(idColumn)) {
    throw cannot(`as it must have the column ${idColumn}: it has ${table.columns.join(", ")}`);
  }
  if (table.files.size === 0) throw cannot("as it has no row but its header");
  const reader = await readerOf(path);
  // Where no row begins elsewhere, the durations are those of whole recordings.
  const areParts = table.files.values().some(({ cells }) => Number(cells?.offset ?? 0) !== 0);
  if (areParts && table.columns.some((name) => name.toLowerCase() === "onset")) {
    const rule = "as its rows must be recordings, or parts with an offset and a duration";
    throw cannot(`${rule}: it has an onset and an offset, as annotations do (--labels)`);
  }
  const entries = Array.from(table.files, ([name, file]): Entry => {
    const { cells = {} } = file, written = file.path?.replaceAll("\\", "/") ?? name;
    if (isForeignAddress(written)) {
      const rule = "as files must be named by their paths, or by addresses of http, https or s3";
      throw cannot(`${rule}: current value is ${written}`);
    }
    const location = cells[soundColumns.row] === undefined
      ? locate(written)
      : cellOf(written, cells);
    const part = areParts ? partOf(cells, name) : undefined;
    const id = idColumn === undefined ? idOf(written, part) : cells[idColumn];
    if (id === undefined) throw cannot(`as every row must have its ${idColumn}: ${name} has none`);
    if (id !== insideOf(id)) {
      throw cannot(`as its ids must not lead out of a folder, as ${id} does`);
    }
    const labelled = labelsOf(file, table);
    const together = areParts && groups === undefined ? { group: normalizeName(written) } : {};
    const recording = { id, location, ...part && { part }, ...labelled, ...together };
    const set = setOf(cells.split, name);
    return { recording, ...set && { set } };
  });
  const notes = [...table.notes];
  if (areParts) {
    const numFiles = new Set(entries.map(({ recording }) => identityOf(recording.location))).size;
    notes.push(
      `parts of recordings, by its columns offset and duration: ${entries.length} of ${numFiles}`,
    );
  } else if (table.columns.includes("duration")) {
    notes.push("its column duration is not used, as every row means all of its recording");
  }
  return { columns: table.columns, notes, entries };

  function locate(written: string): Location {
    try {
      const file = pathFrom(path, written),
        isElsewhere = isRemotePath(written) || isAbsolute(written);
      return isElsewhere ? locationAt(file) : reader.locationOf(file);
    } catch {
      throw cannot(`as addresses must be whole: current value is ${written}`);
    }
  }

  function cellOf(name: string, cells: Readonly<Record<string, string>>): Location {
    const column = cells[soundColumns.column], row = Number(cells[soundColumns.row]);
    return { kind: "cell", table: reader.locationOf(path), column, row, name };
  }

  function partOf({ offset = "0", duration }: Readonly<Record<string, string>>, name: string) {
    const startSeconds = Number(offset),
      seconds = duration === undefined ? Infinity : Number(duration);
    if (!(startSeconds >= 0 && seconds > 0)) {
      const rule = "as an offset must be 0 s or more, and a duration above 0 s";
      throw cannot(`${rule}: ${name} has ${offset} and ${duration ?? "none"}`);
    }
    return { startSeconds, ...seconds < Infinity && { endSeconds: startSeconds + seconds } };
  }

  function setOf(split: string | undefined, name: string): SetKind | undefined {
    const kind = split === undefined ? undefined : setKindOf(split);
    if (split === undefined || kind) return kind;
    throw cannot(`as split must be train, val or test: ${name} has ${split}`);
  }
}

function idOf(written: string, part: RecordingPart | undefined): string {
  const id = idOfPath(normalizeName(written));
  return part && part.startSeconds > 0 ? `${id}@${part.startSeconds}` : id;
}

function labelsOf(
  { labels, group }: LabelledFile,
  { severalLabels }: LabelTable,
): Pick<Recording, "labels" | "group"> {
  if (labels.size === 0 && !severalLabels) return {};
  return { labels: [...labels].sort(), ...group !== undefined && { group } };
}
