/** Pages of runs with several labels a clip, and of cross-validations. */
import assert from "node:assert/strict";
import { createReport } from "../../report/report.ts";
import { withFolder } from "../fixtures.ts";
import { checkPage, headings, pageText } from "./page_checks.ts";
import { writeFakeRun } from "./run_fixture.ts";

const labels = ["bell", "voice"];
const sigmoid = { spec: { activation: "sigmoid" } };
/** Rows of several labels: the first clip is named rightly. */
const validation = [
  ["1.wav", "1.wav", "bell;voice", 0.9, 0.8],
  ["2.wav", "2.wav", "bell", 0.1, 0.9],
];

async function pageOf(dir: string): Promise<{ headings: string[]; text: string }> {
  const page = await createReport([dir]);
  checkPage(page);
  return { headings: headings(page), text: pageText(page) };
}

Deno.test("several labels a clip: ranking, calibration and the clips that it got wrong", () =>
  withFolder(async (dir) => {
    await writeFakeRun(dir, { labels, validation, config: sigmoid });
    const { headings, text } = await pageOf(dir);
    assert.deepEqual(headings.slice(0, 4), [
      ...["Training", "Label by label", "Can its probabilities be believed?"],
      "What it got most wrong",
    ]);
    for (
      const words of [
        "mean average precision of 75.0 %",
        "Macro-F1 66.7 %",
        "Accuracy 50.0 %",
        "voice 1 0.500 50.0 % 100.0 % 66.7 % bell 2 1.000 100.0 % 50.0 % 66.7 %", // the worst first
        "1 mistake",
        "bell, named voice 90.0 % for voice; 10.0 % for bell",
      ]
    ) assert.ok(text.includes(words), `${words}\n${text}`);
    await writeFakeRun(`${dir}/other`, { labels, validation, config: sigmoid });
    const comparison = await createReport([dir, `${dir}/other`]);
    checkPage(comparison);
    assert.match(pageText(comparison), /mean avg\. precision/);
  }));

Deno.test("a cross-validation: its folds, and all clips by the models not trained on them", () =>
  withFolder(async (dir) => {
    await writeFakeRun(dir, {
      labels,
      epochs: 0,
      validation: [["1.wav", "1.wav", "bell", 0.9, 0.1], ["2.wav", "2.wav", "bell", 0.1, 0.9]],
      config: { folds: 2 },
    });
    const fold = (accuracy: number, bestEpoch: number) => ({
      bestEpoch,
      best: { accuracy, macroF1: accuracy / 2, loss: 0.5, examples: 1 },
    });
    const metrics = {
      folds: [fold(1, 3), fold(0, 7)],
      accuracy: { mean: 0.5, spread: 0.25 },
      macroF1: { mean: 0.25, spread: 0.125 },
      ended: "all folds",
    };
    await Deno.writeTextFile(`${dir}/metrics.json`, JSON.stringify(metrics));
    const { headings, text } = await pageOf(dir);
    assert.deepEqual(headings.slice(0, 2), ["Folds", "What is taken for what"]);
    for (
      const words of [
        "Cross-validation · 2 folds",
        "It names 50.0 % of 2 validation clips",
        "Accuracy 50.0 % ± 25.0 %, macro-F1 25.0 % ± 12.5 %",
        "1 1 3 100.0 % 0.500 0.500 2 1 7 0.0 % 0.000 0.500",
      ]
    ) assert.ok(text.includes(words), `${words}\n${text}`);
    assert.ok(!text.includes("not ended"));
  }));
