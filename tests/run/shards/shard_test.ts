/** Shards: every recording in one, the same whatever is added; and which one a scheduler asks for. */
import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { resolveShard, schedulerVariables } from "../../../run/shards/scheduler.ts";
import { jobShardSettings, shardOf, takeShard } from "../../../run/shards/shard.ts";
import { SettingError } from "../../../settings/setting.ts";

Deno.test("shards are disjoint, cover all, keep the order, and stay when recordings are added", () => {
  const names = fc.uniqueArray(fc.string({ unit: "binary" }), { maxLength: 40 });
  fc.assert(
    fc.property(names, names, fc.integer({ min: 1, max: 12 }), (before, more, of) => {
      const all = before.map((id) => ({ id }));
      const grown = [...more.filter((id) => !before.includes(id)), ...before].map((id) => ({ id }));
      const seen: number[] = [];
      for (let index = 1; index <= of; index++) {
        const { items, places } = takeShard(all, { index, of });
        assertEquals(items, places.map((place) => all[place]));
        assertEquals(places, places.toSorted((a, b) => a - b));
        seen.push(...places);
        const later = takeShard(grown, { index, of }).items.map(({ id }) => id);
        assertEquals(later.filter((id) => before.includes(id)), items.map(({ id }) => id));
      }
      assertEquals(seen.toSorted((a, b) => a - b), [...all.keys()]);
    }),
    { numRuns: 40 },
  );
});

Deno.test("a recording's shard is the same on every machine, and shards are of one size", () => {
  const shards = ["dog/1.wav", "dog/2.wav", "Käuzchen.flac", ""].map((id) => shardOf(id, 8));
  assertEquals(shards, [4, 4, 3, 1]); // of this program: a job that runs must find its parts again
  const counts = new Array<number>(10).fill(0), all = 20_000;
  for (let i = 0; i < all; i++) counts[shardOf(`site-7/2026/${i}.wav`, 10) - 1]++;
  // A fair draw's deviation is √(all · 0.1 · 0.9) = 42.
  for (const count of counts) assert(Math.abs(count - all / 10) < 5 * 42, `${counts}`);
});

const slurm = (id: number, min: number, max: number, count: number) => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${min}`,
  SLURM_ARRAY_TASK_MAX: `${max}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
});

const readerOf = (variables: Record<string, string>) => (name: string) => {
  assert(schedulerVariables.includes(name), name);
  return variables[name];
};

Deno.test("auto is the task of a Slurm, AWS Batch or Kubernetes array", () => {
  const batch = { AWS_BATCH_JOB_ARRAY_INDEX: "7", AWS_BATCH_JOB_ARRAY_SIZE: "8" };
  const cases: [Record<string, string>, number | undefined, number, number][] = [
    [slurm(0, 0, 7, 8), undefined, 1, 8],
    [slurm(8, 1, 8, 8), 8, 8, 8],
    [slurm(103, 100, 103, 4), undefined, 4, 4],
    [slurm(5, 5, 5, 1), 1, 1, 1],
    [batch, undefined, 8, 8],
    [{ JOB_COMPLETION_INDEX: "0" }, 5, 1, 5],
    [{ JOB_COMPLETION_INDEX: "4" }, 5, 5, 5],
  ];
  for (const [variables, of, index, all] of cases) {
    const shard = resolveShard({ index: "auto", of }, readerOf(variables));
    assertEquals(shard, { index, of: all });
  }
  // What is said is said, whoever started the process.
  assertEquals(resolveShard({ index: 2, of: 3 }, readerOf(batch)), { index: 2, of: 3 });
});

Deno.test("an array that is not whole is no job's shards", () => {
  const cases: [Record<string, string>, number | undefined, RegExp][] = [
    [{}, undefined, /I\/N where none of SLURM_ARRAY_TASK_ID, AWS_\w+, JOB_\w+ is set/],
    [
      slurm(4, 0, 8, 5),
      undefined,
      /array leaves numbers out: current value is 5 tasks from 0 to 8/,
    ],
    [
      slurm(3, 3, 3, 1),
      undefined,
      /I\/N, or auto\/1, where Slurm's array has one task: .* task 3$/,
    ],
    [slurm(3, 3, 3, 1), 8, /as many as Slurm's array has tasks, 1; to run some again, I\/N/],
    [{ SLURM_ARRAY_TASK_ID: "1" }, undefined, /SLURM_ARRAY_TASK_COUNT is no number: .* not set/],
    [{ JOB_COMPLETION_INDEX: "0" }, undefined, /auto\/N with Kubernetes, which does not say how m/],
    [{ JOB_COMPLETION_INDEX: "5" }, 5, /JOB_COMPLETION_INDEX is not in the array: .* 5 of 5/],
  ];
  for (const [variables, of, words] of cases) {
    const error = assertThrows(
      () => resolveShard({ index: "auto", of }, readerOf(variables)),
      SettingError,
    );
    assertMatch(error.message, words);
  }
});

Deno.test("the tasks whose commands have shards may read the schedulers' variables", async () => {
  const path = new URL("../../../deno.json", import.meta.url);
  const { tasks } = JSON.parse(await Deno.readTextFile(path));
  for (const name of ["train", "tune", "predict", "features", "net"]) {
    const [, words] = /--allow-env=(\S+)/.exec(tasks[name].command)!;
    for (const variable of schedulerVariables) {
      assert(words.split(",").includes(variable), `${name}: ${variable}`);
    }
  }
});

Deno.test("a shard on the command line is I/N, auto or auto/N", () => {
  const { range } = jobShardSettings.shard;
  for (const word of ["1/1", "3/8", "auto", "auto/8"]) {
    const value = range.parse(word)!;
    assertStrictEquals(range.contains(value), true);
    assertStrictEquals(range.format(value), word);
  }
  for (const word of ["0/8", "9/8", "3", "/8", "3/", "auto/0", "3/8/1", "-1/8", "1/10001"]) {
    assertStrictEquals(range.contains(range.parse(word)), false, word);
  }
});
