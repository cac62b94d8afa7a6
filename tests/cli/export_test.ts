/** `export` with no more permissions than its task gives it, and what it says where it cannot. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { parse } from "../../deps/std_csv.ts";
import { dirname } from "../../deps/std_path.ts";
import { encodeModel, type SavedModel } from "../../model/saved_model.ts";
import { decodeFile } from "../../pipeline/decode/decode_file.ts";
import { openFolder } from "../../pipeline/sources/folder.ts";
import { defaultFrontEnd, type FrontEnd } from "../../pipeline/front_end.ts";
import { writeModel } from "../../run/run_folder.ts";
import { trainFolds } from "../../run/training/train_folds.ts";
import { createModel } from "../export/models.ts";
import { openOnnx } from "../export/run_onnx.ts";
import { withFolder, writeTone, writeToneDataset } from "../fixtures.ts";
import { melstream } from "./melstream.ts";

const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };

async function saveModel(dir: string, model: SavedModel): Promise<void> {
  await Deno.mkdir(dirname(dir), { recursive: true });
  await writeModel(dir, encodeModel(model));
}

Deno.test("export: an ONNX file that says of recordings what predict says", () =>
  withFolder(async (dir) => {
    await saveModel(`${dir}/run/best_model`, await createModel(frontEnd));
    for (const [i, seconds] of [0.2, 0.5, 0.9].entries()) {
      const sampleRateHz = frontEnd.sampleRateHz;
      await writeTone(`${dir}/clips/${i}.wav`, 300 + 400 * i, i, { sampleRateHz, seconds });
    }
    const exported = await melstream(dir, "export", "--model", "run", "--out", "new/m.onnx");
    assertEquals(exported, {
      code: 0,
      stdout: "",
      stderr: "model      run (3 classes)\n" +
        "new/m.onnx (0.7 MB): waveform [batch, samples] at 22050 Hz → probabilities [batch, 3]\n",
    });
    const predicted = await melstream(
      dir,
      "predict",
      ...["--model", "run", "--data", "clips", "--backend", "cpu", "--probabilities", "p.csv"],
    );
    assertStrictEquals(predicted.code, 0, predicted.stderr);
    const [, ...rows] = parse(await Deno.readTextFile(`${dir}/p.csv`));
    assertStrictEquals(rows.length, 3);
    await using graph = await openOnnx(await Deno.readFile(`${dir}/new/m.onnx`));
    for (const [name, ...expected] of rows) {
      const { samples } = await decodeFile(`${dir}/clips/${name}`);
      const { values } = await graph.run([samples]);
      values.forEach((value, i) => assert(Math.abs(value - Number(expected[i])) < 1e-5, name));
    }
  }));

Deno.test("export: features and safetensors go where nothing is named, of the newest run", () =>
  withFolder(async (dir) => {
    await saveModel(`${dir}/runs/a/best_model`, await createModel(frontEnd));
    const features = await melstream(dir, "export", "--features-only");
    assertMatch(features.stderr, /^features\.onnx \(0\.7 MB\): .+ → features \[batch, 32, 22\]$/m);
    await using graph = await openOnnx(await Deno.readFile(`${dir}/features.onnx`));
    assertEquals((await graph.run([new Float32Array(9)])).shape, [1, 32, 22]);
    const weights = await melstream(dir, "export", "--format", "safetensors");
    assertMatch(weights.stderr, /^model\.safetensors \(0\.0 MB\): the weights, under PyTorch's/m);
    assertEquals([features.code, weights.code], [0, 0]);
  }));

Deno.test("export: a page in a folder of its own, and in no other", () =>
  withFolder(async (dir) => {
    await saveModel(`${dir}/runs/a/best_model`, await createModel(frontEnd));
    const page = await melstream(dir, "export", "--format", "html");
    assertMatch(
      page.stderr,
      /^page \(\d\.\d MB\): a page to try the model with: open index\.html in it/m,
    );
    assertStrictEquals(page.code, 0);
    const names = (await Array.fromAsync(Deno.readDir(`${dir}/page`))).map(({ name }) => name);
    assertEquals(names.sort(), ["app.js", "index.html", "model.js", "style.css", "threads.js"]);
    const html = await Deno.readTextFile(`${dir}/page/index.html`);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    assertEquals(addresses, ["data:,", "style.css", "threads.js", "model.js", "app.js"]);
    assertMatch(
      html,
      /Content-Security-Policy" content="default-src 'none'; script-src 'self' file: blob:/,
    );
    const again = await melstream(dir, "export", "--format", "html");
    assertMatch(
      again.stderr,
      /^melstream: Cannot write page as it must be a new folder or an empty one/,
    );
    const features = await melstream(dir, "export", "--format", "html", "--features-only");
    assertMatch(features.stderr, /--format must be onnx: current value is html$/m);
  }));

Deno.test("export: one line says what it cannot do, and nothing is written", () =>
  withFolder(async (dir) => {
    const model = await createModel(frontEnd), { card } = model;
    const golden = { ...card.golden, probabilities: card.golden.probabilities.map((p) => 1 - p) };
    await saveModel(`${dir}/runs/good/best_model`, model);
    await saveModel(`${dir}/other`, { ...model, card: { ...card, golden } });
    await Deno.mkdir(`${dir}/folder`);
    await Deno.writeTextFile(`${dir}/file`, "");
    await writeToneDataset(`${dir}/data`, 4);
    await trainFolds({
      ...{ dataset: await openFolder(`${dir}/data`), out: `${dir}/cv`, folds: 2, frontEnd },
      ...{ backend: "cpu", workers: 1, recipe: { epochs: 1, batchSize: 4, augmentFactor: 0 } },
    });
    for (
      const [words, message] of [
        [
          ["--format", "tflite"],
          /'tflite' is invalid\. Allowed choices are onnx, safetensors, html\.$/,
        ],
        [["--out", "folder"], /--out must be a file, not a folder: current value is folder$/],
        [
          ["--out", "file/m.onnx"],
          /--out must be in a folder, not below a file: current value is file\/m\.onnx$/,
        ],
        [["--model", "folder"], /Cannot find a model in folder: expected best_model\/model\.json/],
        [["--model", "other"], /golden probabilities must come out within 0\.01 here/],
        [["--format", "safetensors", "--features-only"], /--format must be onnx: current value is/],
        [
          ["--model", "cv", "--format", "safetensors"],
          /--model must be one model, such as cv\/fold-1: current value is cv, which has 2$/,
        ],
      ] as const
    ) {
      const { code, stdout, stderr } = await melstream(dir, "export", ...words);
      assertEquals([code, stdout], [1, ""], stderr);
      assertMatch(stderr, /^melstream: [^\n]+\n$/);
      assertMatch(stderr.trimEnd(), message);
    }
    const left = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);
    assertEquals(left.sort(), ["cv", "data", "file", "folder", "other", "runs"]);
    const mean = await melstream(dir, "export", "--model", "cv");
    assertMatch(mean.stderr, /^model {6}cv \(2 classes, the mean of 2 models\)$/m);
    await using graph = await openOnnx(await Deno.readFile(`${dir}/model.onnx`));
    assertEquals((await graph.run([new Float32Array(9)])).shape, [1, 2]);
  }));
