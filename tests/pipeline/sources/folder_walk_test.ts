/** Folders as they are found: what cannot be read, what links lead to, what is no recording. */
import { assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { dirname } from "../../../deps/std_path.ts";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { openRecordings, openTestFolder } from "../../../pipeline/sources/open_recordings.ts";
import { fileSystem } from "../../../pipeline/sources/folder_reader.ts";
import { assertFails } from "../../assert_failure.ts";
import { createTone, encodeWav, withFolder } from "../../fixtures.ts";

async function touch(dir: string, ...paths: string[]): Promise<void> {
  for (const path of paths) {
    await Deno.mkdir(dirname(`${dir}/${path}`), { recursive: true });
    await Deno.writeTextFile(`${dir}/${path}`, "");
  }
}

const isUnix = Deno.build.os !== "windows";

Deno.test("a folder or file that cannot be listed is one entry that cannot be read, the rest goes on", () =>
  withFolder(async (dir) => {
    await touch(dir, "a/1.wav", "a/locked/2.wav", "b/1.wav", "c/1.wav");
    const { classes, train, notes } = await openFolder(dir, {
      ...fileSystem,
      async *readDir(path) {
        if (/\/(locked|c)$/.test(path)) throw new Deno.errors.PermissionDenied("no");
        yield* fileSystem.readDir(path);
      },
    });
    assertEquals(classes, ["a", "b", "c"]);
    assertEquals(train.map(({ id, labels }) => [id, labels]), [
      ["a/1.wav", ["a"]],
      ["a/locked", ["a"]],
      ["b/1.wav", ["b"]],
      ["c", ["c"]],
    ]);
    assertFails(() => openLocation(train[1].location), /locked.*saw a folder/);
    assertEquals(notes, [
      "folders that cannot be listed (PermissionDenied), skipped, such as a/locked: 2",
    ]);
  }));

Deno.test(
  "a link that leads nowhere, a pipe and names that are no UTF-8 are recordings that cannot be read",
  {
    ignore: !isUnix,
  },
  () =>
    withFolder(async (dir) => {
      await touch(dir, "a/1.wav", "b/1.wav");
      await Deno.symlink("nowhere", `${dir}/a/dead.wav`);
      await Deno.symlink("nowhere", `${dir}/a/dead`);
      await Deno.symlink("loop.wav", `${dir}/a/loop.wav`);
      const named = { isFile: true, isDirectory: false, isSymlink: false };
      const { train, notes } = await openFolder(dir, {
        ...fileSystem,
        async *readDir(path) {
          yield* fileSystem.readDir(path);
          if (!path.endsWith("/b")) return;
          // So Deno shows names that are no UTF-8, whatever they are.
          for (let i = 0; i < 2; i++) yield { ...named, name: "caf\ufffd.wav" };
          yield { ...named, isFile: false, name: "pipe.wav" };
          yield { ...named, isFile: false, name: "socket" };
        },
      });
      assertEquals(train.map(({ id }) => id), [
        ...["a/1.wav", "a/dead.wav", "a/loop.wav"],
        ...["b/1.wav", "b/caf\ufffd.wav", "b/caf\ufffd.wav#2", "b/pipe.wav"],
      ]);
      assertEquals(notes, [
        "recordings whose names are no UTF-8, which cannot be opened, such as b/caf\ufffd.wav: 2",
        "files that are no audio (no extension 2), not used, such as a/dead: 2",
      ]);
      for (const place of [1, 2, 4, 5, 6]) assertThrows(() => openLocation(train[place].location));
    }),
);

Deno.test("folders that link to each other are visited once, each where it is", () =>
  withFolder(async (dir) => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    await touch(dir, ...names.map((name) => `${name}/1.wav`));
    for (const from of names) {
      for (const to of names) {
        if (from !== to) await Deno.symlink(`../${to}`, `${dir}/${from}/0${to}`);
      }
      await Deno.symlink("..", `${dir}/${from}/up`);
      await Deno.symlink("../..", `${dir}/${from}/far`);
    }
    const ids = names.map((name) => `${name}/1.wav`);
    const { train, notes } = await openFolder(dir);
    assertEquals(train.map(({ id }) => id), ids);
    assertMatch(notes![0], /^links to folders that are listed already, .* such as a\/0b: 56$/);
    assertEquals((await openRecordings(dir)).map(({ id }) => id), ids);
  }));

Deno.test("a file that is linked twice in a class is listed once; in two classes it is said", () =>
  withFolder(async (dir) => {
    await touch(dir, "data/a/1.wav", "data/b/2.wav", "pool/p.wav");
    for (const name of ["a/p.wav", "a/q.wav", "b/p.wav"]) {
      await Deno.symlink(`${dir}/pool/p.wav`, `${dir}/data/${name}`);
    }
    await Deno.symlink("1.wav", `${dir}/data/a/0.wav`);
    const { train, notes } = await openFolder(`${dir}/data`);
    assertEquals(train.map(({ id }) => id), ["a/1.wav", "a/p.wav", "b/2.wav", "b/p.wav"]);
    assertEquals(notes, [
      "links to recordings that are listed already, left out, such as a/0.wav: 2",
      "recordings that links put in two classes or sets, which contradict, such as a/p.wav and b/p.wav: 1",
    ]);
    // Whoever asks for labels gets a row for every name.
    assertStrictEquals((await openTestFolder(`${dir}/data`, [])).length, 6);
  }));

Deno.test("what systems leave is passed over, what is not used is counted with an example", () =>
  withFolder(async (dir) => {
    await touch(dir, "cat/1.wav", "dog/1.wav", "dog/._1.wav", ".ipynb_checkpoints/x.wav");
    await touch(dir, "__MACOSX/cat/1.wav", "@eaDir/x.wav", "lost+found/1.wav", "dog/Thumbs.db");
    await touch(dir, "$RECYCLE.BIN/1.wav", "System Volume Information/1.wav");
    await touch(dir, "empty/readme.txt", "dog/notes.txt", "dog/cover.JPG", "loose.wav", "odd");
    const { classes, notes } = await openFolder(dir);
    assertEquals(classes, ["cat", "dog"]);
    assertMatch(notes![0], /^folders and files that systems leave, passed over, such as .*: 6$/);
    assertEquals(notes!.slice(1), [
      "recordings outside the class folders, not used, such as loose.wav: 1",
      "class folders without a recording, not used, such as empty: 1",
      "files that are no audio (.txt 2, no extension 1, .jpg 1), not used, such as odd: 4",
    ]);
    const notesOnTest: string[] = [];
    await openTestFolder(`${dir}/dog`, [], (note) => notesOnTest.push(note));
    assertMatch(notesOnTest[1], /^files that are no audio \(\.jpg 1, \.txt 1\), not used/);
  }));

Deno.test("audio is told by its first bytes where the extension does not say", () =>
  withFolder(async (dir) => {
    const wav = encodeWav(createTone(300, "x"), 8000);
    await touch(dir, "a/text", "a/text.webm", "b/1.wav");
    for (const name of ["a/speech", "a/x.webm", "a/REC001.DAT", "a/talk.v2", "a/data.bin"]) {
      await Deno.writeFile(`${dir}/${name}`, wav);
    }
    const { train } = await openFolder(dir);
    const ids = train.map(({ id }) => id);
    const byContent = ["a/REC001.DAT", "a/speech", "a/talk.v2", "a/text.webm", "a/x.webm"];
    assertEquals(ids, [...byContent, "b/1.wav"]);
  }));

Deno.test("names in NFD and NFC are one class, in train, validation and test", () =>
  withFolder(async (dir) => {
    const nfd = "cafe\u0301", nfc = "caf\u00e9";
    await touch(dir, `train/${nfd}/1.wav`, `train/${nfc}/1.wav`, "train/tea/1.wav");
    await touch(dir, `val/${nfc}/1.wav`, `val/${nfd}/2.wav`, `test/${nfd}/1.wav`);
    const { classes, train, validation, test, notes } = await openFolder(dir);
    assertEquals(classes, [nfc, "tea"]);
    assertEquals(train.map(({ labels }) => labels), [[nfc], [nfc], ["tea"]]);
    assertStrictEquals(new Set(train.map(({ id }) => id)).size, 3);
    assertEquals(validation!.map(({ labels }) => labels), [[nfc], [nfc]]);
    assertEquals(test[0].labels, [nfc]);
    assertMatch(notes!.join("\n"), /differ in nothing but their encoding, joined, such as caf/);
    // A model of before has its class as it was written.
    assertEquals((await openTestFolder(dir, [nfd]))[0].labels, [nfd]);
  }));

Deno.test("val/ is validated on: ids of its own, classes of train, the rest counted", () =>
  withFolder(async (dir) => {
    await touch(dir, "train/a/1.wav", "train/b/1.wav", "valid/a/1.wav", "valid/c/1.wav");
    await touch(dir, "valid/loose.wav", "test/1.wav");
    const { train, validation, test, notes } = await openFolder(dir);
    assertEquals(train.map(({ id }) => id), ["a/1.wav", "b/1.wav"]);
    assertEquals(validation!.map(({ id, labels }) => [id, labels]), [["valid/a/1.wav", ["a"]]]);
    assertEquals(test.map(({ id }) => id), ["1.wav"]);
    assertEquals(notes, [
      "recordings in valid, set apart to validate on: 1",
      "recordings in valid in no folder of a class that is trained, not used, such as valid/c/1.wav: 2",
    ]);
    await Deno.remove(`${dir}/valid/a`, { recursive: true });
    await assertFails(openFolder(dir), /Cannot validate on .*valid as it must hold folders of/);
  }));

Deno.test("one file is labelled alone; a folder of classes says that it may have been trained on", () =>
  withFolder(async (dir) => {
    await touch(dir, "train/a/1.wav", "train/b/1.wav", "1.wav", "a.zip");
    const told = async (path: string) => {
      const notes: string[] = [];
      const clips = await openTestFolder(path, ["a", "b"], (note) => notes.push(note));
      return [clips.map(({ id, labels }) => `${id} ${labels}`), notes];
    };
    assertEquals(await told(`${dir}/1.wav`), [["1.wav undefined"], []]);
    assertEquals((await openRecordings(`${dir}/1.wav`)).map(({ id }) => id), ["1.wav"]);
    await assertFails(told(`${dir}/a.zip`), /expected a zip, .* saw something else/);
    assertEquals(await told(dir), [
      ["1.wav undefined", "train/a/1.wav a", "train/b/1.wav b"],
      [
        "recordings in folders of classes, which may be what it was trained on, such as train/a/1.wav: 2",
        "files that are no audio (.zip 1), not used, such as a.zip: 1",
      ],
    ]);
    await touch(dir, "test/2.wav");
    assertEquals(await told(dir), [
      ["2.wav undefined"],
      ["folders beside test, not labelled, such as train: 1"],
    ]);
  }));

Deno.test("a folder without permission is skipped on a real disk too", {
  ignore: !isUnix || Deno.uid() === 0, // root may list everything
}, () =>
  withFolder(async (dir) => {
    await touch(dir, "a/1.wav", "b/1.wav", "b/locked/2.wav");
    await Deno.chmod(`${dir}/b/locked`, 0);
    try {
      const { train } = await openFolder(dir);
      assertEquals(train.map(({ id }) => id), ["a/1.wav", "b/1.wav", "b/locked"]);
    } finally {
      await Deno.chmod(`${dir}/b/locked`, 0o700);
    }
  }));
