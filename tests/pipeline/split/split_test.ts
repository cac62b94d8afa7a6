import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import type { Recording } from "../../../pipeline/recording.ts";
import { firstClips } from "../../../pipeline/clip.ts";
import { recordingAt } from "../../fixtures.ts";
import { trainingRequests } from "../../../pipeline/requests.ts";
import { splitByLabel } from "../../../pipeline/split/split.ts";
import { unitsOf } from "../../../pipeline/split/units.ts";

const clipsOf = (counts: Record<string, number>): Recording[] =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from(
      { length: count },
      (_, i) => recordingAt("", { id: `${label}/${i}`, labels: [label] }),
    )
  );
const countOf = (clips: readonly Recording[], label: string) =>
  clips.filter((clip) => clip.labels![0] === label).length;

Deno.test("every class gives its share, at least one clip to each side, and one alone is trained on", () => {
  const { train, validation } = splitByLabel(clipsOf({ a: 10, b: 50, c: 2, d: 1 }), 0.2, 7);
  for (const [label, expected] of [["a", 2], ["b", 10], ["c", 1], ["d", 0]] as const) {
    assertStrictEquals(countOf(validation, label), expected, label);
  }
  assertStrictEquals(train.length + validation.length, 63);
});

Deno.test("no recording is on both sides, none is lost, copies stay with their recording", async () => {
  await fc.assert(fc.asyncProperty(
    fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer({ min: 1, max: 9 })),
    fc.double({ min: 0, max: 0.9, noNaN: true }),
    fc.integer(),
    async (counts, share, seed) => {
      const clips = clipsOf(counts);
      const { train, validation } = splitByLabel(clips, share, seed);
      const ids = [...train, ...validation].map(({ id }) => id);
      assertEquals(ids.toSorted(), clips.map(({ id }) => id).toSorted());
      const held = new Set(validation.map(({ id }) => id));
      let rows = 0;
      const rowsOf = { epoch: 3, seed, augmentFactor: 2 };
      const requests = trainingRequests(firstClips(train), rowsOf);
      for await (const { clip } of requests) {
        assert(!held.has(clip.recording.id));
        rows++;
      }
      assertStrictEquals(rows, 3 * train.length);
    },
  ));
});

Deno.test("the split is a function of the seed", () => {
  const clips = clipsOf({ a: 30, b: 30 });
  assertEquals(splitByLabel(clips, 0.2, 1), splitByLabel(clips, 0.2, 1));
  assertNotEquals(splitByLabel(clips, 0.2, 1), splitByLabel(clips, 0.2, 2));
});

Deno.test("a share outside [0, 1) is refused", () => {
  for (const share of [-0.1, 1, NaN]) {
    assertThrows(() => splitByLabel([], share, 1), RangeError);
  }
});

/** Clips of some speakers, each of whom says some classes some number of times. */
const spoken = fc.array(
  fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.integer({ min: 1, max: 6 }), {
    minKeys: 1,
  }),
  { minLength: 2, maxLength: 12 },
).map((speakers) =>
  speakers.flatMap((counts, speaker) =>
    clipsOf(counts).map((clip): Recording => ({
      ...clip,
      id: `${speaker}/${clip.id}`,
      group: `speaker ${speaker}`,
    }))
  )
);

Deno.test("no group is on both sides, every class is trained on, no clip is lost", () => {
  fc.assert(fc.property(
    spoken,
    fc.double({ min: 0.05, max: 0.9, noNaN: true }),
    fc.integer(),
    (clips, share, seed) => {
      const { train, validation } = splitByLabel(clips, share, seed);
      const held = new Set(validation.map(({ group }) => group));
      assert(train.every(({ group }) => !held.has(group)));
      assertStrictEquals(train.length + validation.length, clips.length);
      for (const label of new Set(clips.flatMap(({ labels }) => labels!))) {
        assert(countOf(train, label) > 0, label);
      }
      assertEquals(splitByLabel(clips, share, seed).validation, validation);
    },
  ));
});

Deno.test("groups of one class meet the share to within half their largest group", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 15 });
  fc.assert(fc.property(sizes, sizes, fc.integer(), (left, right, seed) => {
    const clips = [["left", left] as const, ["right", right] as const].flatMap(([label, sizes]) =>
      sizes.flatMap((size, speaker) =>
        clipsOf({ [label]: size }).map((clip) => ({ ...clip, group: `${label} ${speaker}` }))
      )
    );
    const { validation } = splitByLabel(clips, 0.25, seed);
    for (const [label, sizes] of [["left", left], ["right", right]] as const) {
      const total = sizes.reduce((a, b) => a + b), taken = countOf(validation, label);
      assert(taken > 0 && taken < total);
      const wanted = Math.min(Math.max(Math.round(0.25 * total), 1), total - 1);
      // One group alone may be all that can be taken, and it may be larger than the share.
      const most = Math.max(Math.max(...sizes) / 2, Math.min(...sizes) - wanted);
      assert(Math.abs(taken - wanted) <= most, `${taken} of ${total}, groups of ${sizes}`);
    }
  }));
});

Deno.test("a class whose groups are all far larger than its share still gives one of them", () => {
  const clips = clipsOf({ a: 20, b: 20 }).map((clip, i) => ({ ...clip, group: `${i % 4}` }));
  const { validation } = splitByLabel(clips, 0.05, 1);
  assertEquals([countOf(validation, "a"), countOf(validation, "b")], [5, 5]);
});

Deno.test("speakers of every class: each class meets its share nearly, another seed takes others", () => {
  const clips = Array.from(
    { length: 30 },
    (_, speaker) =>
      clipsOf({ a: 1 + speaker % 7, b: 1 + speaker % 5, c: 1 + speaker % 2 }).map((clip) => ({
        ...clip,
        group: `${speaker}`,
      })),
  ).flat();
  const taken = [1, 2, 3].map((seed) => splitByLabel(clips, 0.2, seed).validation);
  for (const validation of taken) {
    for (const label of ["a", "b", "c"]) {
      const share = countOf(validation, label) / countOf(clips, label);
      assert(Math.abs(share - 0.2) < 0.04, `${label}: ${share}`);
    }
  }
  assertNotEquals(taken[0], taken[1]);
});

Deno.test("clips that stand for themselves share the counts of their labels", () => {
  const clips = [{ labels: ["a"] }, { labels: ["a"] }, { labels: ["b", "a"] }, { labels: [] }, {}];
  const units = unitsOf(clips);
  assertEquals(units.map(({ counts }) => [...counts.entries()]), [
    [["a", 1]],
    [["a", 1]],
    [["a", 1], ["b", 1]],
    [["", 1]],
    [],
  ]);
  assertStrictEquals(units[0].counts, units[1].counts);
});
