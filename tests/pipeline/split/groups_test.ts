import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { recordingAt } from "../../fixtures.ts";
import type { Recording } from "../../../pipeline/recording.ts";
import { DatasetError } from "../../../pipeline/sources/dataset.ts";
import { describeGroups, groupByPattern } from "../../../pipeline/split/groups.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";

const clips: Recording[] = ["dog/spk1_a.wav", "cat/spk1_b.wav", "cat/spk22.wav", "cat/x.wav"]
  .map((id) => recordingAt(id, { id, labels: [id.slice(0, 3)] }));

Deno.test("a group is what the capture group takes; what does not match stands alone", () => {
  const grouped = groupByPattern(clips, String.raw`/spk(\d+)`);
  assertEquals(grouped.map(({ group }) => group), ["1", "1", "22", undefined]);
  assertEquals(describeGroups(grouped), { numGroups: 2, numAlone: 1 });
});

Deno.test("a pattern that is none, has not one capture group, or matches nothing is refused", () => {
  for (
    const [pattern, words] of [
      ["(spk", /Cannot group by \(spk as it must be a regular expression/],
      ["spk", /one capture group, .* current value has 0/],
      ["(s)(p)", /one capture group, .* current value has 2/],
      ["^(spk)", /it matches none, not even dog\/spk1_a\.wav/],
    ] as const
  ) {
    const error = assertThrows(() => groupByPattern(clips, pattern), DatasetError);
    assertMatch(error.message, words);
    assert(!error.message.includes("\n"));
  }
});

Deno.test("a data set is opened with its groups, and says how many there are", () =>
  withFolder(async (dir) => {
    await writeToneDataset(dir, 3);
    const { train, groups, notes } = await openDataset({ dir, groups: String.raw`(\d)\.wav$` });
    assertEquals(train.map(({ group }) => group), ["1", "2", "3", "1", "2", "3"]);
    assertStrictEquals(groups, String.raw`(\d)\.wav$`);
    assertMatch(notes![0], /^groups by .*: 3$/);
  }));
