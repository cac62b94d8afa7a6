import { TextLineStream } from "../../deps/std_streams.ts";
import { openTable } from "./open_table.ts";

/** The longest line that a table has: what is longer is no table, and would be held whole. */
export const mostLineCharacters = 1 << 24;

/**
 * Reads a text file line by line, so that its size does not matter. A byte order mark is passed over; a line may
 * end in any way: LF, CR LF or, where the first does, CR.
 *
 * @param encoding As `TextDecoder` names it.
 * @throws {Error} where it cannot be read.
 * @throws {SyntaxError} where a line is longer than any of a table.
 */
export async function* readTextLines(path: string, encoding = "utf-8"): AsyncGenerator<string> {
  yield* (await openTable(path)).pipeThrough(new TextDecoderStream(encoding))
    .pipeThrough(endLinesInLf()).pipeThrough(refuseLongLines()).pipeThrough(new TextLineStream());
}

/** Has the lines of a file that ends them in CR alone end in LF; in others a CR is a part of its cell. */
function endLinesInLf(): TransformStream<string, string> {
  let endsInCr: boolean | undefined;
  return new TransformStream({
    transform(text, controller) {
      if (endsInCr === undefined) {
        if (text.includes("\n")) endsInCr = false;
        else if (/\r./s.test(text)) endsInCr = true;
      }
      controller.enqueue(endsInCr ? text.replaceAll("\r", "\n") : text);
    },
  });
}

function refuseLongLines(): TransformStream<string, string> {
  let held = 0;
  return new TransformStream({
    transform(text, controller) {
      const lastEnd = text.lastIndexOf("\n");
      held = lastEnd < 0 ? held + text.length : text.length - lastEnd - 1;
      if (held > mostLineCharacters) {
        throw new SyntaxError(`a line has more than ${mostLineCharacters} characters`);
      }
      controller.enqueue(text);
    },
  });
}
