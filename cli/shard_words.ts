/** Shards on the command line: which one is asked for, and what is said of its part. */
import type { Command } from "../deps/commander.ts";
import type { Recording } from "../pipeline/recording.ts";
import { partFolder, PartIsWhole, partsFolder } from "../run/shards/part.ts";
import { resolveShard } from "../run/shards/scheduler.ts";
import { jobShardSettings, type Shard, takeShard } from "../run/shards/shard.ts";
import { callOf } from "../settings/call_of.ts";
import { exitCodes } from "./exit_codes.ts";
import { readValues } from "./setting_options.ts";
import type { Terminal } from "./terminal.ts";

/** The shard that a command line asks for, if any. */
export function readShard(command: Command): Shard | undefined {
  const { shard } = readValues(command, jobShardSettings);
  return shard && resolveShard(shard);
}

/** Says how many recordings there are, and how many of them are the shard's. @returns Those. */
export function tellShare(
  terminal: Terminal,
  recordings: readonly Recording[],
  shard: Shard | undefined,
): number {
  const own = shard ? takeShard(recordings, shard).items.length : recordings.length;
  const of = shard ? ` of ${recordings.length}, shard ${shard.index} of ${shard.of}` : "";
  terminal.line(`recordings ${own}${of}`);
  return own;
}

/**
 * Does a shard's part and says how it goes on; where the part is whole already and is to be kept, that.
 *
 * @param out Where the whole job is to be written.
 * @param job Does it and says what was written.
 */
export async function runShard(
  terminal: Terminal,
  out: string,
  { shard, resume }: { readonly shard: Shard; readonly resume?: boolean },
  job: () => Promise<string>,
): Promise<void> {
  let done: string;
  try {
    done = await job();
  } catch (error) {
    if (!(resume && error instanceof PartIsWhole)) throw error;
    terminal.line(`${error.folder} is whole already: kept`);
    const { kind, standIns, skipped = 0 } = error.card;
    if (standIns > 0 || kind !== "labels" && skipped > 0) Deno.exitCode = exitCodes.incomplete;
    return;
  }
  terminal.line(
    `${done} in ${partFolder(out, shard)}; when all ${shard.of} parts are there: ${
      callOf("merge")
    } ${partsFolder(out)}`,
  );
}
