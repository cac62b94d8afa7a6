import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { createRandom } from "../../../pipeline/random.ts";
import { fitScores } from "../../../model/scores/fit_scores.ts";
import { ScoreSample } from "../../../model/scores/score_sample.ts";

const classes = ["a", "b", "c"], task = "one-label" as const;

/** A sample of clips that are right as often as not, whatever is stated, some of them in groups. */
function sampleOf(
  numClips: number,
  stated: number,
  share: number,
  groupOf = (_: number): string | undefined => undefined,
): ScoreSample {
  const random = createRandom("clips"), sample = new ScoreSample({ task, classes });
  for (let i = 0; i < numClips; i++) {
    const truth = i % 3, named = random.next() < share ? truth : (truth + 1) % 3;
    const probabilities = classes.map((_, k) => k === named ? stated : (1 - stated) / 2);
    sample.add({ id: `${i}`, labels: [classes[truth]], group: groupOf(i), probabilities });
  }
  return sample;
}

Deno.test("a modest model becomes as sure as it is right, on clips that it was not fitted to", () => {
  const { scores, calibration, perClass, kept } = fitScores(sampleOf(600, 0.5, 0.9).rows, {
    task,
    classes,
  })!;
  assert(scores.temperature < 0.6, `${scores.temperature}`);
  assert(calibration!.expectedError < 0.06, `${calibration!.expectedError}`);
  assertStrictEquals(calibration!.bins.reduce((sum, { count }) => sum + count, 0), 600);
  assertEquals(perClass.map(({ support }) => support), [200, 200, 200]);
  assert(kept! > 0.99);
});

Deno.test("a half is measured by what the other half says", () => {
  // Those of one group are right, those of the other wrong: each half is told the opposite of itself.
  const sample = new ScoreSample({ task, classes });
  for (let i = 0; i < 100; i++) {
    const right = i % 2 === 0, probabilities = right ? [0.8, 0.1, 0.1] : [0.1, 0.8, 0.1];
    sample.add({ id: `${i}`, labels: ["a"], group: `${right}`, probabilities });
  }
  const { calibration } = fitScores(sample.rows, { task, classes })!;
  assert(calibration!.expectedError > 0.6, `${calibration!.expectedError}`);
});

Deno.test("halves are alike in their labels and hold whole groups", () => {
  const { rows } = sampleOf(60, 0.5, 1, (i) => i < 30 ? `${Math.floor(i / 6)}` : undefined);
  for (let i = 0; i < 30; i++) assertStrictEquals(rows[i].half, rows[i - i % 6].half);
  for (let k = 0; k < 3; k++) {
    const halves = rows.slice(30).filter(({ truths }) => truths[k]).map(({ half }) => half);
    assert(Math.abs(halves.filter((half) => half === 0).length - 5) <= 1, `${halves}`);
  }
});

Deno.test("a background class is never believed; foreign clips count against every class", () => {
  const sample = sampleOf(60, 0.8, 1);
  for (let i = 0; i < 60; i++) {
    sample.add({ id: "x", labels: ["elsewhere"], probabilities: [0.9, 0.06, 0.04] });
  }
  const options = { task, classes, backgroundClasses: ["b"] };
  const { scores, perClass } = fitScores(sample.rows, options)!;
  assertStrictEquals(scores.thresholds[1], null);
  assertEquals(fitScores(sample.rows, { ...options, precision: 0.99 })!.unreached, ["a"]);
  assertEquals([perClass[1].predicted, perClass[1].recall], [0, 0]);
  assertEquals([perClass[0].predicted, perClass[0].precision], [80, 0.25]);
});

Deno.test("of very many clips a fair sample is kept, the same for the same seed", () => {
  const many = Array.from({ length: 1000 }, (_, i) => `${i}`);
  const sample = () => {
    const sample = new ScoreSample({ task: "several-labels", classes: many, seed: 3 });
    for (let i = 0; i < 8000; i++) {
      const probabilities = new Float32Array(1000).fill(i / 8000);
      sample.add({ id: "", labels: [], probabilities });
    }
    return sample.rows.map(({ probabilities }) => probabilities[0]);
  };
  const kept = sample(), mean = kept.reduce((sum, p) => sum + p, 0) / kept.length;
  assertStrictEquals(kept.length, 2000);
  assert(Math.abs(mean - 0.5) < 0.03, `${mean}`);
  assertEquals(sample(), kept);
});

Deno.test("without clips, or with none that counts, there are no scores", () => {
  const sample = new ScoreSample({ task, classes });
  sample.add({ id: "1", labels: ["a"], probabilities: [NaN, 0, 0] });
  sample.add({ id: "2", labels: [], probabilities: [1, 0, 0] });
  assertStrictEquals(fitScores(sample.rows, { task, classes }), undefined);
  sample.add({ id: "3", labels: ["a"], probabilities: [0.8, 0.1, 0.1] });
  const { scores, calibration } = fitScores(sample.rows, { task, classes })!;
  assert(scores.temperature > 1, "one clip does not make a model 80 % sure");
  assertStrictEquals(calibration!.meanConfidence, Math.fround(0.8), "no other half: as stated");
});
