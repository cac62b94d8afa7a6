/** Writes a data set as shards, as WebDataset reads them: tars of equal size, mixed, to be read in one go each. */
import { makeFolder } from "../files/atomic_file.ts";
import { readdir } from "node:fs/promises";
import { basename, dirname } from "../../deps/std_path.ts";
import { DecodeError } from "../../pipeline/decode/audio.ts";
import { createRandom, shuffle } from "../../pipeline/random.ts";
import { SettingError } from "../../settings/setting.ts";
import { doOnExit } from "../files/clean_up.ts";
import { acquireLock, lockPathOf } from "../files/lock.ts";
import { RunError } from "../run_error.ts";
import type { ShardSettings } from "./shard_settings.ts";
import { numberPlace, type ShardSample, ShardWriter } from "./shard_writer.ts";

/** What is written, and who is told. */
export interface WriteShardsOptions extends ShardSettings {
  /** The recordings. */
  readonly samples: readonly ShardSample[];
  /** The classes: a sample's `.cls` is its class's place here. */
  readonly classes: readonly string[];
  /** Key of the order in which they are mixed. */
  readonly seed: number;
  /** Is told how many are written. */
  readonly onSample?: (done: number, bytes: number) => void;
  /** Is told of each that cannot be read, and why. */
  readonly onSkipped?: (message: string) => void;
}

/** What came of it. */
export interface WriteShardsResult {
  /** Paths of the shards, in their order. */
  readonly shards: readonly string[];
  /** Recordings in them. */
  readonly written: number;
  /** Recordings that could not be read, and are not in them. */
  readonly skipped: number;
}

/**
 * Writes shards: of every recording its bytes as they are, a `.json` with its id, labels, group and set, and,
 * where it has one label, a `.cls` with the class's number. Each shard appears whole or not at all, and of a data
 * set all or, unless the process is killed, none.
 *
 * @throws {SettingError} where the paths have no place for a number, or there is a shard already.
 * @throws {RunError} where they cannot be written, or none of the recordings can be read.
 */
export async function writeShards(options: WriteShardsOptions): Promise<WriteShardsResult> {
  const { samples, out, seed, onSample = () => {}, onSkipped = () => {} } = options;
  if (samples.some(({ recording }) => recording.part)) {
    throw new RunError(
      "Cannot write shards of parts of recordings, as recordings are copied whole",
    );
  }
  await makeFolder(dirname(out));
  using _ = await acquireLock(lockPathOf(out), out);
  await refuseOldShards(out);
  const writer = new ShardWriter(options);
  const callOff = doOnExit(() => writer.paths.forEach((path) => Deno.removeSync(path)));
  let written = 0, skipped = 0, isWhole = false;
  try {
    for (const sample of shuffle([...samples], createRandom(seed, "shards"))) {
      try {
        await writer.add(sample);
        onSample(++written, writer.numBytes);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        skipped++;
        onSkipped(error.message);
      }
    }
    if (written === 0) {
      throw new RunError("Cannot write shards as none of the recordings can be read");
    }
    await writer.finish();
    isWhole = true;
  } finally {
    callOff();
    await writer.abort();
    // Some of the shards would be taken for all of them.
    if (!isWhole) { for (const path of writer.paths) await Deno.remove(path); }
  }
  return { shards: writer.paths, written, skipped };
}

/** @throws {SettingError} where a pattern is none, or something is called like a shard. */
async function refuseOldShards(pattern: string): Promise<void> {
  const name = basename(pattern),
    [before, after, ...more] = name.split(numberPlace).filter((_, i) => i !== 1);
  const refuse = (rule: string) => {
    throw new SettingError("write shards", "out", rule, pattern);
  };
  if (after === undefined || more.length > 0) {
    refuse("a path with one place for a number, such as %06d");
  }
  if (!name.endsWith(".tar")) refuse("a path that ends in .tar");
  const old = (await readdir(dirname(pattern))).find((other) =>
    other.startsWith(before) && other.endsWith(after) &&
    /^\d+$/.test(other.slice(before.length, other.length - after.length))
  );
  if (old !== undefined) refuse(`a place where no shard is yet: there is ${old}`);
}
