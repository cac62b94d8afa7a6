import { assert, assertNotEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Recording } from "../../../pipeline/recording.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { recordingAt } from "../../fixtures.ts";
import { DatasetError } from "../../../pipeline/sources/dataset.ts";
import { assignFolds, splitByFold } from "../../../pipeline/split/folds.ts";

const clipsOf = (counts: Record<string, number>): Recording[] =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from(
      { length: count },
      (_, i) => recordingAt("", { id: `${label}/${i}`, labels: [label] }),
    )
  );

/** `[fold − 1][label]`: how many clips. */
function tableOf(clips: readonly Recording[], folds: ArrayLike<number>, numFolds: number) {
  return Array.from({ length: numFolds }, (_, fold) => {
    const counts: Record<string, number> = {};
    clips.forEach(({ labels }, i) => {
      if (folds[i] === fold + 1) {
        for (const label of labels!) counts[label] = 1 + (counts[label] ?? 0);
      }
    });
    return counts;
  });
}

Deno.test("classes and sizes differ between folds by one clip at the most", () => {
  const clips = clipsOf({ a: 13, b: 40, c: 2, d: 1, e: 7 });
  const folds = assignFolds(clips, 5, 3), table = tableOf(clips, folds, 5);
  for (const label of ["a", "b", "c", "e"]) {
    const counts = table.map((fold) => fold[label] ?? 0);
    assert(Math.max(...counts) - Math.min(...counts) <= 1, `${label}: ${counts}`);
  }
  const sizes = table.map((fold) => Object.values(fold).reduce((a, b) => a + b));
  assert(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
  assertStrictEquals(folds[clips.findIndex(({ id }) => id === "d/0")], 0, "always trained on");
  assertSameBits(assignFolds(clips, 5, 3), folds);
  assertNotEquals(assignFolds(clips, 5, 4), folds);
});

/** Clips with groups, several labels, or neither. */
const someClips = fc.array(
  fc.record({
    labels: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 3 }),
    group: fc.option(fc.constantFrom("g1", "g2", "g3", "g4", "g5"), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 40 },
).map((clips) => clips.map((clip, i): Recording => recordingAt("", { ...clip, id: `${i}` })));

Deno.test("a clip is validated once at the most, no group is on both sides, every class is trained on", () => {
  let made = 0;
  fc.assert(
    fc.property(someClips, fc.integer({ min: 2, max: 5 }), fc.integer(), (clips, of, seed) => {
      const validated: string[] = [];
      for (let index = 1; index <= of; index++) {
        let split;
        try {
          split = splitByFold(clips, { index, of }, seed);
        } catch (error) {
          assert(error instanceof DatasetError);
          return;
        }
        const { train, validation } = split;
        made++;
        assertStrictEquals(train.length + validation.length, clips.length);
        assert(validation.length > 0);
        const held = new Set(validation.map(({ group }) => group));
        assert(train.every(({ group }) => group === undefined || !held.has(group)));
        const trained = new Set(train.flatMap(({ labels }) => labels!));
        assert(clips.every(({ labels }) => labels!.every((label) => trained.has(label))));
        validated.push(...validation.map(({ id }) => id));
      }
      assertStrictEquals(new Set(validated).size, validated.length);
    }),
  );
  assert(made > 100, `only ${made} folds were made`);
});

Deno.test("groups of uneven sizes: every fold gets nearly its share of every class", () => {
  const clips = Array.from(
    { length: 40 },
    (_, speaker) =>
      clipsOf({ a: 1 + speaker % 7, b: 1 + speaker % 5, c: 1 + speaker % 3 }).map((clip) => ({
        ...clip,
        group: `${speaker}`,
      })),
  ).flat();
  for (const fold of tableOf(clips, assignFolds(clips, 5, 1), 5)) {
    for (const [label, total] of [["a", 156], ["b", 120], ["c", 79]] as const) {
      assert(Math.abs(fold[label] - total / 5) < 0.15 * total / 5, `${label}: ${fold[label]}`);
    }
  }
});

Deno.test("one fold, or more folds than there are groups, are refused", () => {
  assertThrows(() => assignFolds(clipsOf({ a: 4, b: 4 }), 1, 1), RangeError);
  const clips = clipsOf({ a: 4, b: 4 }).map((clip, i) => ({ ...clip, group: `${i % 3}` }));
  assertFails(() => assignFolds(clips, 4, 1), /Cannot make 4 folds .*: there are 3/);
});
