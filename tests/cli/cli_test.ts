/** The real commands, each in a process of its own with no more permissions than its task gives it. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { commands } from "../../cli/commands.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";
import { melstream, root } from "./melstream.ts";

Deno.test("every command says what it can do, and what is wrong with an option", async () => {
  for (const command of Object.keys(commands)) {
    const helped = await melstream(root, command, "--help");
    assertMatch(helped.stdout, new RegExp(`^Usage: melstream ${command} `), helped.stderr);
    assertEquals([helped.code, helped.stderr], [0, ""]);
    const refused = await melstream(root, command, "--no-such-option");
    assertMatch(refused.stderr, /^melstream: unknown option '--no-such-option'$/m);
    assertStrictEquals(refused.code, 1);
  }
});

Deno.test("train, predict and features on a folder of recordings", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 5);
    const trained = await melstream(
      dir,
      "train",
      ...["--data", "data", "--epochs", "2", "--batch-size", "4", "--augment-factor", "0"],
    );
    assertStrictEquals(trained.code, 0, trained.stderr);
    assertMatch(trained.stderr, /classes +2: high 4, low 4/);
    assertMatch(trained.stderr, /engine +cpu .* — /);
    assertMatch(trained.stderr, /epoch \d kept: validation accuracy/);
    assert(!trained.stderr.includes("\x1b"), "no colours or cursor codes when piped");

    const out = ["--out", "new/folder/submission.csv"];
    const predicted = await melstream(dir, "predict", "--data", "data", ...out);
    assertStrictEquals(predicted.code, 0, predicted.stderr);
    assertMatch(predicted.stderr, /accuracy .* of 6 clips/);
    const rows = (await Deno.readTextFile(`${dir}/new/folder/submission.csv`)).trimEnd().split(
      "\n",
    );
    assertStrictEquals(rows.length, 7);
    assertMatch(rows[1], /^high\/1\.wav,(high|low)$/);

    const cached = ["--cache", "kept", "--cache-limit", "20MB"];
    for (const words of [/: 0 clips read from it, 6 added$/m, /: 6 clips read from it$/m]) {
      const written = await melstream(
        dir,
        "features",
        ...["--data", "data/test", "--out", "npy", ...cached],
      );
      assertStrictEquals(written.code, 0, written.stderr);
      assertMatch(written.stderr, words);
    }
    const npy = await Deno.readFile(`${dir}/npy/low/2.wav.npy`);
    assertStrictEquals(npy.length, 128 + 4 * 128 * 216);
    assertMatch(new TextDecoder("latin1").decode(npy.subarray(0, 128)), /\(128, 216\), }/);
  }));

Deno.test("labels and groups from a table, folds, and prediction by their models", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    let csv = "filename,label,day\n";
    for (const label of ["low", "high"]) {
      for (let i = 1; i <= 4; i++) csv += `${label}/${i},${label},${i}\n`;
    }
    await Deno.writeTextFile(`${dir}/labels.csv`, csv);
    const trained = await melstream(
      dir,
      "train",
      ...["--data", "data", "--labels", "labels.csv", "--groups", "day", "--folds", "2"],
      ...["--epochs", "1", "--batch-size", "4", "--augment-factor", "0", "--out", "runs/cv"],
    );
    assertStrictEquals(trained.code, 0, trained.stderr);
    assertMatch(trained.stderr, /data, labelled by labels\.csv\n +groups by day: 4\n/);
    assertMatch(trained.stderr, /fold 2 of 2\n/);
    assertMatch(trained.stderr, /all 8 clips, each by the model not trained on it: accuracy/);
    const again = await melstream(dir, "train", "--resume", "runs/cv");
    assertMatch(again.stderr, /^melstream: Cannot resume runs\/cv as it has ended: all folds\n$/);

    await Deno.writeTextFile(`${dir}/truth.csv`, "filename,label\nlow/1,low\nhigh/2,high\n");
    await Deno.rename(`${dir}/data/test`, `${dir}/new`);
    const predicted = await melstream(dir, "predict", "--data", "new", "--labels", "truth.csv");
    assertStrictEquals(predicted.code, 0, predicted.stderr);
    assertMatch(predicted.stderr, /accuracy .* of 6 clips/); // of the others, their folders tell
    assertMatch(predicted.stderr, /model +runs\/cv \(the mean of 2 models/);
    const rows = (await Deno.readTextFile(`${dir}/submission.csv`)).trimEnd().split("\n");
    assertStrictEquals(rows.length, 7);
  }));

Deno.test("features of another shape, from training to prediction", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    const shape = [
      ...["--seconds", "0.5", "--sample-rate", "16000", "--mels", "32", "--fft", "512"],
      ...["--hop", "256"],
    ];
    const features = await melstream(
      dir,
      "features",
      "--data",
      "data/test",
      "--out",
      "a",
      ...shape,
    );
    assertStrictEquals(features.code, 0, features.stderr);
    const npy = new TextDecoder("latin1").decode(await Deno.readFile(`${dir}/a/low/1.wav.npy`));
    assertMatch(npy, /'shape': \(32, 32\)/);
    const options = ["--data", "data", "--epochs", "1", "--batch-size", "4", "--out", "run"];
    const trained = await melstream(dir, "train", ...options, ...shape);
    assertStrictEquals(trained.code, 0, trained.stderr);
    const { frontEnd, network } = JSON.parse(await Deno.readTextFile(`${dir}/run/config.json`));
    assertEquals([frontEnd.maxHz, frontEnd.durationSeconds], [8000, 0.5]);
    assertEquals([network.melBands, network.numFrames], [32, 32]);
    const predicted = await melstream(dir, "predict", "--data", "data", "--model", "run");
    assertMatch(predicted.stderr, /accuracy .* of 6 clips/);
    const inspected = await melstream(dir, "inspect", "data/test/low/1.wav", ...shape);
    assertStrictEquals(inspected.code, 0, inspected.stderr);
    const refused = await melstream(dir, "features", "--data", "data/test", "--max-hz", "20000");
    assertMatch(refused.stderr, /--max-hz must be at most half the sample rate \(11025\)/);
  }));

Deno.test("a network of other widths and pooling is trained, recorded, repeated and asked", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    const options = ["--data", "data", "--epochs", "1", "--batch-size", "4", "--seconds", "0.5"];
    const widths = ["--channels", "4,12,10", "--dense-units", "10", "--backend", "wasm"];
    const network = ["--global-pooling", "mean-max", ...widths];
    const trained = await melstream(dir, "train", ...options, ...network, "--out", "run");
    assertStrictEquals(trained.code, 0, trained.stderr);
    assertMatch(trained.stderr, /cpu \(/);
    const again = await melstream(dir, "train", "--config", "run/config.json", "--out", "again");
    assertStrictEquals(again.code, 0, again.stderr);
    for (const run of ["run", "again"]) {
      const config = JSON.parse(await Deno.readTextFile(`${dir}/${run}/config.json`));
      const { channels, globalPooling, denseUnits } = config;
      assertEquals([channels, globalPooling, denseUnits], [[4, 12, 10], "mean-max", 10]);
      const { weightsManifest: [{ weights }] } = JSON.parse(
        await Deno.readTextFile(`${dir}/${run}/best_model/model.json`),
      );
      const kernels = weights.filter(({ name }: { name: string }) => name.endsWith("/kernel"));
      const shapes = kernels.map(({ shape }: { shape: number[] }) => shape.slice(-2).join());
      assertEquals(shapes, ["1,4", "4,12", "12,10", "10,10", "10,2"]);
    }
    const other = await melstream(dir, "train", "--resume", "run", "--channels", "4,12");
    assertMatch(other.stderr, /Cannot resume run as its channels must be as they were/);
    const predicted = await melstream(dir, "predict", "--data", "data", "--model", "run");
    assertMatch(predicted.stderr, /accuracy .* of 6 clips/);

    const tooMany = [...options, "--channels", Array(9).fill(4).join()];
    const { code, stderr } = await melstream(dir, "train", ...tooMany);
    assertStrictEquals(code, 1);
    assertMatch(
      stderr,
      /--mels must be at least 512 for the network's 9 poolings: current value is 128\n$/,
    );
    for (
      const [option, value] of [
        ["--channels", "32,0"],
        ["--channels", "32,,64"],
        ["--dense-units", "0"],
        ["--backend", "cuda"],
      ]
    ) {
      const { code, stderr } = await melstream(dir, "train", "--data", "data", option, value);
      assertStrictEquals(code, 1, stderr);
      assertMatch(stderr, new RegExp(`'${option} .+' argument '${value}' is invalid`));
    }
  }));

Deno.test("--help names every option with its default", async () => {
  const { code, stdout } = await melstream(root, "train", "--help");
  assertStrictEquals(code, 0);
  for (
    const option of [
      ..."data out epochs batch-size seed workers threads backend augment-factor mixup".split(" "),
      ..."label-smoothing clip-norm learning-rate patience validation-split".split(" "),
      ..."background crop cache cache-limit".split(" "),
      ..."labels groups folds precision channels dense-units".split(" "),
      ..."seconds sample-rate mels fft hop min-hz max-hz".split(" "),
    ]
  ) assertMatch(stdout, new RegExp(`--${option} `));
  assertMatch(stdout, /--spec-augment/);
  assertMatch(stdout.replaceAll(/\s+/g, " "), /passes over the recordings \(default: 60\)/);
});

Deno.test("what is wrong is said in one line, with exit code 1", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 2);
    await Deno.mkdir(`${dir}/one/only`, { recursive: true });
    await Deno.mkdir(`${dir}/empty/a`, { recursive: true });
    await Deno.mkdir(`${dir}/empty/b`, { recursive: true });
    await Deno.writeTextFile(`${dir}/data.zip`, "PK");
    const cases: [string[], RegExp][] = [
      [["train", "--epochs", "many"], /'--epochs <n>' argument 'many' is invalid/],
      [["train", "--epoch", "3"], /unknown option '--epoch'/],
      [
        ["train", "--precision", "float16"],
        /--backend must be webgpu for it: current value is auto/,
      ],
      [["train", "--backend", "cuda"], /'cuda' is invalid.*auto, webgpu, cpu/],
      [
        ["train", "--data", "data", "--augment", "background-noise"],
        /--background must be a fol/,
      ],
      [["train", "--data", "data", "--background", "empty"], /Cannot find a recording in empty/],
      [["train", "--cache", "kept", "--cache-limit", "0"], /It must be a size above 0/],
      [["train", "--crop", "middle"], /'middle' is invalid.*start, random/],
      [["train", "data"], /too many arguments.*\n\(Did you mean --data data\?\)/],
      [["inspect", "--data", "data"], /option '--data'\n\(Did you mean deno task inspect data\?\)/],
      [["listen", "--data=a.wav"], /'--data=a.wav'\n\(Did you mean deno task listen < a\.wav\?\)/],
      [["serve", "--data", "data"], /'--data'\n\(Did you mean deno task serve --root data\?\)/],
      [["export", "--data", "data"], /unknown option '--data'$/m],
      [["predict", "a.wav", "b.wav"], /too many arguments.*b\.wav\.\n$/],
      [["inspect", "missing"], /Cannot read missing: expected a recording.*, saw nothing there$/m],
      [["report", "missing"], /Cannot report on missing as .* must hold config\.json/],
      [["train", "--data", "missing"], /Cannot read missing: expected a folder of recordings/],
      [["train", "--data", "one"], /at least two classes, saw one, only/],
      [["train", "--data", "empty"], /saw none, and no recording in a, b/],
      [["train", "--labels", "a.csv"], /Cannot label .* by a\.csv .* --data is missing/],
      [
        ["train", "--groups", "spk"],
        /a regular expression with one capture group, or content: no lab/,
      ],
      [["train", "--folds", "1"], /'--folds <k>' argument '1' is invalid/],
      [["train", "--folds", "2", "--validation-split", "0.1"], /cannot be used with option/],
      [["train", "--seeds", "2", "--folds", "2"], /cannot be used with option '--folds <k>'/],
      [["train", "--seeds", "2", "--ensemble", "2"], /cannot be used with option '--ensemble/],
      [["predict"], /Cannot find a trained model in runs\/: train one first/],
      [["predict", "--model", "one"], /Cannot find a model in one/],
      [["features", "--data", "one"], /Cannot find a recording in one/],
      [["train", "--data", "data.zip"], /Cannot read data\.zip/],
      [["predict", "--model", "one", "--data", "data.zip"], /Cannot find a model in one/],
      [["train", "--groups", "speaker"], /must be a column of a labels file, .*no labels file is/],
      [
        ["train", "--seconds", "0.1"],
        /--seconds must be at least 0\.349 for .* 512 samples: .* 0\.1$/m,
      ],
      [["train", "--mels", "8"], /--mels must be at least 16 for the network/],
      [
        ["train", "--crop", "random", "--augment-factor", "0"],
        /as --augment-factor must be at least/,
      ],
      [["train", "--warmup", "1"], /a number of at least 0 and below 1/],
      [["train", "--data", "data", "--out", "data/run"], /--out must be outside the folder of the/],
      [
        ["features", "--data", "data", "--out", "data/f"],
        /--out must be outside the folder of the/,
      ],
      [["predict", "--data", "data", "--out", "data/s.csv"], /--out must be outside the folder/],
      [["predict", "--out", "data"], /--out must be a file, not a folder: current value is data/],
      [
        ["predict", "--out", "a.csv", "--probabilities", "./a.csv"],
        /--probabilities must be a place/,
      ],
      [["inspect", "data/a.wav", "--out", "data"], /--out must be a file, not a folder/],
      [["report"], /train one first, or name the folder of a run$/m],
      [["report", "--model", "one"], /unknown option '--model'/],
      [["fly"], /unknown command 'fly'/],
    ];
    for (const [[command, ...args], words] of cases) {
      const { code, stdout, stderr } = await melstream(dir, command, ...args);
      assertStrictEquals(code, 1, `${command} ${args}: ${stderr}`);
      assertMatch(stderr, words);
      assertMatch(stderr, /^melstream: [^\n]*\n(\(Did you mean [^\n]*\n)?$/, stderr);
      assertStrictEquals(stdout, "");
    }
    assertStrictEquals(await Deno.stat(`${dir}/missing`).catch(() => undefined), undefined);
  }));

Deno.test("doctor says what the machine offers", async () => {
  const { code, stdout, stderr } = await melstream(root, "doctor");
  assertStrictEquals(code, 0, stdout + stderr);
  assertMatch(stdout, /^backend +auto takes (cpu|webgpu) \(/m);
  assertMatch(stdout, /^adapter /m);
  assertMatch(
    stdout,
    /^self-test +(no adapter to test|not tested: a software|the adapter.s gradients)/m,
  );
  assertMatch(stdout, /^recordings +[0-9]+ /m);
  assertMatch(stdout, /^ {2}FLAC /m);
});

Deno.test("what the command line says goes before the config, and that before the defaults", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    const shape = "--seconds 0.5 --sample-rate 16000 --mels 32 --fft 512 --hop 256".split(" ");
    const first = await melstream(
      dir,
      "train",
      ...["--data", "data", "--out", "a", "--epochs", "1", "--batch-size", "4", "--seed", "7"],
      ...["--crop", "random", "--validation-split", "0.4", ...shape],
    );
    assertStrictEquals(first.code, 0, first.stderr);
    const again = ["--config", "a/config.json", "--out", "b", "--crop", "start", "--mels", "16"];
    const second = await melstream(dir, "train", ...again, "--seed", "1");
    assertStrictEquals(second.code, 0, second.stderr);
    const { recipe, frontEnd, crop, validationSplit } = JSON.parse(
      await Deno.readTextFile(`${dir}/b/config.json`),
    );
    assertEquals([recipe.epochs, recipe.batchSize, recipe.seed], [1, 4, 1]);
    assertEquals([frontEnd.melBands, frontEnd.hopSamples, frontEnd.maxHz], [16, 256, 8000]);
    assertEquals([crop, validationSplit], ["start", 0.4]);
  }));

Deno.test("a run is gone on with by its folder behind --out, and only as it was begun", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    const shape = "--seconds 0.5 --sample-rate 8000 --mels 16 --fft 256 --hop 128".split(" ");
    const options = ["--data", "data", "--out", "run", "--epochs", "1", "--batch-size", "4"];
    const trained = await melstream(dir, "train", ...options, ...shape);
    assertStrictEquals(trained.code, 0, trained.stderr);
    const ended = await melstream(dir, "train", "--resume", "--out", "run");
    assertMatch(ended.stderr, /^melstream: Cannot resume run as it has ended: all epochs\n$/);
    const other = await melstream(
      dir,
      "train",
      "--resume",
      "run",
      "--seed",
      "2",
      "--crop",
      "random",
    );
    assertMatch(
      other.stderr,
      /^melstream: Cannot resume run as its recipe, crop must be .*: recipe\.seed was 1 and is 2, crop was "start" and is "random"\n$/,
    );
  }));
