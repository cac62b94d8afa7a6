import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { dirname } from "../../../deps/std_path.ts";
import { fileLocation } from "../../../pipeline/locations/location.ts";
import { assertFails } from "../../assert_failure.ts";
import { recordingAt } from "../../fixtures.ts";
import { DatasetError } from "../../../pipeline/sources/dataset.ts";
import { labelRecordings } from "../../../pipeline/sources/labelled_folder.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { withFolder } from "../../fixtures.ts";

/** Writes empty files: listing opens none. */
async function touch(dir: string, ...paths: string[]): Promise<void> {
  for (const path of paths) {
    await Deno.mkdir(dirname(`${dir}/${path}`), { recursive: true });
    await Deno.writeTextFile(`${dir}/${path}`, "");
  }
}

/** Opens DIR as a CSV of these lines labels it. */
async function openWith(dir: string, lines: string, groups?: string) {
  const labelsFile = `${dir}.csv`;
  await Deno.writeTextFile(labelsFile, lines);
  return await openDataset({ dir, labelsFile, groups });
}

Deno.test("a flat folder labelled by a CSV: extensions may be missing, order and columns do not matter", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "10.wav", "2.WAV", "deep/3.flac", "4.mp3", "notes.txt");
    await touch(dir, "cafe\u0301.wav"); // as some systems write an accent: e and a mark
    const csv = '\ufeffLabel , quality,FILENAME\r\ndog,1,10.wav\r\n"cat, old",2,2\r\n' +
      "dog,3,deep\\3\r\n\r\ndog,,./deep/3.flac\r\ndog,,caf\u00e9.wav\r\n";
    const dataset = await openWith(dir, csv);
    assertEquals(dataset.classes, ["cat, old", "dog"]);
    assertEquals(dataset.train, [
      { id: "2.WAV", location: fileLocation(`${dir}/2.WAV`), labels: ["cat, old"] },
      { id: "10.wav", location: fileLocation(`${dir}/10.wav`), labels: ["dog"] },
      { id: "cafe\u0301.wav", location: fileLocation(`${dir}/cafe\u0301.wav`), labels: ["dog"] },
      { id: "deep/3.flac", location: fileLocation(`${dir}/deep/3.flac`), labels: ["dog"] },
    ]);
    assertEquals([dataset.dir, dataset.labelsFile], [dir, `${dir}.csv`]);
    assertEquals(dataset.notes, [
      "recordings that it does not name, left out, such as 4.mp3: 1",
      "files that are no audio (.txt 1), not used, such as notes.txt: 1",
    ]);
  }));

Deno.test("train/ and test/: names below either; named test files are scored", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "train/1.wav", "train/2.wav", "test/1.wav", "test/2.wav");
    const { train, test } = await openWith(
      dir,
      "filename,label\n1.wav,a\ntrain/2.wav,b\ntest/2.wav,a\n",
    );
    assertEquals(train.map(({ id, labels }) => [id, labels]), [["1.wav", ["a"]], ["2.wav", [
      "b",
    ]]]);
    const scored = test.map(({ id, labels }) => [id, labels]);
    assertEquals(scored, [["1.wav", undefined], ["2.wav", ["a"]]]);

    await Deno.rename(`${dir}/train/1.wav`, `${dir}/1.wav`);
    await Deno.remove(`${dir}/train`, { recursive: true });
    await touch(dir, "3.wav");
    const flat = await openWith(dir, "filename,label\n1.wav,a\n3.wav,b\ntest/2.wav,a\n");
    assertEquals(flat.train.map(({ id }) => id), ["1.wav", "3.wav"]);
    assertEquals(flat.test.map(({ labels }) => labels), [undefined, ["a"]]);
  }));

Deno.test("several labels a file: rows, or a cell with ; or |", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "1.wav", "2.wav", "3.wav");
    const { train, classes } = await openWith(
      dir,
      "filename,label\n1.wav,b\n2.wav,a; c\n3.wav,c|b|c\n1.wav,a\n1,c\n",
    );
    assertEquals(classes, ["a", "b", "c"]);
    assertEquals(train.map(({ labels }) => labels), [["a", "b", "c"], ["a", "c"], ["b", "c"]]);
  }));

Deno.test("a table in Windows-1252 keeps its classes apart, and that is said; mixed encodings are refused", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`, labelsFile = `${dir}.csv`;
    await touch(dir, "1.wav", "2.wav", "3.wav", "4.wav");
    const write = (text: string) =>
      Deno.writeFile(labelsFile, Uint8Array.from(text, (c) => c.charCodeAt(0)));
    await write("filename,label\r\n1.wav,P\xe2t\xe9\r\n2.wav,P\xe2t\xe8\r\n3.wav,Chien\x81\r\n");
    const { classes, notes } = await openDataset({ dir, labelsFile });
    assertEquals(classes, ["Chien\x81", "P\u00e2t\u00e8", "P\u00e2t\u00e9"]);
    assertStrictEquals(notes![0], `${labelsFile} is not UTF-8: read as Windows-1252`);
    await write("filename,label\n1.wav,a\n2.wav,\xc3\xa9\n3.wav,\xe9\n");
    await assertFails(
      openDataset({ dir, labelsFile }),
      /Cannot read labels .*: line 4 is no UTF-8 and line 3 is: it must be saved in one encoding/,
    );
    const wide = [..."\ufefffilename\tlabel\r\n1\tP\u00e9\r\n2\tb\r\n"]
      .flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]);
    await Deno.writeFile(labelsFile, Uint8Array.from(wide)); // as a spreadsheet's «Unicode text»
    assertEquals((await openDataset({ dir, labelsFile })).classes, ["P\u00e9", "b"]);
  }));

Deno.test("labels, names and groups are compared in NFC; a name that may mean two files is refused", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "cafe\u0301.wav", "2.wav", "3.wav");
    const csv = "filename,label,who\ncaf\u00e9,e\u0301,e\u0301\n2,\u00e9,\u00e9\n3,b,\n";
    const { classes, train } = await openWith(dir, csv, "who");
    assertEquals(classes, ["b", "\u00e9"]);
    assertEquals(train.map(({ group }) => group), ["\u00e9", undefined, "\u00e9"]);
    await touch(dir, "caf\u00e9.wav");
    await assertFails(
      openWith(dir, csv),
      /must be one file: it may be caf.*\.wav or caf.*\.wav$/,
    );
  }));

Deno.test("a few rows that contradict others are refused with the way out, many are several labels", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`, files = Array.from({ length: 30 }, (_, i) => `${i}.wav`);
    await touch(dir, ...files);
    const csv = "filename,label\n" +
      files.map((file, i) => `${file},${i % 2 ? "cat" : "dog"}\n`).join("");
    await assertFails(
      openWith(dir, `${csv}4.wav,cat\n`),
      /: 1 of 30 have rows that differ, such as 4\.wav \(line 32: dog, cat\)\. .* one cell: dog;cat$/,
    );
    const meant = await openWith(dir, `${csv}4.wav,cat;dog\n`);
    assertEquals(meant.notes, ["several labels: 1 of 30 files, such as 4.wav"]);
    const many = await openWith(dir, `${csv}4.wav,cat\n5.wav,dog\n`);
    assertEquals(many.notes, ["several labels: 2 of 30 files, such as 4.wav"]);
    assertEquals(many.train[4].labels, ["cat", "dog"]);
  }));

Deno.test("with several labels, an empty cell is a clip with none of them", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "1.wav", "2.wav", "3.wav");
    const { train, classes, notes } = await openWith(
      dir,
      "filename,label\n1.wav,a;b\n2.wav,\n3.wav,b\n",
    );
    assertEquals(train.map(({ labels }) => labels), [["a", "b"], [], ["b"]]);
    assertEquals(classes, ["a", "b"]);
    assertEquals(notes, [
      "several labels: 1 of 3 files, such as 1.wav",
      "its files that have none of the labels, such as 2.wav: 1",
    ]);
  }));

Deno.test("columns of 0 and 1 are labels, other columns are not; tabs and semicolons separate too", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "1.wav", "2.wav", "3.wav");
    for (const separator of [",", "\t", ";"]) {
      const csv = "filename,dog,fold,cat,site\n1,1,1,0,x\n2,1.0,2,true,\n3,0,1,0,y\n"
        .replaceAll(",", separator);
      const { train, classes, notes } = await openWith(dir, csv, "site");
      assertEquals(classes, ["cat", "dog"]);
      assertEquals(train.map(({ labels }) => labels), [["dog"], ["cat", "dog"], []]);
      assertEquals(train.map(({ group }) => group), ["x", undefined, "y"]);
      assertStrictEquals(notes![0], "labels by its columns of 0 and 1: dog, cat; not by fold");
    }
    await assertFails(openWith(dir, "filename,what,x\n1,dog,a\n"), /columns filename and label/);
  }));

Deno.test("other names of the columns may be said", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`, labelsFile = `${dir}.csv`;
    await touch(dir, "1.wav", "2.wav");
    await Deno.writeTextFile(labelsFile, "fname,label,species\n1.wav,x,owl\n2.wav,x,tit\n");
    const choices = { dir, labelsFile, fileColumn: "fname", labelColumn: "species" };
    assertEquals((await openDataset(choices)).classes, ["owl", "tit"]);
    await assertFails(
      openDataset({ ...choices, labelColumn: "kind" }),
      /must name the columns fname and kind: current value is fname,label,species/,
    );
  }));

Deno.test("folders beside train/ may be named, and val/ is validated on", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "train/1.wav", "train/2.wav", "val/1.wav", "val/3.wav", "more/1.wav");
    const csv = "filename,label\n1.wav,a\ntrain/2,b\nval/1.wav,a\nmore/1.wav,b\nval/3.wav,c\n";
    const { train, validation, notes } = await openWith(dir, csv);
    const labelsOf = (clips: typeof train) => clips.map(({ id, labels }) => `${id} ${labels}`);
    assertEquals(labelsOf(train), ["more/1.wav b", "train/1.wav a", "train/2.wav b"]);
    assertEquals(labelsOf(validation!), ["val/1.wav a"]);
    assertEquals(notes, [
      "recordings in val, set apart to validate on: 1",
      "recordings in val of classes that are not trained, not used, such as val/3.wav: 1",
    ]);
  }));

Deno.test("what does not fit is counted: missing files stay, as clips that cannot be read", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "1.wav", "2.wav", "3.wav", "4.wav");
    const { train, notes } = await openWith(
      dir,
      "filename,label\n1.wav,a\n2.wav,b\n1.wav,a\ngone.wav,b\n3.wav,\n",
    );
    assertEquals(train.map(({ id }) => id), ["1.wav", "2.wav", "gone.wav"]);
    assertEquals(notes, [
      "its files whose label is empty, left out, such as 3.wav: 1",
      "its rows that repeat another: 1",
      "its files that are missing, counted as clips that cannot be read, such as gone.wav: 1",
      "recordings that it does not name, left out, such as 4.wav: 1",
    ]);
  }));

Deno.test("a whole path below the folder is a name; what leads out of it is counted and not read", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "1.wav", "x/2.wav");
    await touch(base, "out.wav");
    const rows = [`${dir}/1.wav,a`, `${await Deno.realPath(dir)}/x/2,b`, "../out.wav,a"];
    rows.push(`${base}/out.wav,b`, "x/../../out.wav,a", "C:\\sounds\\1.wav,a");
    const { train, notes } = await openWith(dir, `filename,label\n${rows.join("\n")}\n`);
    assertEquals(train.map(({ id }) => id), ["1.wav", "x/2.wav"]);
    assertEquals(notes, [`its files outside of ${dir}, left out, such as ../out.wav: 4`]);
    await assertFails(
      openWith(dir, "filename,label\n../out.wav,a\n"),
      /must name recordings in it: \.\.\/out\.wav lies outside of it, as all others do$/,
    );
  }));

Deno.test("a column groups the clips, and so does a pattern", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "x1.wav", "x2.wav", "y3.wav");
    const csv = "filename,label,speaker\nx1,a,ann\nx2,b,\ny3,b,ann\n";
    const byColumn = await openWith(dir, csv, "speaker");
    assertEquals(byColumn.train.map(({ group }) => group), ["ann", undefined, "ann"]);
    assertMatch(byColumn.notes![0], /^groups by speaker: 1, clips in none of them: 1$/);
    const byPattern = await openWith(dir, csv, "^([a-z])");
    assertEquals(byPattern.train.map(({ group }) => group), ["x", "x", "y"]);
    await assertFails(openWith(dir, csv, "singer"), /its columns are filename, label, speaker/);
  }));

Deno.test("recordings to score get the labels of a table, the others keep theirs", () =>
  withFolder(async (base) => {
    const labelsFile = `${base}/truth.csv`;
    await Deno.writeTextFile(labelsFile, "filename,label\n1,b;a\ntest/2.wav,b\nelse.wav,a\n");
    const clips = ["1.wav", "2.wav", "3.wav"].map((id) => recordingAt(id, { labels: ["folder"] }));
    const scored = await labelRecordings(clips, labelsFile);
    assertEquals(scored.map(({ labels }) => labels), [["a", "b"], ["b"], ["folder"]]);
    await assertFails(labelRecordings(clips.slice(2), labelsFile), /it names none/);
    const whole = [recordingAt(`${base}/a/1.wav`, { id: "1.wav" }), recordingAt("b/2.wav")];
    const rows = [`${base}/a/1.wav,a`, `${Deno.cwd()}/b/2,b`, "/else/1.wav,c"];
    await Deno.writeTextFile(labelsFile, `filename,label\n${rows.join("\n")}\n`);
    const named = await labelRecordings(whole, labelsFile);
    assertEquals(named.map(({ labels }) => labels), [["a"], ["b"]]);
  }));

Deno.test("what cannot be used is refused in one line that says what to change", {
  sanitizeResources: true,
}, () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "1.wav", "2.wav", "2.flac");
    for (
      const [csv, words] of [
        ["", /must have the columns filename and label: it is empty/],
        ["file,label\n1,a\n", /must name the columns filename and label: .* file,label$/],
        ["1.wav,dog\n2.wav,cat\n", /current value is 1.wav,dog/],
        [
          "filename,label\n1.wav,a\n2.wav\n",
          /Cannot read labels .*: line 3 has one cell, but the header 2$/,
        ],
        [
          'filename,label\n1.wav,"a\n',
          /Cannot read labels .*: line 2 has a quote that is not closed$/,
        ],
        ["filename,label\n1.wav,a\n,b\n", /every row must name a file: line 3 does not/],
        ["filename,label\n2,a\n", /2 must be one file: it may be 2\.(wav|flac) or 2\./],
        ["filename,label\nx/1.wav,a\ny,b", /there is no x\/1\.wav, nor any other it names/],
        ["filename,label\n", /must name recordings in it: it labels none/],
        ["filename,label,label\n1.wav,a,b\n", /a name of its own: two are called label$/],
        ["filename,label,who\n1.wav,a,x\n1.wav,b,y\n", /1\.wav has x and, in line 3, y/],
      ] as const
    ) {
      const error = await assertRejects(
        () => openWith(dir, csv, csv.includes("who") ? "who" : undefined),
        DatasetError,
      );
      assertMatch(error.message, words);
      assert(!error.message.includes("\n"));
    }
    const labelsFile = `${base}/none.csv`;
    await assertFails(openDataset({ dir, labelsFile }), /expected a CSV file, saw nothing/);
    await assertFails(openDataset({ labelsFile }), /--data is missing/);
  }));
