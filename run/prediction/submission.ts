import { readCsvRows } from "../../pipeline/sources/csv_rows.ts";
import type { Template } from "../../pipeline/sources/template.ts";
import { RunError } from "../run_error.ts";

/** The columns of a prediction's file. */
export interface SubmissionColumns {
  /** Their names: the first is that of the recordings' ids. */
  readonly header: readonly string[];
  /** The classes whose probabilities stand in the others, in their order. @default {the label alone} */
  readonly classes?: readonly string[];
}

/**
 * The columns that a template asks for: the label, where it has one column beside the id, or the probabilities
 * of the classes that its columns are called.
 *
 * @param classes What the model knows.
 * @param onNote Is told of classes without a column.
 * @throws {RunError} where several columns are not all classes.
 */
export function columnsOf(
  { path, header }: Template,
  classes: readonly string[],
  onNote: (note: string) => void,
): SubmissionColumns {
  const [, ...others] = header, nameOf = (column: string) => column.trim().normalize("NFC");
  const known = new Map(classes.map((name) => [name.normalize("NFC"), name]));
  const unknown = others.filter((column) => !known.has(nameOf(column)));
  if (others.length === 1 && unknown.length === 1) return { header };
  if (unknown.length > 0) {
    throw new RunError(
      `Cannot fill the columns of ${path} as they must be classes of the model: it knows no ` +
        unknown.slice(0, 5).join(", "),
    );
  }
  const asked = others.map((column) => known.get(nameOf(column))!);
  const unasked = classes.filter((name) => !asked.includes(name));
  if (unasked.length > 0) {
    onNote(`classes without a column in the template, left out: ${unasked.join(", ")}`);
  }
  return { header, classes: asked };
}

/**
 * Holds what was written to the template: the same columns, and the same ids in the same order.
 *
 * @throws {RunError} where it differs.
 */
export async function checkSubmission(out: string, { path, header, ids }: Template): Promise<void> {
  const differs = (seen: string) =>
    new RunError(`Cannot hand in ${out} as its rows must be those of ${path}: ${seen}`);
  let numRows = -1;
  for await (const { row, line } of readCsvRows(out)) {
    const isHeader = numRows < 0;
    if (isHeader && JSON.stringify(row) !== JSON.stringify(header)) {
      throw differs(`its columns are ${row}`);
    }
    if (!isHeader && row[0] !== ids[numRows]) throw differs(`line ${line} is ${row[0]}`);
    numRows++;
  }
  if (numRows !== ids.length) throw differs(`it has ${numRows} of ${ids.length}`);
}
