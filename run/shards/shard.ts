/** Shards: the parts of a job that several processes or machines do, each its own. */
import { createRandom } from "../../pipeline/random.ts";
import type { SettingsOf } from "../../settings/setting.ts";
import type { ValueRange } from "../../settings/value_range.ts";

/** One of several parts of a job. */
export interface Shard {
  /** Which one, counted from 1. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** A shard, or the one that the scheduler has this process do: `of` says how many there must be then. */
export type ShardRequest = Shard | { readonly index: "auto"; readonly of?: number };

/** Which shard a command does; see `jobShardSettings`. */
export interface JobShardSettings {
  /** Without it, all of the job. */
  readonly shard?: ShardRequest;
}

/** Most shards of a job: `merge` has a file of each open at a time. */
const mostShards = 10_000;

const shardRange: ValueRange<ShardRequest> = {
  rule: `I/N with I from 1 to N and N of at most ${mostShards}, auto, or auto/N`,
  contains(value) {
    const { index, of } = (value ?? {}) as Partial<ShardRequest>;
    const isCount = (count: unknown) =>
      Number.isSafeInteger(count) && (count as number) >= 1 && (count as number) <= mostShards;
    if (index === "auto") return of === undefined || isCount(of);
    return isCount(index) && isCount(of) && (index as number) <= (of as number);
  },
  parse(word) {
    const [, auto, index, of] = /^(?:(auto)|(\d+))(?:\/(\d+))?$/.exec(word.trim()) ?? [];
    if (auto) return { index: "auto", ...of !== undefined && { of: Number(of) } };
    return index === undefined || of === undefined
      ? undefined
      : { index: Number(index), of: Number(of) };
  },
  format: ({ index, of }) => of === undefined ? `${index}` : `${index}/${of}`,
};

/** The setting of which shard a command does. */
export const jobShardSettings: SettingsOf<JobShardSettings> = {
  shard: {
    range: shardRange,
    help: "do one part of N, or the one that Slurm, AWS Batch or Kubernetes says: docs/scale.md",
    group: "Data",
    placeholder: "I/N|auto",
  },
};

/**
 * The shard of a recording, from 1 to `of`: drawn from its id alone, so that it stays in it whatever is added
 * beside it.
 */
export function shardOf(id: string, of: number): number {
  return 1 + createRandom("shard", id).integer(of);
}

/** A recording's place among all of a job, counted from 0. */
export interface Placed<T> {
  /** The recordings of one shard, in their order. */
  readonly items: readonly T[];
  /** The place of each among all. */
  readonly places: readonly number[];
}

/** The recordings of a shard, in their order. */
export function takeShard<T extends { readonly id: string }>(
  all: readonly T[],
  { index, of }: Shard,
): Placed<T> {
  const items: T[] = [], places: number[] = [];
  all.forEach((item, place) => {
    if (shardOf(item.id, of) !== index) return;
    items.push(item);
    places.push(place);
  });
  return { items, places };
}
