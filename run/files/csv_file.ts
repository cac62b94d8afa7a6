import { stringify } from "../../deps/std_csv.ts";
import { type AtomicFile, createAtomicFile } from "./atomic_file.ts";
import { acquireLock, lockPathOf } from "./lock.ts";

/** A CSV file that takes row after row and appears whole at its end; it has one writer at a time. */
export interface CsvFile {
  /** Appends a row. @throws {RunError} where it cannot. */
  addRow(row: readonly (string | number)[]): Promise<void>;
  /** Puts the file in its place. @throws {RunError} where it cannot. */
  commit(): Promise<void>;
  /** Throws it away; what was there before stays. After a `commit` it does nothing. */
  abort(): Promise<void>;
}

/**
 * Starts a CSV file with its header, locked until it is committed or aborted.
 *
 * @throws {RunError} where it cannot be written, or another is writing it.
 */
export async function createCsvFile(path: string, header: readonly string[]): Promise<CsvFile> {
  using stack = new DisposableStack();
  stack.use(await acquireLock(lockPathOf(path), path));
  const file = await startCsv(path, header), lock = stack.move();
  return {
    addRow: file.addRow,
    async commit() {
      await file.commit();
      lock.dispose();
    },
    async abort() {
      await file.abort();
      lock.dispose();
    },
  };
}

/**
 * Writes a whole CSV file at once; of two writers the last one's stays.
 *
 * @throws {RunError} where it cannot be written: what was there stays.
 */
export async function writeCsv(
  path: string,
  header: readonly string[],
  rows: Iterable<readonly (string | number)[]>,
): Promise<void> {
  const file = await startCsv(path, header);
  try {
    for (const row of rows) await file.addRow(row);
    await file.commit();
  } finally {
    await file.abort(); // nothing, where it was committed
  }
}

async function startCsv(path: string, header: readonly string[]): Promise<CsvFile> {
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

/** A row of a CSV file, with the end of line that POSIX text has; the standard library writes that of RFC 4180, CR LF. */
export function formatRow(row: readonly (string | number)[]): string {
  return `${stringify([row]).slice(0, -2)}\n`;
}
