import { text } from "../../settings/value_range.ts";
import { pickSettings, SettingError, type SettingsOf } from "../../settings/setting.ts";

/** Which columns of a table of recordings are read. */
export interface Columns {
  /** The one that names the file. */
  readonly fileColumn?: string;
  /** The one with the label. */
  readonly labelColumn?: string;
  /** Of a manifest, the one that gives a recording its id in place of its path. */
  readonly idColumn?: string;
}

/** See `Columns`. */
export const columnSettings: SettingsOf<Columns> = {
  fileColumn: {
    range: text,
    defaultWords: "filename, path or audio_filepath",
    help: "the table's column that names the files",
    group: "Data",
    placeholder: "name",
  },
  labelColumn: {
    range: text,
    defaultWords: "label, or columns of 0 and 1",
    help: "the table's column of labels",
    group: "Data",
    placeholder: "name",
  },
  idColumn: {
    range: text,
    defaultWords: "its path",
    help: "a manifest's column of what recordings are called",
    group: "Data",
    placeholder: "name",
  },
};

/** The columns that say where a recording is, and what it is called. */
export type FileColumns = Omit<Columns, "labelColumn">;

const { labelColumn: _, ...files } = columnSettings;

/** See `FileColumns`. */
export const fileColumnSettings: SettingsOf<FileColumns> = files;

/** Holds that no column is named, where there is no table. @throws {SettingError} where one is. */
export function checkNoColumns(columns: Columns): void {
  for (const [name, column] of Object.entries(pickSettings<Columns>(columnSettings, columns))) {
    const rule = "left out, as no table is named";
    throw new SettingError("read the recordings", name, rule, column);
  }
}
