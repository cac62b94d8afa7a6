import { assertEquals, assertStrictEquals } from "@std/assert";
import { dirname } from "../../../deps/std_path.ts";
import { labelRecordings } from "../../../pipeline/sources/labelled_folder.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { assertFails } from "../../assert_failure.ts";
import { recordingAt, withFolder } from "../../fixtures.ts";

/** Writes files below a folder: listing opens no recording, so that these may be empty. */
async function write(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(`${dir}/${path}`), { recursive: true });
    await Deno.writeTextFile(`${dir}/${path}`, text);
  }
}

/** What a data set says of its recordings: `start-end label`. */
async function annotationsIn(dir: string, labels: string, choices = {}) {
  const dataset = await openDataset({ dir, labelsFile: `${dir}/${labels}`, ...choices });
  const recordings = dataset.train.map(({ id, annotations, group }) => [
    id,
    ...annotations!.map((a) => `${a.startSeconds}-${a.endSeconds} ${a.label}`),
    ...group === undefined ? [] : [group],
  ]);
  return { recordings, classes: dataset.classes, notes: dataset.notes };
}

const raven =
  "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)";

Deno.test("a CSV with start and end: recordings with their annotations in order", () =>
  withFolder(async (dir) => {
    await write(dir, {
      "a.wav": "",
      "night/b.flac": "",
      "c.wav": "",
      "labels.csv": "Filename,Start,END,label,day\n" +
        "a.wav,12.5,13,wren,1\na.wav,3,5.25,owl; wren,1\nb,0,1,owl,2\n",
    });
    const { recordings, classes, notes } = await annotationsIn(dir, "labels.csv", {
      groups: "day",
    });
    assertEquals(recordings, [
      ["a.wav", "3-5.25 owl", "3-5.25 wren", "12.5-13 wren", "1"],
      ["night/b.flac", "0-1 owl", "2"],
    ]);
    assertEquals(classes, ["owl", "wren"]);
    assertEquals(notes, [
      "annotations: 4 of 2 recordings, labels by the column label",
      "recordings that it does not name, left out, such as c.wav: 1",
      "groups by day: 2",
    ]);
  }));

Deno.test("JSON Lines with start and end, as predict writes events, are annotations as well", () =>
  withFolder(async (dir) => {
    const rows = [
      { filename: "x.wav", start: 0.5, end: 1.25, label: "owl", probability: 0.9 },
      { filename: "x.wav", start: 0, end: 1, label: "wren", probability: 0.8 },
    ];
    await write(dir, {
      "data/x.wav": "",
      "events.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
    });
    const { recordings } = await annotationsIn(`${dir}/data`, "../events.jsonl");
    assertEquals(recordings, [["x.wav", "0-1 wren", "0.5-1.25 owl"]]);
  }));

Deno.test("selection tables of Raven: called like their recordings, one row a view, the label column guessed", () =>
  withFolder(async (dir) => {
    await write(dir, {
      "data/a.wav": "",
      "data/b.wav": "",
      "data/quiet.wav": "",
      "tables/a.Table.1.selections.txt": `${raven}\tNotes\tSpecies\n` +
        "1\tWaveform 1\t1\t1.5\t2.25\t0\t9000\tloud\tWren\n" +
        "1\tSpectrogram 1\t1\t1.5\t2.25\t0\t9000\tloud\tWren\n" +
        "2\tSpectrogram 1\t1\t0.25\t0.75\t0\t9000\t\tOwl\n",
      "tables/b.selections.txt": `${raven}\tannotation\n1\tS\t1\t3\t4\t0\t1\tOwl\n`,
      "tables/quiet.selections.txt": `${raven}\tSpecies\n`,
      "tables/readme.txt": "Made in spring.\n",
    });
    const { recordings, notes } = await annotationsIn(`${dir}/data`, "../tables");
    assertEquals(recordings, [
      ["a.wav", "0.25-0.75 Owl", "1.5-2.25 Wren"],
      ["b.wav", "3-4 Owl"],
      ["quiet.wav"],
    ]);
    assertEquals(notes, [
      "annotations: 3 of 3 recordings, labels by the column Species, annotation",
      "tables and texts that tell of no stretches, not used, such as readme.txt: 1",
      "annotations that repeat another: 1",
      "recordings without an annotation, such as quiet: 1",
    ]);
  }));

Deno.test("Raven's Begin Path is another machine's; with File Offset times are those of the file", () =>
  withFolder(async (dir) => {
    const header = `${raven}\tBegin Path\tFile Offset (s)\tTags`;
    await write(dir, {
      "data/site1/x.wav": "",
      "data/site2/x.wav": "",
      "all.txt": `${header}\n` +
        "1\tS\t1\t10\t11.5\t0\t1\tD:\\2024\\site1\\x.wav\t10\towl\n" +
        "2\tS\t1\t70\t71.5\t0\t1\tD:\\2024\\site2\\x.wav\t10.5\twren\n",
    });
    const { recordings } = await annotationsIn(`${dir}/data`, "../all.txt");
    assertEquals(recordings, [["site1/x.wav", "10-11.5 owl"], ["site2/x.wav", "10.5-12 wren"]]);
    await write(dir, { "all.txt": `${header}\n1\tS\t1\t0\t1\t0\t1\tx.wav\t0\towl\n` });
    await assertFails(
      annotationsIn(`${dir}/data`, "../all.txt"),
      /x\.wav must be one file: it may be site1\/x\.wav or site2\/x\.wav/,
    );
  }));

Deno.test("label tracks of Audacity beside the recordings: bands passed over, moments and decimal commas read", () =>
  withFolder(async (dir) => {
    await write(dir, {
      "a.wav": "",
      "a.txt": '0.500000\t1.250000\tthe "owl"\n\\\t100.0\t900.0\n2.000000\t2.000000\twren, far\n',
      "b.wav": "",
      "b.txt": "1,5\t2,5\towl\n",
      "c.wav": "",
      "c.txt": "",
      "notes.txt": "not a track\n",
    });
    const { recordings, notes } = await annotationsIn(dir, ".");
    assertEquals(recordings, [
      ["a.wav", '0.5-1.25 the "owl"', "2-2 wren, far"],
      ["b.wav", "1.5-2.5 owl"],
      ["c.wav"],
    ]);
    assertEquals(notes, [
      "annotations: 3 of 3 recordings",
      "tables and texts that tell of no stretches, not used, such as notes.txt: 1",
      "recordings without an annotation, such as c: 1",
      "files that are no audio (.txt 1), not used, such as notes.txt: 1",
    ]);
  }));

Deno.test("what is not used of annotations is said in a line each; recordings that are not there are skipped", () =>
  withFolder(async (dir) => {
    await write(dir, {
      "a.wav": "",
      "labels.tsv": "file\tonset\toffset\tevent_label\na.wav\t1\t2\towl\na.wav\t3\t2\towl\n" +
        "a.wav\t-1\t2\towl\na.wav\t4\t5\t \na.wav\t6\t7\t\ngone.wav\t0\t1\twren\n",
    });
    const { recordings, notes } = await annotationsIn(dir, "labels.tsv");
    assertEquals(recordings, [["a.wav", "1-2 owl"], ["gone.wav", "0-1 wren"]]);
    assertEquals(notes, [
      "annotations: 2 of 2 recordings, labels by the column event_label",
      "annotations that end before they begin, left out, such as labels.tsv, line 3: 1",
      "annotations that begin before 0 s, left out, such as labels.tsv, line 4: 1",
      "annotations without a label, left out, such as labels.tsv, line 5: 2",
      "its files that are missing, counted as clips that cannot be read, such as gone.wav: 1",
    ]);
  }));

Deno.test("annotations that cannot be meant are refused in one line that says where", () =>
  withFolder(async (dir) => {
    const refused = async (text: string, message: RegExp, choices = {}) => {
      await write(dir, { "a.wav": "", "labels.csv": text });
      await assertFails(annotationsIn(dir, "labels.csv", choices), message);
    };
    const header = "filename,start,end,label\n";
    for (const time of ["soon", "", "Infinity", "1e999", "0:30"]) {
      const seen = time === "" ? "none" : time;
      await refused(
        `${header}a.wav,${time},2,owl\n`,
        new RegExp(`labels\\.csv as start must be a number of seconds: line 2 has ${seen}$`),
      );
    }
    await refused(`${header}a.wav,1,2\n`, /line 2 has 3 cells, but the header 4/);
    await refused(`${header},1,2,owl\n`, /every row must name a file: line 2 does not/);
    await refused("filename,start,end,kind\n", /must name a column of labels \(.*it has filename/);
    await refused(`${header}a.wav,1,2,x\n`, /column of labels \(kind\)/, { labelColumn: "kind" });
    await refused(`${header}a.wav,1,2,x\n`, /column of files \(clip\)/, { fileColumn: "clip" });
    await refused(
      "filename,start,end,label,day\na.wav,1,2,x,1\na.wav,3,4,x,2\n",
      /all rows of a file must have one day: a\.wav has 1 and, in line 3, 2/,
      { groups: "day" },
    );
    await refused(`${header}b.wav,1,2,x\n`, /there is no b\.wav, nor any other it names/);
    await write(dir, { "mixed/a.txt": "" });
    const line = (label: number[]) => [...new TextEncoder().encode("1\t2\t"), ...label, 10];
    const mixed = [...line([0xe9]), ...line([0xc3, 0xa9])];
    await Deno.writeFile(`${dir}/mixed/a.txt`, Uint8Array.from(mixed));
    await assertFails(
      annotationsIn(dir, "mixed"),
      /Cannot read annotations from .*a\.txt: line 1 is no UTF-8 and line 2 is/,
    );
    await write(dir, { "none/readme.md": "" });
    await assertFails(annotationsIn(dir, "none"), /it has none$/);
  }));

Deno.test("what a file is, is told by its beginning alone, whatever follows and however it is written", () =>
  withFolder(async (dir) => {
    await write(dir, { "a.wav": "", "b.wav": "", "c.wav": "" });
    const wide = [..."\ufeffBegin Time (s)\tEnd Time (s)\tSpecies\r\n1\t2\tP\u00e9\r\n"]
      .flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]);
    await Deno.writeFile(`${dir}/a.selections.txt`, Uint8Array.from(wide));
    await Deno.writeFile(
      `${dir}/b.txt`,
      Uint8Array.from([..."1\t2\tP\xe9\n"].map((c) => c.charCodeAt(0))),
    );
    await write(dir, { "c.csv": '"start";"end";"label"\n0,5;1,5;"x;y"\n' });
    await Deno.writeFile(`${dir}/long.txt`, new Uint8Array(3e6).fill(65));
    const { recordings, notes } = await annotationsIn(dir, ".");
    assertEquals(recordings, [["a.wav", "1-2 P\u00e9"], ["b.wav", "1-2 P\u00e9"], [
      "c.wav",
      "0.5-1.5 x",
      "0.5-1.5 y",
    ]]);
    assertStrictEquals(notes!.filter((note) => note.includes("long.txt")).length, 2);
  }));

Deno.test("recordings to score get their annotations, and what the table says is told", () =>
  withFolder(async (dir) => {
    const labels = `${dir}/labels.csv`, notes: string[] = [];
    await Deno.writeTextFile(labels, "filename,start,end,label\nb,1,2,owl\nb.wav,0,1,wren\n");
    const recordings = [recordingAt("night/a.wav"), recordingAt("night/b.wav")];
    const [a, b] = await labelRecordings(recordings, labels, {}, (note) => notes.push(note));
    assertStrictEquals(a, recordings[0]);
    assertEquals(b.labels, ["owl", "wren"]);
    assertEquals(b.annotations, [
      { startSeconds: 0, endSeconds: 1, label: "wren" },
      { startSeconds: 1, endSeconds: 2, label: "owl" },
    ]);
    assertStrictEquals(notes[0], "annotations: 2 of 2 recordings, labels by the column label");
  }));
