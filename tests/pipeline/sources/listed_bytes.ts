/** Lists so many recordings of two classes and says how many bytes each takes: to be run with `--expose-gc`. */
import { fileLocation } from "../../../pipeline/locations/location.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import type { FolderReader } from "../../../pipeline/sources/folder_reader.ts";

const numRecordings = Number(Deno.args[0]);
const { gc } = globalThis as unknown as { gc(): void };

/** A folder that is nowhere: `/data/low/*.wav` and `/data/high/*.wav`. */
const reader: FolderReader = {
  async *readDir(dir) {
    const entry = { isFile: dir !== "/data", isDirectory: dir === "/data", isSymlink: false };
    if (dir === "/data") { for (const name of ["low", "high"]) yield { name, ...entry }; }
    else for (let i = 0; i < numRecordings / 2; i++) yield { name: `take ${i}.wav`, ...entry };
  },
  stat: () => Promise.reject(new Deno.errors.NotFound()),
  realPath: (path) => Promise.resolve(path),
  readStart: () => Promise.resolve(new Uint8Array()),
  locationOf: fileLocation,
};

gc();
const before = Deno.memoryUsage().heapUsed, { train } = await openFolder("/data", reader);
gc();
const bytes = (Deno.memoryUsage().heapUsed - before) / train.length;
console.log(JSON.stringify({
  recordings: train.length,
  labelLists: new Set(train.map(({ labels }) => labels)).size,
  bytes,
}));
