import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { dirname } from "../../../deps/std_path.ts";
import { describeLocation } from "../../../pipeline/locations/location.ts";
import { DatasetError } from "../../../pipeline/sources/dataset.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { openRecordings, openTestFolder } from "../../../pipeline/sources/open_recordings.ts";
import { withFolder } from "../../fixtures.ts";

async function touch(dir: string, ...paths: string[]): Promise<void> {
  for (const path of paths) {
    await Deno.mkdir(dirname(`${dir}/${path}`), { recursive: true });
    await Deno.writeTextFile(`${dir}/${path}`, "");
  }
}

Deno.test("one folder a class: nested, any case, hidden and other files passed over", () =>
  withFolder(async (dir) => {
    await touch(
      dir,
      "dog/10.WAV",
      "dog/2.wav",
      "dog/old/a.Flac",
      "dog/.hidden.wav",
      "dog/notes.txt",
    );
    await touch(dir, "cat/1.mp3", ".git/x/y.wav", "readme.md", "loose.wav");
    const { classes, train, test } = await openFolder(dir);
    assertEquals(classes, ["cat", "dog"]);
    assertEquals(train.map((clip) => [clip.id, clip.labels?.[0]]), [
      ["cat/1.mp3", "cat"],
      ["dog/2.wav", "dog"],
      ["dog/10.WAV", "dog"],
      ["dog/old/a.Flac", "dog"],
    ]);
    assertStrictEquals(describeLocation(train[1].location), `${dir}/dog/2.wav`);
    assertEquals(test, []);
  }));

Deno.test("train/ and test/: labels of test files are known by their folder", () =>
  withFolder(async (dir) => {
    await touch(dir, "train/b/1.wav", "train/a/1.wav", "test/10.wav", "test/2.wav", "test/a/3.wav");
    const { classes, train, test } = await openFolder(dir);
    assertEquals(classes, ["a", "b"]);
    assertStrictEquals(train.length, 2);
    const seen = test.map(({ id, labels }) => [id, labels?.[0]]);
    assertEquals(seen, [["2.wav", undefined], ["10.wav", undefined], ["a/3.wav", "a"]]);
    assertEquals(await openTestFolder(dir, classes), test);
  }));

Deno.test("recordings to label need no class folders", () =>
  withFolder(async (dir) => {
    await touch(dir, "x/2.wav", "1.ogg");
    assertEquals((await openTestFolder(dir, [])).map(({ id }) => id), ["1.ogg", "x/2.wav"]);
    assertEquals((await openRecordings(dir)).map(({ id }) => id), ["1.ogg", "x/2.wav"]);
  }));

Deno.test("links are followed once, a dead one is a recording that cannot be read", () =>
  withFolder(async (dir) => {
    await touch(dir, "real/1.wav", "data/b/1.wav");
    await Deno.symlink(`${dir}/real`, `${dir}/data/a`);
    await Deno.symlink(`${dir}/data/b`, `${dir}/data/b/again`);
    await Deno.symlink(`${dir}/nowhere.wav`, `${dir}/data/b/dead.wav`);
    const { train, notes } = await openFolder(`${dir}/data`);
    assertEquals(train.map(({ id }) => id), ["a/1.wav", "b/1.wav", "b/dead.wav"]);
    assertEquals(notes, [
      "links to folders that are listed already, not followed, such as b/again: 1",
    ]);
  }));

Deno.test("a folder of data sets is not taken for one, whose classes they were", () =>
  withFolder(async (dir) => {
    await touch(dir, "words/train/a/1.wav", "words/train/b/1.wav", "words/test/1.wav");
    await touch(dir, "birds/train/a/1.wav", "birds/Val/a/1.wav");
    const error = await assertRejects(() => openFolder(dir), DatasetError);
    assertMatch(error.message, /as birds, words hold sets of their own.* \(--data .*\/birds\)$/);
    await touch(dir, "cat/old/1.wav");
    assertEquals((await openFolder(dir)).classes, ["birds", "cat", "words"]);
  }));

Deno.test("what cannot be trained on is refused in one line that says what to change", () =>
  withFolder(async (dir) => {
    await touch(
      dir,
      "one/only/1.wav",
      "empty/a/1.wav",
      "empty/b/notes.txt",
      "flat/1.wav",
      "file.wav",
      "data.zip",
    );
    await Deno.mkdir(`${dir}/void`);
    for (
      const [path, words] of [
        ["missing", /Cannot read .*missing: expected a folder of recordings, saw nothing there/],
        ["file.wav", /expected a folder of recordings, saw a file/],
        ["one", /saw one, only: if it holds those of the classes, name it \(--data .*one\/only\)$/],
        ["flat", /saw no folder, and recordings outside any, which a CSV .* \(--labels\): 1$/],
        ["data.zip", /Cannot read .*data\.zip: expected a zip, tar, .* saw something else$/],
        ["empty", /at least two classes, saw one, a, and no recording in b \(known: /],
        ["void", /at least two classes, saw no folder$/],
      ] as const
    ) {
      const error = await assertRejects(() => openFolder(`${dir}/${path}`), DatasetError);
      assertMatch(error.message, words);
      assert(!error.message.includes("\n"));
    }
    await assertRejects(() => openTestFolder(`${dir}/void`, []), DatasetError);
  }));
