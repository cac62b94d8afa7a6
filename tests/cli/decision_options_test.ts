/** Temperature, thresholds and background classes on the command line. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { parse } from "../../deps/std_csv.ts";
import { withFolder, writeTone, writeToneDataset } from "../fixtures.ts";
import { melstream } from "./melstream.ts";

const short = ["--epochs", "2", "--batch-size", "4", "--augment-factor", "0", "--seconds", "0.5"];

Deno.test("train --background-class, predict --unknown, and what is refused", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 5);
    for (let i = 1; i <= 5; i++) await writeTone(`${dir}/data/train/noise/${i}.wav`, 700, i);
    await writeTone(`${dir}/data/test/siren/1.wav`, 2500, "siren");
    const train = (...args: string[]) =>
      melstream(dir, "train", "--data", "data", ...short, ...args);
    const trained = await train("--background-class", "--threshold-precision", "0.9");
    assertStrictEquals(trained.code, 0, trained.stderr);
    assertMatch(trained.stderr, /^calibration error [\d.]+ %, at temperature [\d.]+ [\d.]+ %$/m);
    const misnamed = await train("--background-class", "nosie");
    assertMatch(
      misnamed.stderr,
      /^melstream: Cannot train as --background-class must be one of the classes, high, low, noise: current value is nosie\n$/,
    );

    const predicted = await melstream(
      ...[dir, "predict", "--data", "data/test", "--unknown", "none"] as const,
    );
    assertStrictEquals(predicted.code, 0, predicted.stderr);
    assertMatch(predicted.stderr, /^score +accuracy .* of 7 clips .*\n +calibration error /m);
    assertMatch(
      predicted.stderr,
      /^unknown +[01] of 1 \([\d.]+ %\) clips of other sounds called so; /m,
    );
    const labels = parse(await Deno.readTextFile(`${dir}/submission.csv`)).slice(1)
      .map(([, label]) => label);
    assert(labels.every((label) => ["high", "low", "none"].includes(label)), `${labels}`);

    for (
      const [args, words] of [
        [
          ["--unknown", "low"],
          /--unknown must be a label that is none of the model's: .* is low$/m,
        ],
        [
          ["--unknown", "x", "--raw-probabilities"],
          /cannot be used with option '--unknown <label>'/,
        ],
      ] as const
    ) {
      const refused = await melstream(dir, "predict", "--data", "data/test", ...args);
      assertMatch(refused.stderr, words);
      assertEquals([refused.code, refused.stdout], [1, ""]);
    }

    const events = await melstream(
      ...[dir, "predict", "--data", "data/test", "--window", "0.5", "--unknown", "none"] as const,
    );
    assertStrictEquals(events.code, 0, events.stderr);
    const heard = parse(await Deno.readTextFile(`${dir}/events.csv`)).slice(1);
    const found = heard.map(([, , , label]) => label);
    assert(found.every((label) => label === "high" || label === "low"), `${found}`);
  }));
