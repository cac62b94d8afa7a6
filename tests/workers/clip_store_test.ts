import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { ClipStore } from "../../workers/clip_store.ts";

/** Lends a place and says that it was filled. */
function fill(store: ClipStore, path: string): number {
  const lent = store.lend(path)!;
  assertStrictEquals(lent.isFilled, false, `${path} is new`);
  store.giveBack(path, lent, true);
  return lent.slot;
}

Deno.test("the first task of a recording fills its place, the next ones read it", () => {
  const store = new ClipStore(100, 2);
  assertStrictEquals(store.memory.byteLength, 2 * (1 + 100) * 4);
  const first = store.lend("a")!;
  assertStrictEquals(first.isFilled, false);
  assertStrictEquals(store.lend("a"), undefined, "it is just being decoded");
  store.giveBack("a", first, true);
  assertEquals(store.lend("a"), { slot: first.slot, isFilled: true });
  assertEquals(store.lend("a"), { slot: first.slot, isFilled: true }, "several at a time");
});

Deno.test("a recording that could not be read leaves its place to others", () => {
  const store = new ClipStore(100, 1);
  const first = store.lend("a")!;
  assertStrictEquals(store.lend("b"), undefined, "the only place is in use");
  store.giveBack("a", first, false);
  assertEquals(store.lend("b"), { slot: first.slot, isFilled: false });
});

Deno.test("the recording used longest ago makes room, unless a task reads it", () => {
  const store = new ClipStore(100, 2);
  const a = fill(store, "a"), b = fill(store, "b");
  const reading = store.lend("a")!;
  assertStrictEquals(fill(store, "c"), b);
  assertStrictEquals(fill(store, "d"), b, "a is being read");
  store.giveBack("a", reading, true);
  assertStrictEquals(fill(store, "e"), a);
});

Deno.test("the place of a worker that died while it wrote there is never used again", () => {
  const store = new ClipStore(100, 2);
  const lost = store.lend("a")!;
  store.abandon("a", lost);
  const kept = fill(store, "a");
  assertNotStrictEquals(kept, lost.slot);
  store.abandon("a", store.lend("a")!); // one that read
  assertStrictEquals(fill(store, "b"), kept);
});

Deno.test("clips that are too long for the memory are not kept", () => {
  const store = new ClipStore(2 ** 24, 64);
  assertStrictEquals(store.memory.byteLength, 0);
  assertStrictEquals(store.lend("a"), undefined);
  assertStrictEquals(new ClipStore(2 ** 22 - 1, 64).memory.byteLength, 2 ** 26);
});
