/** A folder, and what it is elsewhere: the same weights and CSV, bit for bit, for any number of workers. */
import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describeLocation } from "../../pipeline/locations/location.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { openCacheFolder } from "../../pipeline/cache/cache_folder.ts";
import { openDataset } from "../../pipeline/sources/open_dataset.ts";
import { openTestFolder } from "../../pipeline/sources/open_recordings.ts";
import { predict } from "../../run/prediction/predict.ts";
import { readModel } from "../../run/run_folder.ts";
import { train } from "../../run/training/train.ts";
import { writeShards } from "../../run/webdataset/write_shards.ts";
import { serveFiles } from "../file_server.ts";
import { serveBucket, withAccess } from "../s3_server.ts";
import { createTar, createZip, membersBelow } from "../archives.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";

Deno.test("weights and CSV from archives, manifests, servers, a bucket and shards are the folder's, bit for bit", () =>
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
    const { train: trained, test } = await openDataset({ dir: `${dir}/data` });
    const rows = [...trained, ...test].map(({ id, labels, location }) => {
      const path = describeLocation(location).slice(dir.length + 1);
      return [path, id, labels, path.split("/")[1]].join(",");
    });
    await Deno.writeTextFile(`${dir}/list.csv`, ["path,id,label,split", ...rows].join("\n"));
    await using server = serveFiles({ find: (path) => Deno.readFile(`${dir}${path}`) });
    const urls = rows.map((row) => `${server.url}/${row}`);
    await Deno.writeTextFile(`${dir}/urls.csv`, ["path,id,label,split", ...urls].join("\n"));
    const samples = [
      ...trained.map((recording) => ({ recording, split: "train" } as const)),
      ...test.map((recording) => ({ recording, split: "test" } as const)),
    ];
    const shardsOut = `${dir}/shards-%02d.tar`;
    const { shards } = await writeShards({
      ...{ samples, classes: ["high", "low"], out: shardsOut, shardSize: 40_000, seed: 1 },
    });
    assert(shards.length > 2);
    const objects = new Map(members.map(({ name, bytes }) => [`${name}`, bytes!]));
    await using bucket = serveBucket({ objects });
    const cache = await openCacheFolder(`${dir}/cache`, 1e9);
    const pathOf = (name: string) => name.includes("://") ? name : `${dir}/${name}`;
    let numRuns = 0;
    const resultOf = async (name: string, workers: number) => {
      const columns = name.endsWith(".csv") ? { idColumn: "id" } : {};
      const out = `${dir}/run-${numRuns++}`, path = pathOf(name);
      await train({
        dataset: await openDataset({ dir: path, ...columns }),
        out,
        frontEnd: { ...defaultFrontEnd, durationSeconds: 0.4, melBands: 32 },
        crop: "random",
        backend: "cpu",
        workers,
        cache: name === "data.tar" || name === "urls.csv" ? cache : undefined,
        recipe: { epochs: 1, batchSize: 4 },
      });
      const model = await readModel(out), csv = `${out}/submission.csv`;
      const { classes } = model.card;
      const recordings = await openTestFolder(path, classes, () => {}, columns);
      const probabilities = `${out}/probabilities.csv`;
      await predict({ model, recordings, out: csv, probabilities, backend: "cpu", workers });
      const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
      const skipped = await Deno.readTextFile(`${out}/skipped.csv`);
      return {
        // Hashed, as thousands of numbers that differ are nothing to look at.
        weights: createHash("sha256").update(await Deno.readFile(`${out}/best_model/weights.bin`))
          .digest("hex"),
        csv: await Deno.readTextFile(csv) + await Deno.readTextFile(probabilities),
        skipped: skipped.replace(/decode \S+?(:? )/, "decode it$1"),
        fingerprint: name.startsWith("data") ? config.fingerprint : "",
      };
    };
    const expected = await resultOf("data", 1);
    for (const workers of [1, 4]) {
      for (const name of ["data.zip", "data.tar", "data.tar.gz"]) {
        assertEquals(await resultOf(name, workers), expected, name);
      }
    }
    assertEquals(await resultOf("data.tar.zst", 4), expected);
    // What lies on servers is not read to tell it from what was there before.
    const elsewhere = { ...expected, fingerprint: "" };
    for (const name of ["stored.zip", "list.csv", `${server.url}/data.zip`]) {
      assertEquals(await resultOf(name, 4), elsewhere, name);
    }
    const numbered = `shards-{00..0${shards.length - 1}}.tar`;
    await withAccess({ AWS_ENDPOINT_URL: bucket.url }, async () => {
      for (const name of ["urls.csv", "s3://clips", numbered]) {
        for (const workers of [1, 4]) {
          assertEquals(await resultOf(name, workers), elsewhere, `${name}, ${workers}`);
        }
      }
    });
  }));
