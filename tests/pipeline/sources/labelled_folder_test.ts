import assert from "node:assert/strict";
import { dirname } from "@std/path";
import { fileLocation } from "../../../pipeline/locations/location.ts";
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
    assert.deepEqual(dataset.classes, ["cat, old", "dog"]);
    assert.deepEqual(dataset.train, [
      { id: "2.WAV", location: fileLocation(`${dir}/2.WAV`), labels: ["cat, old"] },
      { id: "10.wav", location: fileLocation(`${dir}/10.wav`), labels: ["dog"] },
      { id: "cafe\u0301.wav", location: fileLocation(`${dir}/cafe\u0301.wav`), labels: ["dog"] },
      { id: "deep/3.flac", location: fileLocation(`${dir}/deep/3.flac`), labels: ["dog"] },
    ]);
    assert.deepEqual([dataset.dir, dataset.labelsFile], [dir, `${dir}.csv`]);
    assert.deepEqual(dataset.notes, ["recordings that it does not name, left out: 1"]);
  }));

Deno.test("train/ and test/: names below either; named test files are scored", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "train/1.wav", "train/2.wav", "test/1.wav", "test/2.wav");
    const { train, test } = await openWith(
      dir,
      "filename,label\n1.wav,a\ntrain/2.wav,b\ntest/2.wav,a\n",
    );
    assert.deepEqual(train.map(({ id, labels }) => [id, labels]), [["1.wav", ["a"]], ["2.wav", [
      "b",
    ]]]);
    const scored = test.map(({ id, labels }) => [id, labels]);
    assert.deepEqual(scored, [["1.wav", undefined], ["2.wav", ["a"]]]);

    await Deno.rename(`${dir}/train/1.wav`, `${dir}/1.wav`);
    await Deno.remove(`${dir}/train`, { recursive: true });
    await touch(dir, "3.wav");
    const flat = await openWith(dir, "filename,label\n1.wav,a\n3.wav,b\ntest/2.wav,a\n");
    assert.deepEqual(flat.train.map(({ id }) => id), ["1.wav", "3.wav"]);
    assert.deepEqual(flat.test.map(({ labels }) => labels), [undefined, ["a"]]);
  }));

Deno.test("several labels a file: rows, or a cell with ; or |", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "1.wav", "2.wav", "3.wav");
    const { train, classes } = await openWith(
      dir,
      "filename,label\n1.wav,b\n2.wav,a; c\n3.wav,c|b|c\n1.wav,a\n1,c\n",
    );
    assert.deepEqual(classes, ["a", "b", "c"]);
    assert.deepEqual(train.map(({ labels }) => labels), [["a", "b", "c"], ["a", "c"], ["b", "c"]]);
  }));

Deno.test("what does not fit is counted: missing files stay, as clips that cannot be read", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "1.wav", "2.wav", "3.wav", "4.wav");
    const { train, notes } = await openWith(
      dir,
      "filename,label\n1.wav,a\n2.wav,b\n1.wav,a\ngone.wav,b\n3.wav,\n",
    );
    assert.deepEqual(train.map(({ id }) => id), ["1.wav", "2.wav", "gone.wav"]);
    assert.deepEqual(notes, [
      "its files that are missing, and skipped, such as gone.wav: 1",
      "recordings that it does not name, left out: 2",
      "its rows without a label, left out: 1",
      "its rows that repeat another: 1",
    ]);
  }));

Deno.test("a column groups the clips, and so does a pattern", () =>
  withFolder(async (base) => {
    const dir = `${base}/data`;
    await touch(dir, "x1.wav", "x2.wav", "y3.wav");
    const csv = "filename,label,speaker\nx1,a,ann\nx2,b,\ny3,b,ann\n";
    const byColumn = await openWith(dir, csv, "speaker");
    assert.deepEqual(byColumn.train.map(({ group }) => group), ["ann", undefined, "ann"]);
    assert.match(byColumn.notes![0], /^groups by speaker: 1, clips in none of them: 1$/);
    const byPattern = await openWith(dir, csv, "^([a-z])");
    assert.deepEqual(byPattern.train.map(({ group }) => group), ["x", "x", "y"]);
    await assert.rejects(openWith(dir, csv, "singer"), /its columns are filename, label, speaker/);
  }));

Deno.test("recordings to score get the labels of a table, the others keep theirs", () =>
  withFolder(async (base) => {
    const labelsFile = `${base}/truth.csv`;
    await Deno.writeTextFile(labelsFile, "filename,label\n1,b;a\ntest/2.wav,b\nelse.wav,a\n");
    const clips = ["1.wav", "2.wav", "3.wav"].map((id) => recordingAt(id, { labels: ["folder"] }));
    const scored = await labelRecordings(clips, labelsFile);
    assert.deepEqual(scored.map(({ labels }) => labels), [["a", "b"], ["b"], ["folder"]]);
    await assert.rejects(labelRecordings(clips.slice(2), labelsFile), /it names none/);
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
        ["filename,label,who\n1.wav,a,x\n1.wav,b,y\n", /1\.wav has x and, in line 3, y/],
      ] as const
    ) {
      await assert.rejects(openWith(dir, csv, csv.includes("who") ? "who" : undefined), (error) => {
        assert.ok(error instanceof DatasetError, `${error}`);
        assert.match(error.message, words);
        assert.ok(!error.message.includes("\n"));
        return true;
      });
    }
    const labelsFile = `${base}/none.csv`;
    await assert.rejects(openDataset({ dir, labelsFile }), /expected a CSV file, saw nothing/);
    await assert.rejects(openDataset({ labelsFile }), /--data is missing/);
  }));
