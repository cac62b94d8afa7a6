/**
 * Millions of names, and no sound, through what grows with their number: listing, a shard's share, the parts, their
 * merge. `deno task bench:scale --recordings 10000000 --shards 100`; each stage is a process of its own, so that its
 * memory is its own.
 */
import process from "node:process";
import { Command } from "../../deps/commander.ts";
import { fileLocation } from "../../pipeline/locations/location.ts";
import type { FolderReader } from "../../pipeline/sources/folder_reader.ts";
import { FolderWalk } from "../../pipeline/sources/folder_walk.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { formatRow } from "../../run/files/csv_file.ts";
import { hashOfRecordings } from "../../run/files/hash.ts";
import { Part } from "../../run/shards/part.ts";
import { shardOf, takeShard } from "../../run/shards/shard.ts";
import { peakOf } from "./peak_memory.ts";

/** Recordings of a folder, as a recorder writes them in a day: one a minute. */
const perFolder = 1440;

/** A folder of folders that are nowhere: `site-0017/2026-03-05_1412.wav`. */
function readerOf(numRecordings: number): FolderReader {
  return {
    async *readDir(dir) {
      const [, site] = /site-(\d+)$/.exec(dir) ?? [];
      const kind = {
        isFile: site !== undefined,
        isDirectory: site === undefined,
        isSymlink: false,
      };
      const first = perFolder * Number(site ?? 0);
      const count = site === undefined
        ? Math.ceil(numRecordings / perFolder)
        : Math.min(perFolder, numRecordings - first);
      for (let i = 0; i < count; i++) {
        const name = site === undefined
          ? `site-${`${i}`.padStart(6, "0")}`
          : `2026-03-05_${`${i}`.padStart(4, "0")}.wav`;
        yield { name, ...kind };
      }
    },
    stat: () => Promise.reject(new Error("nothing is there")),
    realPath: (path) => Promise.resolve(path),
    readStart: () => Promise.resolve(new Uint8Array()),
    locationOf: fileLocation,
  };
}

const list = async (numRecordings: number): Promise<Recording[]> =>
  (await new FolderWalk(readerOf(numRecordings)).collect([{ dir: "/data", prefix: "" }]))[0];

/** What every task of an array does before its first recording. */
async function prepare(numRecordings: number, of: number): Promise<void> {
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  let last = cpuSeconds();
  const lap = (what: string) => {
    const now = cpuSeconds();
    console.error(`${what.padEnd(44)} ${(now - last).toFixed(1)} s of a processor`);
    last = now;
  };
  const recordings = await list(numRecordings);
  lap(`listing ${recordings.length} names, sorted`);
  const { items } = takeShard(recordings, { index: 1, of });
  lap(`taking shard 1 of ${of}: ${items.length}`);
  hashOfRecordings(recordings);
  lap("hash of the list");
}

/** The parts of all shards, as `predict` writes them, without its work. */
async function writeParts(numRecordings: number, of: number, out: string): Promise<void> {
  const recordings = await list(numRecordings);
  const shares = Array.from({ length: of }, () => ({ places: new Uint32Array(1024), size: 0 }));
  for (const [place, { id }] of recordings.entries()) {
    const share = shares[shardOf(id, of) - 1];
    if (share.size === share.places.length) {
      const { places } = share;
      share.places = new Uint32Array(2 * share.size);
      share.places.set(places);
    }
    share.places[share.size++] = place;
  }
  for (const [i, { places, size }] of shares.entries()) {
    const { output, part } = await Part.open<null>({
      ...{ kind: "labels", shard: { index: i + 1, of }, begun: {}, out, resume: false },
      ...{ files: [{ name: "labels.csv", format: "csv", out }], numAll: numRecordings },
    });
    await using _ = output;
    const labels = await output.file("labels.csv", `${part.folder}/labels.csv`);
    await labels!.write(formatRow(["filename", "label"]));
    for (const place of places.subarray(0, size)) {
      const { id } = recordings[place];
      await labels!.write(formatRow([id, "owl"]));
      await part.add(id, place);
    }
    await part.end({ numRecordings: size, standIns: 0 });
    await output.commit();
  }
}

const { recordings, shards, stage, dir } = new Command("bench:scale")
  .option("--recordings <n>", "names", "10000000")
  .option("--shards <n>", "parts", "100")
  .option("--stage <name>", "one stage alone: what the others start")
  .option("--dir <dir>", "folder of the parts")
  .parse(Deno.args, { from: "user" }).opts();
const numRecordings = Number(recordings), of = Number(shards);

if (stage === "prepare") await prepare(numRecordings, of);
else if (stage === "parts") await writeParts(numRecordings, of, `${dir}/s.csv`);
else {
  const folder = await Deno.makeTempDir({ prefix: "melstream-scale-" });
  try {
    const own = ["run", "-A", new URL(import.meta.url).pathname];
    const sizes = ["--recordings", recordings, "--shards", shards, "--dir", folder];
    const main = new URL("../../main.ts", import.meta.url).pathname;
    for (
      const [name, args] of [
        ["before a task's first recording", [...own, ...sizes, "--stage", "prepare"]],
        ["the parts", [...own, ...sizes, "--stage", "parts"]],
        ["merge", ["run", "-A", main, "merge", `${folder}/s.csv.parts`]],
      ] as const
    ) {
      const { seconds, cpuSeconds, megabytes, stderr } = await peakOf(Deno.execPath(), args);
      console.log(stderr.replaceAll(/^\d+\/\d+ .*\n/gm, "").trimEnd());
      console.log(
        `${name.padEnd(44)} ${cpuSeconds.toFixed(1)} s of a processor (${
          seconds.toFixed(0)
        } s by the clock), at most ${megabytes.toFixed(0)} MB\n`,
      );
    }
    const { size } = await Deno.stat(`${folder}/s.csv`);
    console.log(`the merged CSV has ${(size / 1e6).toFixed(0)} MB`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
