/** The commands on a backbone, with the permissions of their tasks. */
import { assertEquals, assertMatch } from "@std/assert";
import { createOnnx } from "../../export/export.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { createModel } from "../export/models.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";
import { melstream } from "./melstream.ts";

Deno.test("train, predict, embed and search take a backbone and say what they make of it", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 6);
    const frontEnd = { ...defaultFrontEnd, sampleRateHz: 8000, maxHz: 4000, durationSeconds: 0.5 };
    const model = await createModel({ ...frontEnd, melBands: 32 });
    await Deno.writeFile(`${dir}/net.onnx`, await createOnnx(model, { embedding: true }));
    const run = (command: string, ...args: string[]) => melstream(dir, command, ...args);
    const backbone = ["--backbone", "net.onnx"], data = ["--data", "data"];
    const asked = await run("train", ...data, ...backbone, "--workers", "1");
    assertEquals(asked.code, 1);
    assertMatch(
      asked.stderr,
      /^melstream: Cannot use net\.onnx .*net\.json beside it has to say it.*\n$/,
    );
    await Deno.writeTextFile(`${dir}/net.json`, '{"rateHz":8000,"seconds":0.5,"notice":"be kind"}');
    const trained = await run("train", ...data, ...backbone, "--workers", "1");
    assertEquals(trained.code, 0, trained.stderr);
    const [made] = await Array.fromAsync(Deno.readDir(`${dir}/runs`));
    const config = await Deno.readTextFile(`${dir}/runs/${made.name}/config.json`);
    assertEquals(JSON.parse(config).recipe.augmentFactor, 0);
    assertMatch(
      trained.stderr,
      /backbone {3}net, 16 numbers a clip, as net\.json says \(licence: not said\)/,
    );
    assertMatch(trained.stderr, /be kind\n[^]* 9\/9 .* L2 0\.03\b/);
    const labelled = await run("predict", ...data, "--workers", "1");
    assertMatch(labelled.stderr, /6 rows in submission\.csv/);
    const embedded = await run("embed", ...data, ...backbone, "--workers", "1");
    assertMatch(embedded.stderr, /\[18, 16\] in embeddings\.npy, whose rows embeddings\.csv names/);
    const like = ["--like", "data/train/high/1.wav", "--label", "high", "--review", "review"];
    const found = await run(
      "search",
      ...data,
      ...backbone,
      ...like,
      "--workers",
      "1",
      "--top",
      "4",
    );
    assertMatch(
      found.stderr,
      /4 matches of 6 windows in matches\.csv[^]*review\/review\.html \(4 segments, the nearest first\)\n.*train --data review --labels review\/labels\.csv --backbone net\.onnx --seconds 0\.5\n$/,
    );
    assertMatch(await Deno.readTextFile(`${dir}/matches.csv`), /label,probability\n\S*high/);
    const stored = ["--embeddings", "embeddings.npy", "--out", "again.csv"];
    const again = await run("search", ...data, ...backbone, ...like.slice(0, 4), ...stored);
    assertMatch(
      again.stderr,
      /from embeddings\.npy, of 18 recordings\n[^]*18 matches of 18 windows/,
    );
    assertMatch(
      await Deno.readTextFile(`${dir}/again.csv`),
      /probability\ntrain\/high\/1\.wav,0,0\.5,high,1\.0/,
    );
  }));
