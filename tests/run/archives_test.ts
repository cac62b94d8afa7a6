/** A folder and archives of it: the same weights and the same CSV, bit for bit, for any number of workers. */
import { assertEquals } from "@std/assert";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { openCacheFolder } from "../../pipeline/cache/cache_folder.ts";
import { openFolder, openTestFolder } from "../../pipeline/sources/folder.ts";
import { predict } from "../../run/predict.ts";
import { readModel } from "../../run/run_folder.ts";
import { train } from "../../run/train.ts";
import { createTar, createZip, membersBelow } from "../archives.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";

Deno.test("weights and CSV from archives are the folder's, bit for bit, with 1 and 4 workers", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 5);
    await Deno.writeTextFile(`${dir}/data/test/broken.wav`, "no sound");
    const members = await membersBelow(`${dir}/data`), tar = createTar(members);
    await Deno.writeFile(`${dir}/data.zip`, createZip(members));
    await Deno.writeFile(
      `${dir}/stored.zip`,
      createZip(members.map((it) => ({ ...it, method: 0 }))),
    );
    await Deno.writeFile(`${dir}/data.tar`, tar);
    await Deno.writeFile(`${dir}/data.tar.gz`, gzipSync(tar));
    await Deno.writeFile(`${dir}/data.tar.zst`, zstdCompressSync(tar));
    const cache = await openCacheFolder(`${dir}/cache`, 1e9);
    const resultOf = async (name: string, workers: number) => {
      const out = `${dir}/run-${name}-${workers}`;
      await train({
        dataset: await openFolder(`${dir}/${name}`),
        out,
        frontEnd: { ...defaultFrontEnd, durationSeconds: 0.4, melBands: 32 },
        crop: "random",
        backend: "cpu",
        workers,
        cache: name === "data.tar" ? cache : undefined,
        recipe: { epochs: 1, batchSize: 4 },
      });
      const model = await readModel(out), csv = `${out}/submission.csv`;
      const recordings = await openTestFolder(`${dir}/${name}`, model.card.classes);
      const probabilities = `${out}/probabilities.csv`;
      await predict({ model, recordings, out: csv, probabilities, backend: "cpu", workers });
      const skipped = await Deno.readTextFile(`${out}/skipped.csv`);
      return {
        weights: await Deno.readFile(`${out}/best_model/weights.bin`),
        csv: await Deno.readTextFile(csv) + await Deno.readTextFile(probabilities),
        skipped: skipped.replaceAll(`${dir}/${name}/`, ""),
        fingerprint: JSON.parse(await Deno.readTextFile(`${out}/config.json`)).fingerprint,
      };
    };
    const expected = await resultOf("data", 1);
    for (const workers of [1, 4]) {
      for (const name of ["data.zip", "data.tar", "data.tar.gz"]) {
        assertEquals(await resultOf(name, workers), expected, name);
      }
    }
    for (const name of ["stored.zip", "data.tar.zst"]) {
      assertEquals(await resultOf(name, 4), expected, name);
    }
  }));
