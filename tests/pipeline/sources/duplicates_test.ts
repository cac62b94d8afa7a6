import {
  assert,
  assertEquals,
  assertMatch,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { dirname } from "../../../deps/std_path.ts";
import { fileLocation } from "../../../pipeline/locations/location.ts";
import { contentStampOf } from "../../../pipeline/locations/content_stamp.ts";
import { DatasetError } from "../../../pipeline/sources/dataset.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { splitByLabel } from "../../../pipeline/split/split.ts";
import { createTone, encodeWav, withFolder } from "../../fixtures.ts";

async function write(path: string, key: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeFile(path, encodeWav(createTone(300, key), 8000));
}

Deno.test("recordings with equal bytes are counted, and told from others of their size", () =>
  withFolder(async (dir) => {
    for (const [path, key] of [["a/1", "x"], ["a/2", "y"], ["b/1", "x"], ["b/2", "z"]]) {
      await write(`${dir}/train/${path}.wav`, key);
    }
    await write(`${dir}/test/t.wav`, "z");
    const { notes } = await openDataset({ dir });
    assertEquals(notes, [
      "recordings equal to another (--groups content keeps them on one side), such as a/1.wav and b/1.wav: 1",
      "recordings to validate on or to label that are trained on, such as b/2.wav and t.wav: 1",
    ]);
  }));

Deno.test("--groups content keeps them on one side of the split", () =>
  withFolder(async (dir) => {
    for (const label of ["a", "b"]) {
      for (let i = 0; i < 10; i++) {
        await write(`${dir}/${label}/${i}.wav`, `${label}${Math.floor(i / 2)}`);
      }
    }
    await write(`${dir}/a/alone.wav`, "alone");
    const { train, groups, notes } = await openDataset({ dir, groups: "content" });
    assertStrictEquals(groups, "content");
    assertEquals(notes, ["groups by content: 10, clips in none of them: 1"]);
    const { validation } = splitByLabel(train, 0.3, 1);
    assert(validation.length > 0);
    const ids = new Set(validation.map(({ id }) => id));
    for (const id of ids) {
      const twin = id.replace(/\d/, (digit) => `${Number(digit) ^ 1}`);
      assert(ids.has(twin), `${id} without ${twin}`);
    }
    const error = await assertRejects(() => openDataset({ dir, groups: "speaker" }), DatasetError);
    assertMatch(error.message, /must be a column of a labels file, .*no labels file is named/);
  }));

Deno.test("the stamp of contents: the ends and the size count, the place does not", () =>
  withFolder(async (dir) => {
    const bytes = { first: 4, last: 4 };
    const stampOf = async (content: string, name = "x") => {
      await Deno.writeTextFile(`${dir}/${name}`, content);
      return contentStampOf(fileLocation(`${dir}/${name}`), bytes);
    };
    const stamp = await stampOf("0123456789");
    assertStrictEquals(await stampOf("0123456789", "y"), stamp);
    assertStrictEquals(await stampOf("0123xx6789"), stamp);
    for (const other of ["x123456789", "012345678x", "01234566789"]) {
      assertNotStrictEquals(await stampOf(other), stamp, other);
    }
    assertNotStrictEquals(await stampOf("012345"), await stampOf("01234x"));
    assertStrictEquals(await contentStampOf(fileLocation(`${dir}/none`), bytes), undefined);
  }));
