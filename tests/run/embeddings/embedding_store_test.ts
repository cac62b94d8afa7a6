import { assertEquals, assertStrictEquals } from "@std/assert";
import { EmbeddingStore, keyOfRow } from "../../../run/embeddings/embedding_store.ts";
import { createHeadRows, storedBatches } from "../../../run/embeddings/stored_rows.ts";
import { assertFails } from "../../assert_failure.ts";
import { clipAt, withFolder } from "../../fixtures.ts";

const embeddings = [[1, 2, 3], [4, 5, 6], [-7, 0, 1e-9]].map((values) => Float32Array.from(values));
const keys = ["a", "b", "c"].map((name) => keyOfRow([name]));

function fill(path: string): void {
  using store = EmbeddingStore.open(path, "maker", 3);
  embeddings.forEach((embedding, i) => store.add(keys[i], embedding));
}

function read(store: EmbeddingStore, places: readonly number[]): number[] {
  const out = new Float32Array(places.length * 3);
  store.read(places, out);
  return [...out];
}

Deno.test("embeddings are there again, in whatever order they are asked for", () =>
  withFolder((dir) => {
    const path = `${dir}/embeddings.bin`;
    fill(path);
    using store = EmbeddingStore.open(path, "maker", 3);
    assertEquals([store.length, ...keys.map((key) => store.find(key))], [3, 0, 1, 2]);
    assertEquals(read(store, [2, 0, 1]), [...embeddings[2], ...embeddings[0], ...embeddings[1]]);
    store.add(keyOfRow(["d"]), Float32Array.of(9, 9, 9));
    assertEquals(read(store, [3, 1]), [9, 9, 9, 4, 5, 6]);
    assertStrictEquals(store.find(keyOfRow(["e"])), undefined);
    return Promise.resolve();
  }));

Deno.test("what a killed process left, or a disk damaged, is not taken for an embedding", () =>
  withFolder(async (dir) => {
    const path = `${dir}/embeddings.bin`;
    fill(path);
    const whole = await Deno.readFile(path), recordBytes = (whole.length - 48) / 3;
    // Stopped in the middle of the last record: the others are there, and more can follow.
    await Deno.writeFile(path, whole.subarray(0, whole.length - 5));
    {
      using store = EmbeddingStore.open(path, "maker", 3);
      assertEquals(keys.map((key) => store.find(key)), [0, 1, undefined]);
      store.add(keys[2], embeddings[2]);
    }
    assertEquals(await Deno.readFile(path), whole);
    for (let at = 48; at < whole.length; at++) {
      const damaged = whole.slice();
      damaged[at] ^= 4;
      await Deno.writeFile(path, damaged);
      using store = EmbeddingStore.open(path, "maker", 3);
      const lost = Math.floor((at - 48) / recordBytes);
      assertStrictEquals(store.length, 2, `byte ${at}`);
      assertStrictEquals(store.find(keys[lost]), undefined, `byte ${at}`);
      assertEquals(read(store, [(lost + 1) % 3]), [...embeddings[(lost + 1) % 3]]);
    }
  }));

Deno.test("what another backbone made, of another length, or too much, is begun anew", () =>
  withFolder(async (dir) => {
    const path = `${dir}/embeddings.bin`;
    for (const [maker, size, most] of [["other", 3], ["maker", 4], ["maker", 3, 50]] as const) {
      fill(path);
      using store = EmbeddingStore.open(path, maker, size, most);
      assertStrictEquals(store.length, 0);
    }
    await Deno.mkdir(`${dir}/folder`);
    await assertFails(
      () => EmbeddingStore.open(`${dir}/folder`, "maker", 3),
      /^RunError: Cannot keep embeddings in .*folder/,
    );
  }));

Deno.test("rows are read from the disk as they are from memory, and failures keep their places", () =>
  withFolder(async (dir) => {
    using store = EmbeddingStore.open(`${dir}/embeddings.bin`, "maker", 3);
    for (let i = 0; i < 2500; i++) {
      store.add(keyOfRow([`${i}`]), Float32Array.of(i, -i, 1 / (i + 1)));
    }
    const request = { clip: clipAt("a.wav"), epoch: 0, copy: 0 };
    const rows = Array.from({ length: 2500 }, (_, i) => ({ request, place: (i * 7) % 2500 }));
    const labels = { classes: rows.map(() => [0]), weights: new Float64Array(rows.length) };
    const [memory] = createHeadRows(store, rows, labels).parts(), disk: number[] = [];
    let numParts = 0;
    for (const part of createHeadRows(store, rows, labels, 1000).parts()) {
      disk.push(...part);
      numParts++;
    }
    assertEquals([numParts, disk.slice(3, 6)], [3, [7, -7, Math.fround(1 / 8)]]);
    assertEquals(disk, [...memory]);
    const failure = { request, stage: "decode" as const, message: "none" };
    const mixed = [rows[0], { request, failure }, rows[1]];
    for await (const batch of storedBatches(store, mixed)) {
      assertEquals([...batch.inputs], [...memory.slice(0, 6)]);
      assertEquals([batch.rows.length, batch.clips.length], [3, 2]);
    }
  }));
