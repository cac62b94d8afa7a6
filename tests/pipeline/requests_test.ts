import {
  assert,
  assertEquals,
  assertNotEquals,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import { type Clip, clipId } from "../../pipeline/clip.ts";
import { type EpochRows, plainRequests, trainingRequests } from "../../pipeline/requests.ts";
import { clipAt } from "../fixtures.ts";

const clips: Clip[] = Array.from(
  { length: 10 },
  (_, i) => clipAt(`${i}`, { labels: [i < 7 ? "large" : "small"] }),
);

async function rowsOf(options: Partial<EpochRows> = {}, of = clips): Promise<string[]> {
  const rows: string[] = [];
  const all = { epoch: 0, passes: 1, seed: 1, augmentFactor: 1, ...options };
  const skipped = all.skip ?? 0;
  for await (const { clip, epoch, copy } of trainingRequests(of, all)) {
    const pass = Math.floor((skipped + rows.length) / (of.length * (1 + all.augmentFactor)));
    assertStrictEquals(epoch, all.epoch * all.passes + pass);
    rows.push(`${clipId(clip)}#${copy}`);
  }
  return rows;
}

Deno.test("an epoch has every recording and every copy once, in an order of its own", async () => {
  const expected = clips.map(clipId).flatMap((id) => [`${id}#0`, `${id}#1`, `${id}#2`]).toSorted();
  const rows = await rowsOf({ augmentFactor: 2 });
  assertEquals(rows.toSorted(), expected);
  assertEquals(await rowsOf({ augmentFactor: 2 }), rows);
  assertNotEquals(await rowsOf({ augmentFactor: 2, epoch: 1 }), rows);
  assertNotEquals(await rowsOf({ augmentFactor: 2, seed: 2 }), rows);
});

Deno.test("the copies of a recording are mixed with those of 63 others", async () => {
  const many = Array.from({ length: 150 }, (_, i) => clipAt(`${i}`));
  const rows = await rowsOf({ augmentFactor: 3 }, many);
  assertStrictEquals(new Set(rows).size, 600);
  const blocks = [rows.slice(0, 256), rows.slice(256, 512), rows.slice(512)]
    .map((block) => block.map((row) => row.split("#")[0]));
  assertEquals(blocks.map((block) => new Set(block).size), [64, 64, 22]);
  for (const block of blocks) {
    const together = block.filter((id, i) => id === block[i + 1]).length;
    assert(together < 12, `in any order: ${together} of ${block.length} follow their like`);
  }
  const ids = blocks.map((block) => new Set(block).values().toArray().slice(0, 5).join());
  assertNotStrictEquals(ids[0], "0,1,2,3,4", "recordings in any order");
});

Deno.test("a share of the copies is mixed with clips of other classes that come at the same time", async () => {
  const many = Array.from({ length: 150 }, (_, i) => {
    const labels = [["a"], ["b"], ["a", "b"], ["c"], []][i % 5];
    return clipAt(`${i}`, { labels });
  });
  const read = async (options: Partial<EpochRows>, of = many) =>
    await Array.fromAsync(
      trainingRequests(of, { epoch: 0, seed: 1, augmentFactor: 3, ...options }),
    );
  const plain = await read({}), mixed = await read({ mixSounds: 0.4 });
  assertEquals(mixed.map(({ mix: _, ...request }) => request), plain, "nothing else is changed");
  assertEquals(await read({ mixSounds: 0.4, skip: 100 }), mixed.slice(100));

  const withMix = mixed.filter(({ mix }) => mix);
  assert(Math.abs(withMix.length - 0.4 * 450) < 52, `${withMix.length} of 450`); // five sigma
  assert(withMix.every(({ copy }) => copy > 0));
  const blocks = [mixed.slice(0, 256), mixed.slice(256, 512), mixed.slice(512 - 256)]
    .map((block) => new Set(block.map(({ clip }) => clipId(clip))));
  const partners = new Set<string>(), shares: number[] = [];
  mixed.forEach(({ clip, mix }, i) => {
    if (!mix) return;
    assert(!mix.clip.labels!.some((label) => clip.labels!.includes(label)));
    assertNotStrictEquals(mix.clip, clip);
    assert(blocks[Math.floor(i / 256)].has(clipId(mix.clip)));
    partners.add(clipId(mix.clip));
    shares.push(mix.ratio);
  });
  assert(partners.size > 60, `${partners.size} partners`);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  assert(Math.abs(mean - 0.5) < 0.11 && Math.min(...shares) < 0.05, `ratios about ${mean}`);

  const all = await read({ mixSounds: 1 });
  assertStrictEquals(all.filter(({ mix }) => mix).length, 450);
  const alike = many.filter((_, i) => i % 5 === 0);
  assert((await read({ mixSounds: 1 }, alike)).every(({ mix }) => !mix), "of one class alone");
});

Deno.test("a resumed epoch has the rows behind those that were done", async () => {
  for (const classWeights of ["none", "balanced"] as const) {
    const whole = await rowsOf({ classWeights });
    assertEquals(await rowsOf({ classWeights, skip: 7 }), whole.slice(7));
  }
});

Deno.test("an epoch of several passes has the rows of as many epochs of one, resumed too", async () => {
  for (const classWeights of ["none", "balanced"] as const) {
    const single = [3, 4, 5].map((epoch) => rowsOf({ classWeights, epoch }));
    const passes = (await Promise.all(single)).flat();
    const options = { classWeights, epoch: 1, passes: 3 };
    assertEquals(await rowsOf(options), passes);
    for (const skip of [7, 20, 47]) {
      assertEquals(await rowsOf({ ...options, skip }), passes.slice(skip));
    }
  }
});

Deno.test("balanced, every class has as many rows and a recording comes again as another copy", async () => {
  const rows = await rowsOf({ classWeights: "balanced" });
  const ofSmall = rows.filter((row) => Number(row.split("#")[0]) >= 7);
  assertEquals([rows.length, ofSmall.length], [20, 10]);
  assertStrictEquals(new Set(rows).size, 20, "no row twice");
  const without = await rowsOf({ classWeights: "balanced", augmentFactor: 0 });
  assertStrictEquals(without.length, 10);
  assert(without.every((row) => row.endsWith("#0")));
});

Deno.test("balanced, a clip of several labels stands under its rarest one", async () => {
  const several = clips.map(({ recording: { id, labels } }) =>
    clipAt(id, { labels: [...new Set(["large", ...labels!])] })
  );
  const rows = await rowsOf({ classWeights: "balanced" }, several);
  assertEquals(rows, await rowsOf({ classWeights: "balanced" }));
});

Deno.test("plain requests are the clips in their order", async () => {
  const ids: string[] = [];
  for await (const { clip, copy } of plainRequests(clips)) {
    assertStrictEquals(copy, 0);
    ids.push(clipId(clip));
  }
  assertEquals(ids, clips.map(clipId));
});
