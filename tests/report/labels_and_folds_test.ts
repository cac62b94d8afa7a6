/** Pages of runs with several labels a clip, and of cross-validations. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { scoreOf } from "../../model/evaluation/evaluation.ts";
import { createReport, readRun } from "../../report/report.ts";
import { withFolder } from "../fixtures.ts";
import { checkPage, headings, pageText } from "./page_checks.ts";
import { writeFakeRun } from "./run_fixture.ts";

const classes = ["bell", "voice"];
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
    await writeFakeRun(dir, { classes, validation, config: sigmoid });
    const { headings, text } = await pageOf(dir);
    assertEquals(headings.slice(0, 4), [
      ...["Training", "Class by class", "Can its probabilities be believed?"],
      "What it got most wrong",
    ]);
    for (
      const words of [
        "mean average precision of 75.0 %",
        "Macro-F1 66.7 %",
        "Label accuracy 50.0 % of all pairs",
        "Exact matches 50.0 % of the clips",
        "bell 2 100.0 % 100.0 % 50.0 % 66.7 % voice 1 50.0 % 50.0 % 100.0 % 66.7 %",
        "1 mistake",
        "bell, named voice 90.0 % for voice; 10.0 % for bell",
      ]
    ) assert(text.includes(words), `${words}\n${text}`);
    await writeFakeRun(`${dir}/other`, { classes, validation, config: sigmoid });
    const comparison = await createReport([dir, `${dir}/other`]);
    checkPage(comparison);
    assertMatch(pageText(comparison), /mean avg\. precision/);
  }));

/** A cross-validation of as many folds as rows are given, each of them its fold's validation. */
async function writeFakeFolds(
  dir: string,
  folds: readonly (readonly (readonly (string | number)[])[])[],
): Promise<void> {
  const config = { folds: folds.length };
  await writeFakeRun(dir, { classes, epochs: 0, validation: folds.flat(), config });
  for (const [i, validation] of folds.entries()) {
    await writeFakeRun(`${dir}/fold-${i + 1}`, { classes, validation, epochs: 3 + 2 * i });
  }
  const metrics = {
    accuracy: { mean: 0.5, spread: 0.25 },
    macroF1: { mean: 0.25, spread: 0.125 },
    ended: "all folds",
    seconds: 3700,
  };
  await Deno.writeTextFile(`${dir}/metrics.json`, JSON.stringify(metrics));
}

Deno.test("a cross-validation: its folds, and all clips by the models not trained on them", () =>
  withFolder(async (dir) => {
    await writeFakeFolds(dir, [
      [["1.wav", "1.wav", "bell", 0.9, 0.1]],
      [["2.wav", "2.wav", "bell", 0.1, 0.9]],
      [],
    ]);
    const { headings, text } = await pageOf(dir);
    assertEquals(headings.slice(0, 2), ["Folds", "What is taken for what"]);
    for (
      const words of [
        "Cross-validation · 3 folds",
        "It names 50.0 % of 2 validation clips",
        "Accuracy 50.0 % ± 25.0 %, macro-F1 25.0 % ± 12.5 %",
        "over the folds that were validated",
        "1 1 3 100.0 % 100.0 % 0.105 2 1 5 0.0 % 0.0 % 2.303 3 0 7 not validated – –",
      ]
    ) assert(text.includes(words), `${words}\n${text}`);
    assert(!text.includes("not ended"));
  }));

Deno.test("a cross-validation in a comparison has its line, its epochs and its time", () =>
  withFolder(async (dir) => {
    const rows = [["1.wav", "1.wav", "bell", 0.9, 0.1], ["2.wav", "2.wav", "bell", 0.1, 0.9]];
    await writeFakeFolds(`${dir}/cv`, [[rows[0]], [rows[1]]]);
    await writeFakeRun(`${dir}/one`, { classes, validation: rows });
    const page = await createReport([`${dir}/one`, `${dir}/cv`]);
    checkPage(page);
    const text = pageText(page);
    assertMatch(text, /cv 50\.0 %.* 3–5 of 3–5 1 h 01 min/);
    for (const epoch of [1, 2, 3, 4, 5]) {
      assert(text.includes(`cv, epoch ${epoch}: 60 %`), `epoch ${epoch}\n${text}`);
    }
    assert(text.includes("The line of a cross-validation is the mean of its folds"));
  }));

Deno.test("ensembles: their members, and how these compare with another's", () =>
  withFolder(async (dir) => {
    const rowsOf = (right: number) =>
      Array.from({ length: 20 }, (_, i) => {
        const share = i < right ? 0.9 : 0.1, id = `${i}.wav`;
        return i % 2 ? [id, id, "bell", share, 1 - share] : [id, id, "voice", 1 - share, share];
      });
    const write = async (name: string, together: number, members: readonly number[]) => {
      const config = { ensemble: members.length };
      await writeFakeRun(`${dir}/${name}`, {
        ...{ classes, validation: rowsOf(together), epochs: 0, config },
      });
      for (const [i, right] of members.entries()) {
        const out = `${dir}/${name}/member-${i + 1}`;
        await writeFakeRun(out, { classes, validation: rowsOf(right), epochs: 3 });
      }
    };
    await write("first", 12, [10, 12]);
    await write("second", 19, [16, 18]);
    const { headings, text } = await pageOf(`${dir}/first`);
    assertEquals(headings.slice(0, 2), ["Members", "What is taken for what"]);
    for (const words of ["Ensemble · 2 members", "It names 60.0 %", "1 20 3 50.0 %"]) {
      assert(text.includes(words), `${words}\n${text}`);
    }
    const page = await createReport([`${dir}/first`, `${dir}/second`]);
    checkPage(page);
    const compared = pageText(page);
    assertMatch(compared, /second 95\.0 %.* \+35\.0\+.* 85\.0 % ?± 7\.1 % \+30\.0\+/);
    assert(compared.includes("another training could turn the difference"));
  }));

Deno.test("the figures that a run wrote are shown; those of another version are made of its rows", () =>
  withFolder(async (dir) => {
    await writeFakeRun(dir, { classes, validation, config: sigmoid });
    const { evaluation } = await readRun(dir, { numMistakes: 5 });
    const rewrite = async (best: unknown) => {
      const metrics = { bestEpoch: 3, ended: "all epochs", best };
      await Deno.writeTextFile(`${dir}/metrics.json`, JSON.stringify(metrics));
      return await readRun(dir, { numMistakes: 5 });
    };
    const stored = await rewrite({ ...evaluation, meanAveragePrecision: 0.123 });
    assertStrictEquals(scoreOf(stored.evaluation!), 0.123);
    assertEquals(stored.mistakes.map(({ id, path }) => [id, path]), [["2.wav", "2.wav"]]);
    const old = { examples: 2, accuracy: 0.5, macroF1: 0.5, confusion: [], loss: 1 };
    for (const best of [old, { ...evaluation, perClass: [] }, null]) {
      const made = await rewrite(best);
      assertEquals(made.evaluation, evaluation);
      assertStrictEquals(made.mistakes.length, 1);
    }
  }));

Deno.test("the task is that of the outputs, however the network is described", () =>
  withFolder(async (dir) => {
    const dense = { op: "dense", activation: "sigmoid" };
    const configs = [
      sigmoid,
      { network: [{ op: "relu" }, dense] },
      { network: { nodes: [dense] } },
      { network: { activation: "sigmoid" } },
    ];
    for (const config of configs) {
      await writeFakeRun(dir, { classes, validation, config });
      assertStrictEquals((await readRun(dir)).evaluation?.task, "several-labels");
    }
    await writeFakeRun(dir, { classes, validation: [["1", "1", "bell", 1, 0]] });
    assertStrictEquals((await readRun(dir)).evaluation?.task, "one-label");
  }));
