import { assertMatch, assertNotMatch } from "@std/assert";
import { createTextNarrator } from "../../cli/train_narrator.ts";
import { planEpochs, planRun } from "../../model/epoch_plan.ts";
import type { Evaluation } from "../../model/evaluation/evaluation.ts";
import { defaultRecipe } from "../../model/recipe.ts";
import { fitScores } from "../../model/scores/fit_scores.ts";
import { ScoreSample } from "../../model/scores/score_sample.ts";
import { createStageMs } from "../../pipeline/stage_ms.ts";
import type {
  EnsembleResult,
  FoldsResult,
  HistoryRow,
  RunStart,
  TrainResult,
} from "../../run/training/train_events.ts";
import type { Queues } from "../../workers/feature_pool.ts";
import { evaluateOne, evaluateSeveral, outcome } from "../model/evaluation/evaluate_rows.ts";

const start: RunStart = {
  out: "runs/one",
  data: "recordings",
  notes: [],
  task: "one-label",
  classCounts: { a: 4, b: 4 },
  numTrain: 8,
  numValidation: 0,
  recipe: defaultRecipe,
  plan: planEpochs(defaultRecipe, 8),
  engine: "cpu",
  engineReason: "no GPU",
  workers: 1,
};

const row: HistoryRow = {
  epoch: 1,
  loss: 0.5,
  accuracy: 0.75,
  learningRate: 0.001,
  clipsPerSecond: 30,
  seconds: 2,
  waitShare: 0.1,
};

const resultOf = (best: Evaluation): TrainResult => ({
  out: "runs/one",
  classes: ["a", "b"],
  bestEpoch: 1,
  best,
  scores: null,
  highest: null,
  nearestMeanAccuracy: null,
  refit: null,
  epochs: 1,
  passes: 1,
  ended: "all epochs",
  skipped: 0,
  seconds: 2,
  stageMs: createStageMs(),
});

const foldsOf = (...folds: Evaluation[]): FoldsResult => ({
  out: "runs/cv",
  classes: ["a", "b"],
  folds: folds.map((best) => ({
    out: "",
    bestEpoch: 1,
    refit: null,
    epochs: 1,
    ended: "all epochs" as const,
    best,
  })),
  outOfFold: folds[0],
  seenBefore: null,
  scores: null,
  numValidated: folds.filter(({ examples }) => examples > 0).length,
  accuracy: folds[0].examples > 0 ? { mean: 0.5, spread: null } : null,
  macroF1: folds[0].examples > 0 ? { mean: 0.5, spread: null } : null,
  neverValidated: 0,
  ended: "all folds",
  skipped: 0,
  seconds: 2,
});

/** All that is said of an epoch and an end. */
function tell(
  row: HistoryRow,
  result: TrainResult | FoldsResult | EnsembleResult,
  task = start.task,
): string {
  const lines: string[] = [];
  const narrator = createTextNarrator({
    line: (text) => void lines.push(text),
    status: () => {},
    clearStatus: () => {},
  });
  narrator.tell({ kind: "start", start: { ...start, task } });
  narrator.tell({ kind: "epoch", row, kept: true });
  narrator.end(result);
  return lines.join("\n");
}

Deno.test("without validation an epoch and its run are not validated, and no figure is zero", () => {
  const said = tell(row, resultOf(evaluateOne([], ["a", "b"])));
  assertMatch(said, /1\/\d+ +0\.500 +75\.0 % \| +not validated +\| +30 +2s +kept/);
  assertMatch(said, /epoch 1 kept: not validated/);
  assertNotMatch(said, / 0\.0 %|NaN|null|undefined/);
});

Deno.test("a fold that was not validated is said to be, and does not enter the mean", () => {
  const validated = evaluateOne([outcome(0, 0, 2), outcome(1, 0, 2)], ["a", "b"]);
  const none = evaluateOne([], ["a", "b"]);
  const said = tell(row, foldsOf(validated, none));
  assertMatch(said, / 2 +1 +not validated/);
  assertMatch(said, /accuracy 50\.0 %, macro-F1 0\.500 \(mean ± deviation of the 1 that/);
  assertMatch(
    tell(row, foldsOf(none, none)),
    /folds: not validated, as no clip of any can be read/,
  );
});

Deno.test("where another epoch validated higher than the one that is kept, that is said", () => {
  const best = evaluateOne([outcome(0, 0, 2), outcome(1, 0, 2)], ["a", "b"]);
  const line = /^highest of any epoch: 75\.0 %, which these clips cannot tell from it$/m;
  assertMatch(tell(row, { ...resultOf(best), highest: 0.75 }), line);
  assertNotMatch(tell(row, { ...resultOf(best), highest: 0.5 }), /highest/);
});

Deno.test("what follows on all clips is announced, told epoch by epoch, and the figures are said to be older", () => {
  const lines: string[] = [];
  const narrator = createTextNarrator({
    line: (text) => void lines.push(text),
    status: () => {},
    clearStatus: () => {},
  });
  const recipe = { ...defaultRecipe, steps: 4800 }, plans = planRun(recipe, 100, 25);
  const numbers = { numTrain: 100, numValidation: 25 };
  narrator.tell({ kind: "start", start: { ...start, ...numbers, recipe, ...plans } });
  narrator.tell({ kind: "epoch", row: { ...row, epoch: 52 }, kept: false, isRefit: true });
  const best = evaluateOne([outcome(0, 0, 2), outcome(1, 0, 2)], ["a", "b"]);
  narrator.end({ ...resultOf(best), refit: { clips: 125, epochs: 13 } });
  const said = lines.join("\n");
  assertMatch(said, /^then {7}1222 steps on all 125 clips, in 13 epochs that are not validated$/m);
  assertMatch(said, /^52\/64 +0\.500 +75\.0 % \| +on all clips +\|/m);
  assertMatch(said, /^then trained on all 125 clips: these figures are from before$/m);
});

Deno.test("folds that build on a run of the same recordings do not say that no model was trained on them", () => {
  const best = evaluateOne([outcome(0, 0, 2), outcome(1, 0, 2)], ["a", "b"]);
  assertMatch(tell(row, foldsOf(best)), /^all 2 clips, each by the model not trained on it: /m);
  const said = tell(row, { ...foldsOf(best), seenBefore: { run: "runs/a", clips: 2 } });
  assertMatch(said, /^all 2 clips, each by the fold that sets it apart: accuracy 50\.0 %/m);
  assertMatch(said, /^ +too good: runs\/a, which all folds build on, was trained on 2$/m);
  assertNotMatch(said, /not trained on it/);
});

Deno.test("a run of so many steps says how they are laid out", () => {
  const lines: string[] = [];
  const narrator = createTextNarrator({
    line: (text) => void lines.push(text),
    status: (text) => void lines.push(text),
    clearStatus: () => {},
  });
  const recipe = { ...defaultRecipe, steps: 4000 }, plan = planEpochs(recipe, 100);
  narrator.tell({ kind: "member", member: { index: 1, of: 3, seed: 7 } });
  narrator.tell({ kind: "start", start: { ...start, recipe, plan, numTrain: 100 } });
  narrator.tell({ kind: "epoch", row, kept: true });
  const said = lines.join("\n");
  assertMatch(said, /^member 1 of 3, seed 7$/m);
  assertMatch(said, /^steps {6}4032: 64 epochs of 5 passes, patience 21$/m);
  assertMatch(said, /^ 1\/64 /m);
});

Deno.test("an ensemble: its members, their spread, and what they say together", () => {
  const best = evaluateOne([outcome(0, 0, 2), outcome(1, 0, 2)], ["a", "b"]);
  const member = {
    out: "",
    bestEpoch: 4,
    refit: null,
    epochs: 9,
    ended: "all epochs",
    best,
  } as const;
  const said = tell(row, {
    ...{ out: "runs/ensemble", classes: ["a", "b"], best, scores: null, skipped: 0, seconds: 60 },
    members: [{ ...member, seed: 5 }, { ...member, seed: 6 }],
    ...{ numValidated: 2, accuracy: { mean: 0.5, spread: 0.125 }, ended: "all members" },
    macroF1: { mean: 0.25, spread: 0 },
  });
  assertMatch(said, /^seed {2}kept epoch {2}accuracy/m);
  assertMatch(said, /^ {3}6 +4 +50\.0 %/m);
  assertMatch(said, /^each alone: accuracy 50\.0 % ± 12\.5 %, .* \(mean ± deviation\)$/m);
  assertMatch(said, /^together: accuracy 50\.0 % \(95 % interval \d+\.\d to \d+\.\d %\)/m);
});

Deno.test("several labels: the score is mean average precision, pairs and exact matches are named so", () => {
  const best = evaluateSeveral([
    { labels: ["a"], probabilities: [0.9, 0.6] },
    { labels: [], probabilities: [0.2, 0.1] },
  ], ["a", "b"]);
  const epoch = {
    ...row,
    validationLoss: 0.4,
    validationMacroF1: 1,
    validationMeanAveragePrecision: 0.875,
  };
  const said = tell(epoch, resultOf(best), "several-labels");
  assertMatch(said, /validation: loss +mAP +macro-F1/);
  assertMatch(said, /0\.400 +87\.5 % +1\.000 \|/);
  assertMatch(said, /label accuracy 75\.0 %, exact matches 50\.0 %/);
});

Deno.test("how far probabilities can be believed, and the classes that no threshold makes precise", () => {
  const classes = ["a", "b"],
    task = "one-label" as const,
    sample = new ScoreSample({ task, classes });
  const rows = Array.from({ length: 40 }, (_, i) => ({
    id: `${i}`,
    labels: ["a"],
    probabilities: i % 4 === 0 ? [0.4, 0.6] : [0.6, 0.4],
  }));
  for (const row of rows) sample.add(row);
  const scoresFor = (precision?: number) =>
    fitScores(sample.rows, { task, classes, precision }) ?? null;
  const best = resultOf(evaluateOne(rows, classes));
  const said = tell(row, { ...best, scores: scoresFor() });
  assertMatch(said, /calibration error 15\.0 %, at temperature 0\.38 \d+\.\d %/);
  assertNotMatch(said, /never given out/);
  assertMatch(
    tell(row, { ...best, scores: scoresFor(0.99) }),
    /never given out with --unknown, as no threshold reaches a precision of 99\.0 %: b$/m,
  );
});

Deno.test("the line of progress shows where clips stand, and which stage is the slow one", () => {
  let shown = "";
  const narrator = createTextNarrator({
    line: () => {},
    clearStatus: () => {},
    status: (text) => shown = text,
  });
  narrator.tell({ kind: "start", start });
  const say = (waitedMs: number, queues: Partial<Queues>) =>
    narrator.tell({
      ...{ kind: "progress", epoch: 1 },
      progress: {
        ...{ step: 2, steps: 4, loss: 0.5, accuracy: 0.75, learningRate: 0.001, examples: 32 },
        ...{ elapsedMs: 1000, waitedMs, maxGradientNorm: 1 },
      },
      queues: { underWay: 6, credit: 6, waiting: 0, ready: 12, room: 32, ...queues },
    });
  say(100, {});
  assertMatch(shown, /limit: model\) {2}clips 6\/6 {2}ready 12\/32 /);
  say(900, { ready: 0 });
  assertMatch(shown, /limit: features\) {2}clips 6\/6 {2}ready 0\/32 /);
  say(900, { ready: 0, waiting: 2 });
  assertMatch(shown, /limit: reading\) {2}clips 6\/6 \(2 waiting for bytes\) {2}ready 0\/32 /);
});
