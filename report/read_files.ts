import { readCsvRows } from "../pipeline/sources/csv_rows.ts";

/** A folder that no report can be made of; its message is one line that says what to do. */
export class ReportError extends Error {
  /** The class's name, for people. */
  override readonly name = "ReportError";
}

/**
 * Reads a CSV file row by row; a missing one has none.
 *
 * @throws {ReportError} where it cannot be read, and what `onRow` throws.
 */
export async function readCsv(
  path: string,
  onRow: (row: readonly string[], header: readonly string[]) => void,
): Promise<void> {
  let header: readonly string[] | undefined;
  try {
    for await (const { row } of readCsvRows(path)) {
      if (header) onRow(row, header);
      else header = row;
    }
  } catch (cause) {
    if (!isMissing(cause)) throw asReportError(path, cause);
  }
}

/** Reads a JSON object; a missing file has none. @throws {ReportError} where it is none. */
export async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await Deno.readTextFile(path));
    if (typeof value !== "object" || value === null) throw new SyntaxError("expected an object");
    return value as Record<string, unknown>;
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw asReportError(path, cause);
  }
}

/** A property that is an object, or an empty one. */
export function recordAt(value: unknown, name: string): Record<string, unknown> {
  const found = (value as Record<string, unknown> | undefined)?.[name];
  return typeof found === "object" && found !== null ? found as Record<string, unknown> : {};
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
}

function asReportError(path: string, cause: unknown): ReportError {
  if (cause instanceof ReportError) return cause;
  return new ReportError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
}
