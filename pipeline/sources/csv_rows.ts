import { parse } from "../../deps/std_csv.ts";
import { mostLineCharacters, readTextLines } from "./text_lines.ts";

/** One row of a CSV file, its header included. */
export interface CsvRow {
  /** The cells. */
  readonly row: readonly string[];
  /** The line on which it ends, counted from 1. */
  readonly line: number;
}

/** How a CSV file is written. */
export interface CsvOptions {
  /** Its encoding, as `TextDecoder` names it. @default {"utf-8"} */
  readonly encoding?: string;
  /** What may stand between cells: it is the one that the header has most of. @default {[","]} */
  readonly separators?: readonly string[];
}

/**
 * Reads a CSV file row by row, so that its size does not matter. A byte order mark and empty lines
 * are passed over; a line may end in either way.
 *
 * `CsvParseStream` would not do: it passes empty lines over uncounted, and takes a row of several lines
 * for one, so that nobody could say in which line a row stands.
 *
 * @throws {Error} where it cannot be read.
 * @throws {SyntaxError} where it is no CSV with equally long rows; its message begins with the line.
 */
export async function* readCsvRows(path: string, options: CsvOptions = {}): AsyncGenerator<CsvRow> {
  const { encoding, separators = [","] } = options;
  let separator: string | undefined, numCells: number | undefined;
  let text = "", isOpen = false, line = 0, start = 1;
  for await (const next of readTextLines(path, encoding)) {
    line++;
    if (!isOpen) [text, start] = ["", line];
    if (!isOpen && next === "") continue;
    separator ??= commonest(separators, next);
    text += isOpen ? `\n${next}` : next;
    isOpen = endsQuoted(next, isOpen, separator);
    if (isOpen && text.length > mostLineCharacters) break;
    if (isOpen) continue;
    const row = parseRow(text, separator, start);
    numCells ??= row.length;
    if (row.length !== numCells) {
      const seen = row.length === 1 ? "one cell" : `${row.length} cells`;
      throw new SyntaxError(`line ${line} has ${seen}, but the header ${numCells}`);
    }
    yield { row, line };
  }
  if (isOpen) throw new SyntaxError(`line ${start} has a quote that is not closed`);
}

function parseRow(text: string, separator: string, line: number): string[] {
  try {
    return parse(text, { separator })[0];
  } catch (cause) {
    const { message } = cause as Error; // it takes this row for the first
    throw new SyntaxError(`line ${line}: ${message.slice(message.lastIndexOf(": ") + 2)}`, {
      cause,
    });
  }
}

/** Whether a line ends inside a quoted cell, given whether it begins in one. */
function endsQuoted(line: string, isQuoted: boolean, separator: string): boolean {
  for (let at = 0;;) {
    if (isQuoted || line[at] === '"') {
      const quote = line.indexOf('"', isQuoted ? at : at + 1);
      if (quote < 0) return true;
      isQuoted = line[quote + 1] === '"'; // two of them are one in the cell
      at = quote + (isQuoted ? 2 : 1);
      if (isQuoted) continue;
    }
    const next = line.indexOf(separator, at);
    if (next < 0) return false;
    at = next + separator.length;
  }
}

/** The one that a text has most of; of equals the first. */
function commonest(separators: readonly string[], text: string): string {
  const counts = separators.map((separator) => text.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))];
}
