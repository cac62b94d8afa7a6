/** Sample submissions: their rows, and the recordings that these mean. */
import { assertEquals } from "@std/assert";
import type { Recording } from "../../../pipeline/recording.ts";
import { matchTemplate, readTemplate, type Template } from "../../../pipeline/sources/template.ts";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

const recordings = ["10.wav", "9.wav", "deep/1.flac", "a/2.wav", "b/2.wav"].map((
  id,
): Recording => ({
  id,
  labels: [id],
  location: { kind: "memory", name: id, bytes: new Uint8Array() },
}));

const template = (...ids: string[]): Template => ({ path: "s.csv", header: ["id", "x"], ids });

Deno.test("a template's rows are its ids in their order, whatever else stands in them", () =>
  withFolder(async (dir) => {
    const path = `${dir}/s.csv`;
    const read = async (text: string) => {
      await Deno.writeTextFile(path, text);
      const { header, ids } = await readTemplate(path);
      return [header, ids];
    };
    const rows = 'row id,"a,b"\r\n10,0\r\n"9, x",1\r\n\r\n';
    assertEquals(await read(rows), [["row id", "a,b"], ["10", "9, x"]]);
    assertEquals(await read("\ufeffid,x\n1,\n"), [["id", "x"], ["1"]], "a byte order mark");
    for (
      const [text, words] of [
        ["", /must have an id, something else and a row: it has 0 columns and 0 rows$/],
        ["id\n1\n", /it has 1 columns and 1 rows$/],
        ["id,x\n", /it has 2 columns and 0 rows$/],
        ["id,x\n1,\n2,\n1,\n", /ids must differ: line 4 repeats 1$/],
        ["id,x\n1\n", /line 2 has one cell, but the header 2$/],
      ] as const
    ) await assertFails(read(text), { name: "DatasetError", message: words });
    await assertFails(readTemplate(`${dir}/none.csv`), /expected a CSV file, saw nothing there$/);
  }));

Deno.test("ids are recordings' with or without extension and folders; the rows' order and ids stay", () => {
  const notes: string[] = [];
  const rows = matchTemplate(template("1", "9.wav", "10", "gone"), recordings, "data", (note) => {
    notes.push(note);
  });
  assertEquals(rows.map(({ id, labels }) => [id, ...labels ?? []]), [
    ...[["1", "deep/1.flac"], ["9.wav", "9.wav"], ["10", "10.wav"], ["gone"]],
  ]);
  assertFails(
    () => openLocation(rows[3].location),
    /data\/gone: expected a file, saw nothing there/,
  );
  assertEquals(notes, [
    "rows of the template without a recording, which cannot be read, such as gone: 1",
    "recordings without a row in the template, left out, such as a/2.wav: 2",
  ]);
});

Deno.test("an id that may mean several recordings, or none of them any, is refused", () => {
  const match = (...ids: string[]) => () =>
    matchTemplate(template(...ids), recordings, "d", () => {});
  assertFails(match("2"), /2 must be one file: it may be a\/2\.wav or b\/2\.wav/);
  assertFails(match("9", "9.wav"), /ids must differ: 9 and 9\.wav both are 9\.wav$/);
  assertFails(match("x", "y"), /must name recordings of d: there is no x, nor any other it names$/);
});
