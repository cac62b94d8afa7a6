import type { CsvRow } from "./csv_rows.ts";
import { readTextLines } from "./text_lines.ts";

/** An object of a line, as columns of a table. */
type Columns = Readonly<Record<string, string>>;

/**
 * Reads JSON Lines as rows of a table, whose header has all the keys that any line has. A list is a cell with
 * `;` between its items; objects within are left out, but for where lhotse's recordings and cuts name their
 * file, `sources`, which is the column `path`, and where in it a cut begins, the column `offset`.
 *
 * @throws {Error} where the file cannot be read.
 * @throws {SyntaxError} where a line is no JSON object; its message begins with the line.
 */
export async function* readJsonRows(path: string): AsyncGenerator<CsvRow> {
  const names = new Set<string>();
  for await (const { columns } of readObjects(path)) {
    for (const name of Object.keys(columns)) names.add(name);
  }
  const header = [...names];
  if (header.length > 0) yield { row: header, line: 0 };
  for await (const { columns, line } of readObjects(path)) {
    yield { row: header.map((name) => columns[name] ?? ""), line };
  }
}

async function* readObjects(
  path: string,
): AsyncGenerator<{ readonly columns: Columns; readonly line: number }> {
  let line = 0;
  for await (const text of readTextLines(path)) {
    line++;
    if (text.trim() !== "") yield { columns: columnsOf(parseObject(text, line), line), line };
  }
}

function parseObject(text: string, line: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`line ${line} is no JSON: ${(cause as Error).message}`, { cause });
  }
  if (isObject(value)) return value;
  throw new SyntaxError(`line ${line} is no JSON object`);
}

function columnsOf(object: Readonly<Record<string, unknown>>, line: number): Columns {
  const cells = Object.entries(object).flatMap(([name, value]) => {
    const cell = cellOf(value);
    return cell === undefined ? [] : [[name, cell]];
  });
  const recording = isObject(object.recording) ? object.recording : object;
  if (Array.isArray(recording.sources)) {
    cells.push(["path", fileOf(recording.sources, line)], ["offset", cellOf(object.start) ?? ""]);
  }
  return Object.fromEntries(cells);
}

function cellOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) {
    const cells = value.map(cellOf);
    return cells.includes(undefined) ? undefined : cells.join(";");
  }
  return isObject(value) ? undefined : String(value);
}

/** @throws {SyntaxError} where a recording is no one file. */
function fileOf(sources: readonly unknown[], line: number): string {
  const [source] = sources, seen = isObject(source) ? source.type : undefined;
  if (sources.length === 1 && isObject(source) && (seen === "file" || seen === "url")) {
    return String(source.source);
  }
  throw new SyntaxError(
    `line ${line} must have one source of the type file or url: it has ${sources.length}, ${seen}`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
