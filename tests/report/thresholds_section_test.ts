/** What a page says of temperature, thresholds and background classes. */
import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { createReport, readRun } from "../../report/report.ts";
import { withFolder } from "../fixtures.ts";
import { checkPage, headings, pageText, parsePage } from "./page_checks.ts";
import { type FakeRun, writeFakeRun } from "./run_fixture.ts";

const classes = ["bell", "rain", "voice"];

/** Forty clips a class that are stated at 60 %, nine of ten of them rightly. */
const validation = classes.flatMap((label, k) =>
  Array.from({ length: 40 }, (_, i) => {
    const named = i % 10 === 9 ? (k + 1) % 3 : k;
    return [`${label}/${i}`, "gone", label, ...classes.map((_, j) => j === named ? 0.6 : 0.2)];
  })
);

async function pageOf(dir: string, more: Partial<FakeRun> = {}): Promise<string> {
  await writeFakeRun(dir, { classes, validation, scored: true, ...more });
  const page = await createReport([dir], { numMistakes: 0 });
  checkPage(page);
  return page;
}

Deno.test("calibration is shown before and after, thresholds with precision and recall over them", () =>
  withFolder(async (dir) => {
    const page = await pageOf(dir), text = pageText(page);
    assert(headings(page).includes("How sure is sure enough?"));
    for (
      const words of [
        /Expected calibration error \d\.\d % as the network states it: 30\.0 %/,
        /Temperature 0\.39 below 1 the network is too modest/,
        /Stated, on average (8[89]|9[01])\.\d % right: 90\.0 %/,
        /Cross-entropy 0\.\d+ as the network states it: 0\.621/,
        /by which 100\.0 % of the clips reach one/,
        /bell from 90 %: precision 90\.0 %, recall 90\.0 %/,
      ]
    ) assertMatch(text, words);
    const charts = [...parsePage(page).querySelectorAll(".multiples svg")];
    assertEquals(
      charts.map((chart) => chart.getAttribute("aria-label")),
      classes.map((name) => `precision and recall of ${name} over the threshold`),
    );
    assertNotMatch(text, /Classes with fewer than|Background/);
  }));

Deno.test("a background class is said to be one, and has no threshold", () =>
  withFolder(async (dir) => {
    const page = await pageOf(dir, { config: { backgroundClasses: ["rain"] } });
    assertMatch(pageText(page), /Background, never given out as a label: rain\. In these figures/);
    assertStrictEquals([...parsePage(page).querySelectorAll(".multiples svg")].length, 2);
  }));

Deno.test("a class that reaches no threshold is said never to be given out; many classes are folded", () =>
  withFolder(async (dir) => {
    const many = Array.from({ length: 60 }, (_, k) => `class ${k}`);
    const few = many.slice(0, 50).map((label, k) =>
      [label, "gone", label, ...many.map((_, j) => j === k ? 0.5 : 0.5 / 59)] as const
    );
    const page = await pageOf(dir, { classes: many, validation: few });
    const document = parsePage(page), text = pageText(page);
    assertStrictEquals([...document.querySelectorAll(".multiples svg")].length, 20);
    assert(text.includes("All 50 classes"), "those that occur");
    assert(text.includes("Classes with fewer than 10 clips share the threshold of all"));
    const metrics = JSON.parse(await Deno.readTextFile(`${dir}/metrics.json`));
    metrics.scores.scores.thresholds.fill(null);
    metrics.scores.scores.precision = 0.95;
    await Deno.writeTextFile(`${dir}/metrics.json`, JSON.stringify(metrics));
    const strict = pageText(await createReport([dir], { numMistakes: 0 }));
    assert(strict.includes("no threshold: never given out"));
    assert(strict.includes("the lowest that reaches a precision of 95 %"));
  }));

Deno.test("scores that no run wrote are left out", () =>
  withFolder(async (dir) => {
    await pageOf(dir);
    const path = `${dir}/metrics.json`, metrics = JSON.parse(await Deno.readTextFile(path));
    const { scores } = metrics;
    for (
      const other of [undefined, null, {}, { ...scores, perClass: [] }, {
        ...scores,
        scores: { ...scores.scores, thresholds: [1] },
      }]
    ) {
      await Deno.writeTextFile(path, JSON.stringify({ ...metrics, scores: other }));
      assertStrictEquals((await readRun(dir)).scores, undefined);
      const page = await createReport([dir], { numMistakes: 0 });
      checkPage(page);
      assert(!headings(page).includes("How sure is sure enough?"));
    }
  }));
