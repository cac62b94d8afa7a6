/** Shards of what lies on a server: their parts join to what one process writes. */
import { assertStrictEquals } from "@std/assert";
import { openRecordings } from "../../../pipeline/sources/open_recordings.ts";
import { predict } from "../../../run/prediction/predict.ts";
import { mergeParts } from "../../../run/shards/merge_parts.ts";
import { serveFiles } from "../../file_server.ts";
import { encodeWav, withFolder } from "../../fixtures.ts";
import { noise } from "../../pipeline/dsp/signals.ts";
import { createUntrainedModel, machine } from "../untrained_model.ts";

const table = new URL("../../vectors/parquet/audio.parquet", import.meta.url).pathname;

Deno.test("a manifest of addresses and a Parquet table on a server, by shards and by one process", () =>
  withFolder(async (dir) => {
    const model = await createUntrainedModel(1), sounds = new Map<string, Uint8Array>();
    for (let i = 0; i < 6; i++) sounds.set(`/${i}.wav`, encodeWav(noise(4000, i), 8000));
    await using server = serveFiles({
      find: (path) => path === "/audio.parquet" ? Deno.readFile(table) : sounds.get(path),
      faultOf: (path, count) => path === "/3.wav" && count === 1 ? "cut" : undefined,
    });
    const lines = [...sounds.keys()].map((path) => `${path.slice(1)},${server.url}${path}`);
    await Deno.writeTextFile(`${dir}/manifest.csv`, `id,path\n${lines.join("\n")}\n`);
    const sources = [
      { data: `${dir}/manifest.csv`, columns: { idColumn: "id" } },
      { data: `${server.url}/audio.parquet`, columns: {} },
    ];
    for (const [i, { data, columns }] of sources.entries()) {
      const list = () => openRecordings(data, () => {}, columns);
      const options = { ...machine, model, batchSize: 2 };
      const whole = `${dir}/${i}/whole/s.csv`, parts = `${dir}/${i}/parts/s.csv`;
      const { rows } = await predict({ ...options, recordings: await list(), out: whole });
      assertStrictEquals(rows, 6);
      for (const index of [1, 2]) {
        // Each is a process of its own, which lists for itself.
        await predict({
          ...{ ...options, recordings: await list(), out: parts, shard: { index, of: 2 } },
        });
      }
      await mergeParts([`${parts}.parts`]);
      assertStrictEquals(await Deno.readTextFile(parts), await Deno.readTextFile(whole));
    }
  }));
