/** Manifests: tables that list recordings, wherever they lie. */
import { assertEquals } from "@std/assert";
import { dirname } from "../../../deps/std_path.ts";
import { describeLocation } from "../../../pipeline/locations/location.ts";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import type { Recording } from "../../../pipeline/recording.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { openRecordings, openTestFolder } from "../../../pipeline/sources/open_recordings.ts";
import { createZip, utf8 } from "../../archives.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

async function write(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(`${dir}/${path}`), { recursive: true });
    await Deno.writeTextFile(`${dir}/${path}`, text);
  }
}

const inWords = (recordings: readonly Recording[] = []) =>
  recordings.map(({ id, labels }) => [id, ...labels ?? []].join(" "));

const sounds = { "a/1.wav": "1", "a/2.wav": "22", "b/10.wav": "333", "b/9.wav": "4444" };

Deno.test("a manifest's paths are relative to it, its rows' splits are those of folders", () =>
  withFolder(async (dir) => {
    const rows = [
      ...["path,label,split", "b/10.wav,owl,train", "a/1.wav,owl,TRAIN", "b/9.wav,tit,"],
      ...["./a/2.wav,tit,val", "a/gone.wav,fox,dev", "a/3.wav,,test"],
    ];
    await write(dir, { ...sounds, "list.csv": rows.join("\n") });
    await write(dir, { "list.tsv": rows.join("\r\n").replaceAll(",", "\t") });
    for (const name of ["list.csv", "list.tsv"]) {
      const opened = await openDataset({ dir: `${dir}/${name}` });
      const { classes, train, validation, test, notes } = opened;
      assertEquals(classes, ["owl", "tit"]);
      assertEquals(inWords(train), ["a/1.wav owl", "b/9.wav tit", "b/10.wav owl"]);
      assertEquals(describeLocation(train[0].location), `${dir}/a/1.wav`);
      assertEquals(inWords(validation), ["a/2.wav tit"]);
      assertEquals(inWords(test), ["a/3.wav"]);
      assertEquals(notes, [
        `recordings in ${name}, set apart to validate on: 1`,
        "its files whose label is empty, left out, such as a/3.wav: 1",
        "its recordings to validate on of classes that are not trained, such as a/gone.wav: 1",
      ]);
      const told: string[] = [];
      const toLabel = await openTestFolder(`${dir}/${name}`, [], (note) => told.push(note));
      assertEquals(inWords(toLabel), ["a/3.wav"]);
      assertEquals(told[0], "its recordings beside those to label, left out: 5");
    }
  }));

Deno.test("recordings to label come in the order of the rows, with or without labels", () =>
  withFolder(async (dir) => {
    await write(dir, { ...sounds, "bare.csv": "path\nb/9.wav\na/1.wav\nb/10.wav\n" });
    assertEquals(inWords(await openRecordings(`${dir}/bare.csv`)), [
      ...["b/9.wav", "a/1.wav", "b/10.wav"],
    ]);
    await write(dir, { "labelled.csv": "seconds,filename,label\n1,b/9.wav,x;y\n2,a/1.wav,y\n" });
    assertEquals(inWords(await openTestFolder(`${dir}/labelled.csv`, ["y"])), [
      ...["b/9.wav x y", "a/1.wav y"],
    ]);
    await assertFails(openDataset({ dir: `${dir}/bare.csv` }), /the columns filename and label/);
  }));

Deno.test("JSON Lines as NeMo writes them, and lhotse's recordings and cuts", () =>
  withFolder(async (dir) => {
    const lines = (...objects: unknown[]) =>
      objects.map((it) => `${JSON.stringify(it)}\n`).join("");
    const sources = [{ type: "file", channels: [0], source: "b/9.wav" }];
    await write(dir, {
      ...sounds,
      "nemo.jsonl": "\n" + lines(
        { audio_filepath: "a/1.wav", duration: 1.5, label: "owl" },
        { audio_filepath: "a/2.wav", offset: 0, duration: 1.5, label: ["owl", "tit"] },
        { label: "fox", speaker: 7, audio_filepath: `${dir}/b/10.wav`, text: null },
      ),
      "lhotse.jsonl": lines({ id: "rec-1", sources, sampling_rate: 8000 }),
      "cuts.jsonl": lines(
        { id: "cut-1", start: 0, duration: 1, custom: {}, recording: { sources, duration: 9 } },
        { id: "cut-2", start: 2.5, duration: 1, recording: { sources } },
        { id: "cut-3", start: 4, recording: { sources: [{ type: "file", source: "a/1.wav" }] } },
      ),
      "dcase.jsonl": lines({ filename: "a/1.wav", onset: 1, offset: 2 }),
      "back.jsonl": lines({ path: "a/1.wav", offset: -1 }),
      "still.jsonl": lines({ path: "a/1.wav", offset: 2, duration: 0 }),
      "two.jsonl": lines({ id: "x", sources: [...sources, ...sources] }),
      "url.jsonl": lines({ audio_filepath: "ftp://example.org/1.wav", label: "x" }),
      "bad.jsonl": `{"path": "a/1.wav"}\n[1]\n`,
      "cut.jsonl": `{"path": "a/1.wav"}\n{"path": `,
    });
    const choices = { dir: `${dir}/nemo.jsonl`, groups: "speaker" };
    const { train, groups, notes } = await openDataset(choices);
    assertEquals(notes?.slice(0, 2), [
      "several labels: 1 of 3 files, such as a/2.wav",
      "its column duration is not used, as every row means all of its recording",
    ]);
    const id = `${dir}/b/10.wav`.slice(1);
    assertEquals(inWords(train).sort(), ["a/1.wav owl", "a/2.wav owl tit", `${id} fox`].sort());
    assertEquals([groups, train.find((clip) => clip.id === id)?.group], ["speaker", "7"]);
    const [lhotse] = await openRecordings(`${dir}/lhotse.jsonl`, () => {}, { idColumn: "id" });
    assertEquals([lhotse.id, describeLocation(lhotse.location)], ["rec-1", `${dir}/b/9.wav`]);
    const notesOfCuts: string[] = [];
    const cuts = await openRecordings(`${dir}/cuts.jsonl`, (note) => notesOfCuts.push(note));
    assertEquals(cuts.map(({ id, part, group }) => ({ id, part, group })), [
      { id: "b/9.wav", part: { startSeconds: 0, endSeconds: 1 }, group: "b/9.wav" },
      { id: "b/9.wav@2.5", part: { startSeconds: 2.5, endSeconds: 3.5 }, group: "b/9.wav" },
      { id: "a/1.wav@4", part: { startSeconds: 4 }, group: "a/1.wav" },
    ]);
    assertEquals(notesOfCuts, [
      "parts of recordings, by its columns offset and duration: 3 of 2",
    ]);
    for (
      const [name, words] of [
        ["dcase", /it has an onset and an offset, as annotations do \(--labels\)$/],
        ["back", /an offset must be 0 s or more, and .*: a\/1\.wav@-1 has -1 and none$/],
        ["still", /a duration above 0 s: a\/1\.wav@2 has 2 and 0$/],
        ["two", /line 1 must have one source of the type file or url: it has 2, file$/],
        ["url", /addresses of http, https or s3: current value is ftp:\/\/example\.org\/1\.wav$/],
        ["bad", /line 2 is no JSON object$/],
        ["cut", /line 2 is no JSON: /],
      ] as const
    ) await assertFails(openRecordings(`${dir}/${name}.jsonl`), { message: words }, name);
  }));

Deno.test("ids are a column's cells, where it is named; else paths that stay in a folder", () =>
  withFolder(async (dir) => {
    const table = (rows: string) => write(dir, { "lists/m.csv": `id,path,label\n${rows}` });
    await write(dir, sounds);
    const path = `${dir}/lists/m.csv`;
    const open = (idColumn?: string) => openRecordings(path, () => {}, { idColumn });
    await table("x,../a/1.wav,u\ny,../a/../b/9.wav,v\n");
    assertEquals(inWords(await open("id")), ["x u", "y v"]);
    assertEquals(inWords(await open()), ["a/1.wav u", "b/9.wav v"]);
    assertEquals(describeLocation((await open())[1].location), `${dir}/b/9.wav`);
    await assertFails(open("key"), /must have the column key: it has id, path, label$/);
    await table("x,../a/1.wav,u\nx,../b/9.wav,v\n");
    await assertFails(open("id"), /apart as x means .*a\/1\.wav and .*b\/9\.wav$/);
    await table("../../x,../a/1.wav,u\n");
    await assertFails(open("id"), /ids must not lead out of a folder, as \.\.\/\.\.\/x does$/);
    await table(",../a/1.wav,u\n");
    await assertFails(open("id"), /every row must have its id: \.\.\/a\/1\.wav has none$/);
  }));

Deno.test("what a manifest cannot mean is refused in one line", () =>
  withFolder(async (dir) => {
    const path = `${dir}/m.csv`;
    const open = async (text: string) => {
      await Deno.writeTextFile(path, text);
      return await openDataset({ dir: path });
    };
    await write(dir, sounds);
    await assertFails(open(""), /it is empty$/);
    await assertFails(open("path,label\n"), /as it has no row but its header$/);
    await assertFails(open("path,label,split\na/1.wav,x,spare\n"), /train, val or test: a\/1\.wav/);
    await assertFails(open("path,label\nno.wav,x\nnot.wav,y\n"), /there is no .*no\.wav, nor any/);
    await assertFails(
      open("path,label,split\na/1.wav,x,train\na/1.wav,x,val\n"),
      /one split: a\/1/,
    );
    await assertFails(open("path,label\na/1.wav,\n"), /must label recordings: it labels none$/);
    const both = openDataset({ dir: path, labelsFile: path });
    await assertFails(both, { message: /labels must be left out, as a manifest/ });
    const bare = openDataset({ dir, fileColumn: "id" });
    await assertFails(bare, { message: /fileColumn must be left out, as no table is named/ });
  }));

Deno.test("a manifest, or a table of labels, in an archive is read there, with paths in it", () =>
  withFolder(async (dir) => {
    const table = "path,label\n../a/1.wav,owl\n../b/9.wav,tit\n../../../b/10.wav,owl\n";
    const files = Object.entries({ ...sounds, "meta/list.csv": table });
    const members = files.map(([name, text]) => ({ name, bytes: utf8(text) }));
    await Deno.writeFile(`${dir}/all.zip`, createZip(members));
    await write(dir, { "b/10.wav": "outside" });
    const recordings = await openRecordings(`${dir}/all.zip/meta/list.csv`);
    assertEquals(inWords(recordings), ["a/1.wav owl", "b/9.wav tit", "b/10.wav owl"]);
    assertEquals(describeLocation(recordings[1].location), `${dir}/all.zip/b/9.wav`);
    assertFails(() => openLocation(recordings[2].location), /saw a way out of the archive$/);
    await Deno.writeTextFile(`${dir}/labels.csv`, "path,label\na/1.wav,owl\nb/9.wav,tit\n");
    const { train } = await openDataset({ dir: `${dir}/all.zip`, labelsFile: `${dir}/labels.csv` });
    assertEquals(inWords(train), ["a/1.wav owl", "b/9.wav tit"]);
  }));
