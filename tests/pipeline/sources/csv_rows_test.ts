import { assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { stringify } from "../../../deps/std_csv.ts";
import fc from "fast-check";
import { type CsvOptions, type CsvRow, readCsvRows } from "../../../pipeline/sources/csv_rows.ts";
import { withFolder } from "../../fixtures.ts";

async function readRows(text: string | Uint8Array, options?: CsvOptions): Promise<CsvRow[]> {
  const path = await Deno.makeTempFile({ prefix: "melstream-test-" });
  try {
    await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
    return await Array.fromAsync(readCsvRows(path, options));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a row knows the line on which it ends: empty lines, a byte order mark, CR LF, quoted lines", async () => {
  const text = '\ufeffa,b\r\n\r\n"x\n\ny","1 ""2"""\n\nlast,\ufeff';
  assertEquals(await readRows(text), [
    { row: ["a", "b"], line: 1 },
    { row: ["x\n\ny", '1 "2"'], line: 5 },
    { row: ["last", "\ufeff"], line: 7 },
  ]);
  const plain = [{ row: ["a", "b"], line: 1 }, { row: ["1", "2"], line: 2 }];
  for (const end of ["\n", "\r\n", "\r"]) {
    assertEquals(await readRows(`a,b${end}1,2${end}`), plain, JSON.stringify(end));
  }
  assertEquals(
    (await readRows('a,b\n"x\ry",1\n'))[1].row,
    ["x\ry", "1"],
    "a CR in a cell is its own",
  );
  assertEquals(await readRows(""), []);
  assertEquals(await readRows("\n\r\n"), []);
});

Deno.test("what is no CSV is refused with its line, however many lines the rows before it have", async () => {
  for (
    const [text, words] of [
      ['a,b\n"x\ny",1\n\nz\n', /^line 5 has one cell, but the header 2$/],
      ["a,b\n1,2,3\n", /^line 2 has 3 cells, but the header 2$/],
      ['a,b\n"x\ny",1\n5" pipe,2\n', /^line 4: bare " in non-quoted-field$/],
      ['a,b\n\n"x"y,1\n', /^line 3: extraneous or missing " in quoted-field$/],
      ['a,b\n1,2\n3,"x\ny\n', /^line 3 has a quote that is not closed$/],
    ] as const
  ) {
    const error = await assertRejects(() => readRows(text), SyntaxError);
    assertMatch(error.message, words);
  }
});

Deno.test("whatever the standard library writes is read as it was, with its lines", async () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", " ", "ä", ";", "\t") });
  const table = fc.integer({ min: 1, max: 3 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 })
  ).filter((rows) => rows.every((row) => row.length > 1 || row[0] !== "")); // an empty line is no row
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const read = await readRows(stringify(rows));
      assertEquals(read.map(({ row }) => row), rows);
      let line = 0;
      for (const [i, row] of rows.entries()) {
        line += row.join("").split("\n").length;
        assertStrictEquals(read[i].line, line);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("tabs and semicolons separate where the header has more of them", async () => {
  const separators = [",", "\t", ";"];
  const rowsOf = async (text: string) =>
    (await readRows(text, { separators })).map(({ row }) => row);
  assertEquals(await rowsOf("a\tb\n1,5\t2\n"), [["a", "b"], ["1,5", "2"]]);
  assertEquals(await rowsOf("a;b\n1,5;2\n"), [["a", "b"], ["1,5", "2"]]);
  assertEquals(await rowsOf("a,b\n1;5,2\n"), [["a", "b"], ["1;5", "2"]]);
  assertEquals(await rowsOf("a\n1;5\n"), [["a"], ["1;5"]]);
  assertEquals(await rowsOf("\n\na\tb\n1,5\t2\n"), [["a", "b"], ["1,5", "2"]]);
});

Deno.test(
  "a file that is left half read is closed",
  { sanitizeResources: true },
  () =>
    withFolder(async (dir) => {
      await Deno.writeTextFile(`${dir}/a.csv`, "a,b\n1,2\n".repeat(10_000));
      for await (const { row } of readCsvRows(`${dir}/a.csv`)) if (row[0] === "1") break;
    }),
);
