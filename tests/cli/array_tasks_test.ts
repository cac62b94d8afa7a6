/** Shards by the real commands, as a scheduler starts them, and the codes that they end with. */
import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { withFolder, writeToneDataset } from "../fixtures.ts";
import { melstream, melstreamWith, type Outcome } from "./melstream.ts";

const batch = (index: number, size: number) => ({
  AWS_BATCH_JOB_ARRAY_INDEX: `${index}`,
  AWS_BATCH_JOB_ARRAY_SIZE: `${size}`,
});

function checkCode({ code, stderr }: Outcome, expected: number): void {
  assertStrictEquals(code, expected, stderr);
}

Deno.test("folds and predictions of an array's tasks, merged; what stands in ends with code 2", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const recipe = "--epochs 1 --batch-size 4 --augment-factor 0 --seconds 0.5 --mels 16";
    const train = ["--data", "data", "--folds", "2", "--out", "cv", ...recipe.split(" ")];
    for (const index of [0, 1]) {
      const trained = await melstreamWith(
        batch(index, 2),
        dir,
        "train",
        ...[...train, "--shard", "auto", "--resume"],
      );
      checkCode(trained, 0);
      assertMatch(trained.stderr, new RegExp(`^fold ${index + 1} of 2$`, "m"));
      assertMatch(trained.stderr, /when all 2 folds are there: deno task merge cv$/m);
    }
    const joined = await melstream(dir, "merge", "cv");
    checkCode(joined, 0);
    assertMatch(joined.stderr, /all 8 clips, each by the model not trained on it: accuracy/);

    await Deno.writeTextFile(`${dir}/data/test/low/4.wav`, "no sound");
    const predict = ["--data", "data", "--model", "cv", "--backend", "cpu"];
    const whole = await melstream(dir, "predict", ...predict, "--out", "whole.csv");
    checkCode(whole, 2);
    const part = (shard: string, ...more: string[]) =>
      melstreamWith(batch(0, 2), dir, "predict", ...predict, "--shard", shard, ...more);
    const parts = [await part("auto"), await part("2/2")];
    assertMatch(parts[0].stderr, /^recordings \d of 7, shard 1 of 2$/m);
    assertMatch(
      parts[0].stderr,
      /\d rows? in submission\.csv\.parts\/1-of-2; when all 2 parts are/,
    );
    assertEquals(parts.map(({ code }) => code).sort(), [0, 2]); // one of them has the clip
    const again = await part("auto", "--resume");
    assertMatch(again.stderr, /^submission\.csv\.parts\/1-of-2 is whole already: kept$/m);
    checkCode(again, parts[0].code);
    const merged = await melstream(dir, "merge", "submission.csv.parts");
    checkCode(merged, 2);
    assertMatch(merged.stderr, /^7 recordings of 2 parts in submission\.csv$/m);
    const score = /^score .* of 6 clips whose label is known\n.*calibration error .*$/m;
    assertStrictEquals(score.exec(merged.stderr)![0], score.exec(whole.stderr)![0]);
    const [submission, expected] = await Promise.all(
      ["submission.csv", "whole.csv"].map((name) => Deno.readTextFile(`${dir}/${name}`)),
    );
    assertStrictEquals(submission, expected);

    const refused: [Promise<Outcome>, RegExp][] = [
      [
        melstream(dir, "train", ...train, "--shard", "1/3"),
        /--shard must be one of as many as there are folds, 2/,
      ],
      [melstream(dir, "train", "--shard", "1/2"), /--folds must be 2, the number of shards/],
      [
        melstream(dir, "train", "--folds", "2", "--shard", "1/2", "--resume"),
        /--out must be named, the same for all shards/,
      ],
      [melstream(dir, "merge", "cv", "--out", "x"), /--out must be left out, as the folds of/],
    ];
    for (const [outcome, words] of refused) {
      const { code, stderr } = await outcome;
      assertStrictEquals(code, 1, stderr);
      assertMatch(stderr, words);
    }
  }));

Deno.test("trials of an array's tasks, a rung ended by merge, which names what is missing and what is next", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    const recipe = "--epochs 2 --batch-size 4 --augment-factor 0 --seconds 0.5 --mels 16";
    const search = "--data data --out search --trials 2 --keep 2 --backend cpu --shard auto";
    const task = (index: number) =>
      melstreamWith(batch(index, 2), dir, "tune", ...`${search} ${recipe}`.split(" "));
    const first = await task(0);
    checkCode(first, 0);
    assertMatch(first.stderr, /^ {3}1 {6}1 {7}1 .* % .* learning-rate 0\.001/m);
    const then = /when all are there: deno task merge search$/m;
    assertMatch(first.stderr, /^1 run of rung 1 left to other shards; /m);
    assertMatch(first.stderr, then);
    const early = await melstream(dir, "merge", "search");
    checkCode(early, 1);
    assertMatch(early.stderr, /Cannot end rung 1 of search .*: not rung-1\/trial-02$/m);
    assertMatch((await task(1)).stderr, /^all runs of rung 1 are there: deno task merge search$/m);
    const merged = await melstream(dir, "merge", "search/");
    checkCode(merged, 0);
    assertMatch(merged.stderr, /^rung 2 is next, of [12] trials?: (1|2, 1)$/m);
    const refused = await melstream(dir, "merge", "search", "--out", "x");
    checkCode(refused, 1);
    assertMatch(refused.stderr, /--out must be left out, as the trials of a search are joined/);
  }));
