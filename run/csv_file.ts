import { stringify } from "@std/csv";
import { type AtomicFile, createAtomicFile } from "./atomic_file.ts";

/** A CSV file that takes row after row and appears whole at its end. */
export interface CsvFile {
  addRow(row: readonly (string | number)[]): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** Starts a CSV file with its header. */
export async function createCsvFile(path: string, header: readonly string[]): Promise<CsvFile> {
  const file: AtomicFile = await createAtomicFile(path);
  // Rows are written in pieces of some kilobytes: what is held does not grow with the file.
  let held = formatRow(header);
  const flush = async () => {
    await file.write(held);
    held = "";
  };
  return {
    async addRow(row) {
      held += formatRow(row);
      if (held.length > 1 << 16) await flush();
    },
    async commit() {
      await flush();
      await file.commit();
    },
    abort: () => file.abort(),
  };
}

/** A row with the end of line that POSIX text has; the standard library writes that of RFC 4180, CR LF. */
function formatRow(row: readonly (string | number)[]): string {
  return `${stringify([row]).slice(0, -2)}\n`;
}

/** Writes a whole CSV file at once. */
export async function writeCsv(
  path: string,
  header: readonly string[],
  rows: Iterable<readonly (string | number)[]>,
): Promise<void> {
  const file = await createCsvFile(path, header);
  try {
    for (const row of rows) await file.addRow(row);
    await file.commit();
  } catch (error) {
    await file.abort();
    throw error;
  }
}
