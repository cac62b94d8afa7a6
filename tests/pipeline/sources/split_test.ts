import assert from "node:assert/strict";
import fc from "fast-check";
import type { ClipRef } from "../../../pipeline/clip.ts";
import { trainingRequests } from "../../../pipeline/requests.ts";
import { splitByLabel } from "../../../pipeline/sources/split.ts";

const clipsOf = (counts: Record<string, number>): ClipRef[] =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, i) => ({ id: `${label}/${i}`, path: "", label }))
  );
const countOf = (clips: readonly ClipRef[], label: string) =>
  clips.filter((clip) => clip.label === label).length;

Deno.test("every class gives its share, at least one clip to each side, and one alone is trained on", () => {
  const { train, validation } = splitByLabel(clipsOf({ a: 10, b: 50, c: 2, d: 1 }), 0.2, 7);
  for (const [label, expected] of [["a", 2], ["b", 10], ["c", 1], ["d", 0]] as const) {
    assert.equal(countOf(validation, label), expected, label);
  }
  assert.equal(train.length + validation.length, 63);
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
      assert.deepEqual(ids.toSorted(), clips.map(({ id }) => id).toSorted());
      const held = new Set(validation.map(({ id }) => id));
      let rows = 0;
      for await (const { clip } of trainingRequests(train, { epoch: 3, seed, augmentFactor: 2 })) {
        assert.ok(!held.has(clip.id));
        rows++;
      }
      assert.equal(rows, 3 * train.length);
    },
  ));
});

Deno.test("the split is a function of the seed", () => {
  const clips = clipsOf({ a: 30, b: 30 });
  assert.deepEqual(splitByLabel(clips, 0.2, 1), splitByLabel(clips, 0.2, 1));
  assert.notDeepEqual(splitByLabel(clips, 0.2, 1), splitByLabel(clips, 0.2, 2));
});

Deno.test("a share outside [0, 1) is refused", () => {
  for (const share of [-0.1, 1, NaN]) {
    assert.throws(() => splitByLabel([], share, 1), RangeError);
  }
});
