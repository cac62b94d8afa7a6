/** The rows of all parts: opened side by side, in the order of their recordings among all. */
import { RunError } from "../run_error.ts";
import type { FoundPart } from "./find_parts.ts";
import type { PartFile } from "./part.ts";
import { RecordFile } from "./record_file.ts";

/** A recording in the order among all. */
export interface WalkedRecording {
  /** The part that has it, counted from 0. */
  readonly part: number;
  /** Its place. */
  readonly place: number;
  /** Its id, as a CSV file has it. */
  readonly cell: string;
}

/**
 * Walks through the recordings of all parts, in their order among all.
 *
 * @throws {RunError} where one is in no part, or a place is in two.
 */
export async function* walkParts(
  parts: readonly FoundPart[],
): AsyncGenerator<WalkedRecording> {
  const { numAll } = parts[0].card;
  using lists = await openRows(parts, "recordings.csv", "csv");
  takeHeaders(lists.files);
  /** For each part that has one left, the recording that is next by its place. */
  const waiting = new Map<number, WalkedRecording>();
  const advance = (part: number) => {
    const file = lists.files[part], record = file.next;
    if (record === undefined) return;
    const comma = record.lastIndexOf(","), place = Number(record.slice(comma + 1));
    if (waiting.has(place) || !(place >= 0 && place < numAll)) {
      throw strange(file, "a place that no other recording has");
    }
    waiting.set(place, { part, place, cell: record.slice(0, comma) });
    file.advance();
  };
  for (const part of lists.files.keys()) advance(part);
  for (let place = 0; place < numAll; place++) {
    const found = waiting.get(place);
    if (!found) {
      throw new RunError(
        `Cannot merge as every recording must be in a part: the one at place ${place} is in none`,
      );
    }
    waiting.delete(place);
    yield found;
    advance(found.part);
  }
}

/** The files of one name in all parts, open. @throws {RunError} where one is missing, but `skipped.csv`. */
export async function openRows(
  parts: readonly FoundPart[],
  name: string,
  format: PartFile["format"],
): Promise<Disposable & { readonly files: readonly RecordFile[] }> {
  using stack = new DisposableStack();
  const files: RecordFile[] = [];
  for (const { folder } of parts) {
    const isOptional = name === "skipped.csv";
    files.push(stack.use(await RecordFile.open(`${folder}/${name}`, format, isOptional)));
  }
  const open = stack.move();
  return { files, [Symbol.dispose]: () => open.dispose() };
}

/**
 * Takes the header of each file.
 *
 * @returns the one that they have in common.
 * @throws {RunError} where one differs.
 */
export function takeHeaders(files: readonly RecordFile[]): string {
  const [header, ...others] = files.map((file) => file.take());
  const other = others.findIndex((line) => line !== header);
  if (other >= 0) throw strange(files[other + 1], `the header of ${files[0].path}`);
  return header;
}

/** A file that has not what it must have. */
export function strange({ path, next }: RecordFile, expected: string): RunError {
  const seen = next === undefined ? "its end" : JSON.stringify(next.trimEnd().slice(0, 80));
  return new RunError(`Cannot merge ${path} as it must have ${expected}: it has ${seen}`);
}

/** How the rows of a recording begin. @param cell Its id as a CSV file has it. */
export function beginOf(cell: string, format: PartFile["format"]): string {
  return format === "csv" ? `${cell},` : `{"filename":${JSON.stringify(textOf(cell))},`;
}

/** The text of a cell as a CSV file has it. */
export function textOf(cell: string): string {
  return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

/** The text of a record's first cell; undefined at the end. */
export function firstCell(record: string | undefined): string | undefined {
  const [cell] = /^(?:"(?:[^"]|"")*"|[^",]*)(?=,)/.exec(record ?? "") ?? [];
  return cell === undefined ? undefined : textOf(cell);
}
