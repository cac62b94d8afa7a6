/** Events read back: from every format that holds them, and what is refused. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { parquetWriteFile } from "../../../deps/hyparquet_writer.ts";
import { readEvents } from "../../../run/events/read_events.ts";
import { convertToParquet } from "../../../run/events/parquet_file.ts";
import { formatRow } from "../../../run/files/csv_file.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

const events = [
  { filename: 'a,"b".wav', start: 0, end: 0.5, label: "über; all", probability: 1 },
  { filename: "d/c.wav", start: 7199.123456, end: 7200, label: "bd", probability: 0 },
];

/** As many events as a group of a Parquet file has rows, and some. */
const many = Array.from({ length: 20_100 }, (_, i) => ({ ...events[i % 2], peak: 1 }));

Deno.test("events are read from every format that says their recording", () =>
  withFolder(async (dir) => {
    const header = ["filename", "start", "end", "label", "probability"];
    const csv = [header, ...events.map(Object.values)].map(formatRow).join("");
    await Deno.writeTextFile(`${dir}/e.csv`, csv);
    await Deno.writeTextFile(
      `${dir}/other.CSV`,
      "\ufeffLabel;Peak;Probability;End;Start;Filename\r\nbd;1;0.5;2;1;x.wav\r\n",
    );
    const lines = many.map((event) => `${JSON.stringify(event)}\n`).join("");
    await Deno.writeTextFile(`${dir}/e.jsonl`, lines);
    await convertToParquet(`${dir}/e.jsonl`, `${dir}/e.parquet`, true);
    assertEquals(await Array.fromAsync(readEvents(`${dir}/e.csv`)), events);
    assertEquals(await Array.fromAsync(readEvents(`${dir}/other.CSV`)), [
      { filename: "x.wav", start: 1, end: 2, label: "bd", probability: 0.5 },
    ]);
    for (const name of ["e.jsonl", "e.parquet"]) {
      const read = await Array.fromAsync(readEvents(`${dir}/${name}`));
      assertStrictEquals(read.length, many.length);
      assertEquals(read.slice(-2), events);
    }
  }));

Deno.test("a row that is no event is named with its line, what it has and what it must have", () =>
  withFolder(async (dir) => {
    const good = "a.wav,0,1,bd,0.5", path = `${dir}/e.csv`;
    const rows: [string, RegExp][] = [
      [",0,1,bd,0.5", /as filename must be a text that is not empty: line 3 has ""$/],
      ["a.wav,0,1, ,0.5", /as label must be a text .*: line 3 has " "$/],
      ["a.wav,NaN,1,bd,0.5", /as start must be a number of at least 0: line 3 has "NaN"$/],
      ["a.wav,-1,1,bd,0.5", /as start must be .*: line 3 has "-1"$/],
      ["a.wav,Infinity,1,bd,0.5", /as start must be .*: line 3 has "Infinity"$/],
      ["a.wav,2,1,bd,0.5", /as end must be a number above its start, 2: line 3 has "1"$/],
      ["a.wav,2,2,bd,0.5", /as end must be .* 2: line 3 has "2"$/],
      ["a.wav,2,1e999,bd,0.5", /as end must be .* 2: line 3 has "1e999"$/],
      ["a.wav,0,1,bd,", /as probability must be a number from 0 to 1: line 3 has ""$/],
      ["a.wav,0,1,bd,1.5", /as probability must be .*: line 3 has "1.5"$/],
      [`a.wav,0,1,bd,${"9".repeat(500)}`, /as probability must be .*: line 3 has "9{58}…$/],
      ["a.wav,0,1", /e\.csv: line 3 has 3 cells, but the header 5$/],
      ['"a.wav', /e\.csv: line 3 has a quote that is not closed$/],
    ];
    for (const [row, message] of rows) {
      const header = "filename,start,end,label,probability";
      await Deno.writeTextFile(path, `${header}\n${good}\n${row}\n`);
      await assertFails(Array.fromAsync(readEvents(path)), message, row);
    }
    await Deno.writeTextFile(path, "filename,start,label\n");
    await assertFails(
      Array.fromAsync(readEvents(path)),
      /must have the columns filename, start, end, label, probability: end, probability is missing/,
    );
  }));

Deno.test("files that hold no events are refused in one line", () =>
  withFolder(async (dir) => {
    const files: Record<string, [string, RegExp]> = {
      "a.txt": ["0\t1\tbd\n", /as its name must end in one of \.csv, \.jsonl, \.parquet$/],
      "a.jsonl": ['{"filename": "a.wav"}\n', /: start, end, label, probability is missing$/],
      "b.jsonl": ["\n[1]\n", /b\.jsonl: line 2 is no JSON object$/],
      "c.jsonl": ["{", /c\.jsonl: line 1 is no JSON: /],
      "d.jsonl": [
        '{"filename":"a.wav","label":"b","start":"1","end":{},"probability":1}',
        /: end is missing$/,
      ],
      "a.parquet": ["PAR1 and no more", /a\.parquet: /],
      "b.parquet": ["", /b\.parquet: /],
    };
    for (const [name, [text, message]] of Object.entries(files)) {
      await Deno.writeTextFile(`${dir}/${name}`, text);
      await assertFails(Array.fromAsync(readEvents(`${dir}/${name}`)), message, name);
    }
    await assertFails(Array.fromAsync(readEvents(`${dir}/no.csv`)), /no\.csv: there is no such/);
    await assertFails(Array.fromAsync(readEvents(`${dir}/no.parquet`)), /no\.parquet: /);
    const columnData = [{ name: "start", data: [1, 2] }, { name: "filename", data: ["a", "b"] }];
    parquetWriteFile({ filename: `${dir}/c.parquet`, columnData });
    await assertFails(Array.fromAsync(readEvents(`${dir}/c.parquet`)), /label .* row 1 has none$/);
    const whole = await Deno.readFile(`${dir}/c.parquet`);
    for (let length = 0; length < whole.length; length += 7) {
      await Deno.writeFile(`${dir}/cut.parquet`, whole.subarray(0, length));
      await assertFails(
        Array.fromAsync(readEvents(`${dir}/cut.parquet`)),
        /^RunError: Cannot read/,
      );
    }
  }));

Deno.test("a line without an end is not held whole", () =>
  withFolder(async (dir) => {
    for (const name of ["long.jsonl", "long.csv"]) {
      await Deno.writeTextFile(`${dir}/${name}`, "x".repeat((1 << 24) + 1));
      await assertFails(
        Array.fromAsync(readEvents(`${dir}/${name}`)),
        /a line has more than 16777216 characters$/,
      );
    }
    await Deno.writeTextFile(`${dir}/open.csv`, `"${`${"x".repeat(1023)}\n`.repeat(1 << 14)}x\n`);
    await assertFails(
      Array.fromAsync(readEvents(`${dir}/open.csv`)),
      /line 1 has a quote that is not closed$/,
    );
  }));
