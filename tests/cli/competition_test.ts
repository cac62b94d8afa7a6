/** A competition's zip and tables as they are: no hand edits, no script. */
import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { createZip, membersBelow } from "../archives.ts";
import { withFolder, writeTone } from "../fixtures.ts";
import { melstream } from "./melstream.ts";

Deno.test("a competition: its zip, its table with columns of its own, its sample submissions", () =>
  withFolder(async (dir) => {
    const table = ["id,author,species"];
    for (const [species, frequencyHz] of [["owl", 300], ["tit", 1500]] as const) {
      for (let i = 1; i <= 5; i++) {
        const id = `${species[0]}${i}`;
        await writeTone(`${dir}/all/train/${id}.wav`, frequencyHz, id);
        table.push(`${id},x;y,${species}`);
      }
      await writeTone(`${dir}/all/test/${species}-9.wav`, frequencyHz, "test");
    }
    await Deno.writeTextFile(`${dir}/all/train.csv`, table.join("\n"));
    const sample = "row,species\ntit-9,owl\nlost-1,owl\nowl-9,owl\n";
    for (const folder of [dir, `${dir}/all`]) {
      await Deno.writeTextFile(`${folder}/sample.csv`, sample);
    }
    await Deno.writeFile(`${dir}/all.zip`, createZip(await membersBelow(`${dir}/all`)));
    await Deno.writeTextFile(`${dir}/shares.csv`, "id,tit,owl\nowl-9.wav,0,0\ntit-9.wav,0,0\n");

    const columns = ["--file-column", "id", "--label-column", "species"];
    const quick = [
      "--epochs",
      "1",
      "--batch-size",
      "4",
      "--augment-factor",
      "0",
      "--seconds",
      "0.5",
    ];
    const labels = ["--data", "all.zip", "--labels", "all.zip/train.csv"];
    const trained = await melstream(dir, "train", ...labels, ...columns, ...quick, "--out", "run");
    assertStrictEquals(trained.code, 0, trained.stderr);
    assertMatch(trained.stderr, /classes +2: owl 4, tit 4/);
    const config = JSON.parse(await Deno.readTextFile(`${dir}/run/config.json`));
    assertEquals(config.columns, { fileColumn: "id", labelColumn: "species" });
    const again = ["--config", "run/config.json", "--epochs", "1", "--out", "again"];
    const repeated = await melstream(dir, "train", ...again);
    assertStrictEquals(repeated.code, 0, repeated.stderr);
    assertEquals(
      await Deno.readFile(`${dir}/again/best_model/weights.bin`),
      await Deno.readFile(`${dir}/run/best_model/weights.bin`),
    );

    const model = ["--data", "all.zip", "--model", "run"];
    const predicted = await melstream(dir, "predict", ...model, "--template", "all.zip/sample.csv");
    assertStrictEquals(predicted.code, 2, predicted.stderr);
    assertMatch(predicted.stderr, /rows of the template without a recording, .* lost-1: 1/);
    const lines = (await Deno.readTextFile(`${dir}/submission.csv`)).split("\n");
    assertEquals(lines.map((line) => line.split(",")[0]), ["row", "tit-9", "lost-1", "owl-9", ""]);
    assertMatch(await Deno.readTextFile(`${dir}/skipped.csv`), /lost-1,.*saw nothing there/);

    const shares = [...model, "--template", "shares.csv", "--out", "shares-out.csv"];
    const asked = await melstream(dir, "predict", ...shares);
    assertStrictEquals(asked.code, 0, asked.stderr);
    const [header, ...rows] = (await Deno.readTextFile(`${dir}/shares-out.csv`)).trim().split("\n");
    assertStrictEquals(header, "id,tit,owl");
    for (const [i, row] of rows.entries()) {
      const [id, tit, owl] = row.split(",");
      assertStrictEquals(id, ["owl-9.wav", "tit-9.wav"][i]);
      assertStrictEquals(Math.round(1e6 * (Number(tit) + Number(owl))), 1e6);
    }

    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [["--template", "sample.csv", "--out", "sample.csv"], /another file than the template/],
      [["--template", "sample.csv", "--window", "1"], /--template must be left out/],
      [["--file-column", "id"], /--file-column must be left out, as no table is named/],
    ];
    for (const [options, words] of refusals) {
      const refused = await melstream(dir, "predict", ...model, ...options);
      assertMatch(refused.stderr, words);
      assertStrictEquals(refused.code, 1);
    }
  }));
