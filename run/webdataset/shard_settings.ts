import { byteSize, text } from "../../settings/value_range.ts";
import type { SettingsOf } from "../../settings/setting.ts";

/** Where shards are written, and how large. */
export interface ShardSettings {
  /** Their paths, with `%06d` for a shard's number. */
  readonly out: string;
  /** Bytes that one has at the most, unless one recording has more. */
  readonly shardSize: number;
}

/** See `ShardSettings`. */
export const shardSettings: SettingsOf<ShardSettings> = {
  out: {
    range: text,
    default: "shards-%06d.tar",
    help: "paths of the shards, with %06d for the number",
    group: "Output",
    placeholder: "pattern",
  },
  shardSize: {
    range: byteSize,
    default: 1e9,
    help: "most bytes of a shard",
    group: "Output",
    placeholder: "size",
  },
};
