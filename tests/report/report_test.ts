import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { createReport } from "../../report/report.ts";
import { assertFails } from "../assert_failure.ts";
import { withFolder, writeTone } from "../fixtures.ts";
import { writeFakeRun } from "./run_fixture.ts";
import { checkPage, headings, pageText, parsePage } from "./page_checks.ts";

Deno.test("the page of a run says what a run came to", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a1.wav`, 440, 1);
    await writeFakeRun(`${dir}/run`, {
      classes: ["cat", "dog"],
      validation: [
        ["cat/a1.wav", `${dir}/a1.wav`, "cat", 0.1, 0.9],
        ["cat/a2.wav", `${dir}/gone.wav`, "cat", 0.4, 0.6],
        ["cat/a3.wav", `${dir}/a3.wav`, "cat", 0.8, 0.2],
        ["dog/b1.wav", `${dir}/b1.wav`, "dog", 0.3, 0.7],
      ],
      skipped: [["dog/bad.wav", "decode", "Cannot decode dog/bad.wav: expected sound, saw none"]],
      config: {
        augment: { choices: [{ kind: "reverb", weight: 1, settings: { wetMix: [0, 1] } }] },
      },
    });
    const page = await createReport([`${dir}/run`]);
    checkPage(page);
    const document = parsePage(page);
    const text = pageText(page);
    assertEquals(headings(page), [
      "Training",
      "What is taken for what",
      "Class by class",
      "Can its probabilities be believed?",
      "What it got most wrong",
      "What was skipped",
      "Where the time went",
      "Options",
    ]);
    for (
      const words of [
        "It names 50.0 % of 4 validation clips from recordings rightly",
        "Always naming the largest class would reach 75.0 %",
        "Accuracy 50.0 % 15.0 to 85.0 %",
        "cat 3 100.0 % 33.3 % 50.0 %", // support, precision, recall, F1
        "dog 1 33.3 % 100.0 % 50.0 %",
        "1 min 01 s in all",
        "The model waited for features",
        "dog/bad.wav decode Cannot decode dog/bad.wav",
        "augment reverb 100.0 %, wetMix 0 to 1",
        "recipe.mixup 0.2 (default: 0)",
        "recipe.seed 1 ",
      ]
    ) assert(text.includes(words), `${words}\n${text}`);
    // The worst mistake comes first, with picture and sound; a file that is gone is said to be.
    const cards = [...document.querySelectorAll(".clips article")];
    assertEquals(cards.map((card) => [...card.querySelectorAll("h3")][0].textContent), [
      "cat, named dog",
      "cat, named dog",
    ]);
    assertMatch(
      cards[0].textContent.replaceAll(/\s+/g, " "),
      /90.0 % for dog; 10.0 % for cat ?cat\/a1/,
    );
    assertStrictEquals([...cards[0].querySelectorAll("audio")].length, 1);
    assertStrictEquals([...cards[0].querySelectorAll("image")].length, 1);
    assertMatch(cards[1].textContent, /No picture: Cannot decode .*gone.wav/);

    assertStrictEquals(await createReport([`${dir}/run`]), page, "made anew, it is the same");
    const without = await createReport([`${dir}/run`], { numMistakes: 0 });
    assert(!headings(without).includes("What it got most wrong"));
  }));

Deno.test("only the worst mistakes are shown, in their order", () =>
  withFolder(async (dir) => {
    const validation = Array.from({ length: 30 }, (_, i) => {
      const share = ((i * 7) % 30) / 100; // all below one half: all wrong
      return [`${i}`, `${dir}/gone`, "a", share, 1 - share];
    });
    await writeFakeRun(dir, { classes: ["a", "b"], validation });
    const page = await createReport([dir], { numMistakes: 5 });
    const doubts = [...parsePage(page).querySelectorAll(".clips .note")]
      .map(({ textContent }) => /; (.*?)\u202f% for a/.exec(textContent)?.[1])
      .filter((doubt) => doubt);
    assertEquals(doubts, ["0.0", "1.0", "2.0", "3.0", "4.0"]);
    assertMatch(page, /The 5 of 30 mistakes/);
  }));

Deno.test("hostile names stay words", () =>
  withFolder(async (dir) => {
    const label = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
    const other = "</text></svg><iframe src=javascript:alert(3)>&amp;";
    const file = "a/</bdi></title></style><svg onload=alert(4)>\u202egnp.wav";
    const run = {
      classes: [label, other],
      validation: [
        [file, `${dir}/${file}`, label, 0.1, 0.9],
        ["b", `${dir}/b`, other, 0.1, 0.9],
      ],
      skipped: [[file, "<b>", label]],
      config: { data: file, [label]: other },
    };
    const hostile = `${dir}/<img src=x onerror=alert(5)>`;
    await writeFakeRun(hostile, run);
    await writeFakeRun(`${dir}/b`, { ...run, config: { data: label } });
    for (const runs of [[hostile], [hostile, `${dir}/b`]]) {
      const page = await createReport(runs);
      checkPage(page);
      const body = [...parsePage(page).querySelectorAll("body")][0].textContent;
      for (const words of [label, other, "<img src=x onerror=alert(5)>"]) {
        assert(body.includes(words), words);
      }
      assertMatch(page, /Content-Security-Policy" content="default-src 'none'/);
    }
  }));

Deno.test("runs of every kind have a page", () =>
  withFolder(async (dir) => {
    const hundred = Array.from({ length: 100 }, (_, i) => `class ${i} with a long name to it`);
    const row = (i: number, share: number) =>
      hundred.map((_, j) => j === i % 90 ? share : (1 - share) / 99);
    const runs: Record<string, Parameters<typeof writeFakeRun>[1]> = {
      "no validation file, under way": { classes: ["a", "b"], ended: false },
      "no validation clips": { classes: ["a", "b"], validation: [] },
      "no epoch yet": { classes: ["a", "b"], epochs: 0, ended: false },
      "one class missing": {
        classes: ["a", "b", "c"],
        validation: [["1", "gone", "a", 0.8, 0.1, 0.1], ["2", "gone", "b", 0.1, 0.8, 0.1]],
      },
      "no number where there should be one": {
        classes: ["a", "b"],
        validation: [["1", "gone", "a", "NaN", 0.1], ["2", "gone", "?", 0.5, 0.5], [
          "3",
          "gone",
          "a",
          0.9,
          0.1,
        ]],
        history: (n) => [n, "NaN", "", "Infinity", "x", "", "NaN", "NaN", "NaN", "NaN"],
      },
      "100 classes": {
        classes: hundred,
        validation: hundred.map((label, i) => [`${i}`, "gone", label, ...row(i, 0.5)]),
        epochs: 300,
      },
      "a front end that cannot be computed": {
        classes: ["a", "b"],
        validation: [["1", "gone", "a", 0.1, 0.9]],
        config: { frontEnd: { melBands: -1 } },
      },
    };
    for (const [name, run] of Object.entries(runs)) {
      await writeFakeRun(`${dir}/${name}`, run);
      const page = await createReport([`${dir}/${name}`]);
      checkPage(page);
      assert(page.length < 1_000_000, `${name}: ${page.length}`);
    }
    const partial = await createReport([`${dir}/no number where there should be one`]);
    assertMatch(partial, /1 row of validation.csv did not count/);
    assertMatch(partial, /1 clip of classes that the model lacks count as wrong/);
    for (const name of ["no validation file, under way", "no validation clips", "no epoch yet"]) {
      const text = pageText(await createReport([`${dir}/${name}`]));
      assertMatch(text, /not validated/, name);
      assertNotMatch(text, / 0\.0 %/, name);
    }
    checkPage(await createReport(Object.keys(runs).map((name) => `${dir}/${name}`)));
  }));

Deno.test("a comparison: figures, difference clip by clip, options that differ", () =>
  withFolder(async (dir) => {
    const classes = ["a", "b"];
    const rows = (wrong: number, of = 100) =>
      Array.from({ length: of }, (_, i) => {
        const label = classes[i % 2], right = i < wrong ? 0.2 : 0.8;
        const shares = label === "a" ? [right, 1 - right] : [1 - right, right];
        return [`${i}.wav`, "gone", label, ...shares];
      });
    await writeFakeRun(`${dir}/one`, { classes, validation: rows(20) });
    const changed = { classes, validation: rows(10), config: { validationSplit: 0.3 } };
    await writeFakeRun(`${dir}/two`, changed);
    const page = await createReport([`${dir}/one`, `${dir}/two`]);
    checkPage(page);
    const text = pageText(page);
    assertEquals(headings(page), ["Figures", "Training", "F1 by class", "Options that differ"]);
    assertMatch(text, /highest accuracy is that of two: 90\.0 % of 100 validation clips/);
    assertMatch(text, /two ?90\.0 % ?[\d.]+ to [\d.]+ % ?\+10\.0 ?\+[45]\.\d to \+1[67]\.\d/);
    assertMatch(text, /validationSplit ?– ?0\.3/);
    assertNotMatch(text, /Not all runs|recipe\.mixup/);

    await writeFakeRun(`${dir}/three`, { classes, validation: rows(5, 50) });
    const other = await createReport([`${dir}/one`, `${dir}/three`]);
    assertMatch(other, /Not all runs were validated on the same clips/);
  }));

Deno.test("a folder that is no run, and files that no run writes, are refused by name", () =>
  withFolder(async (dir) => {
    await assertFails(createReport([]), /at least one run must be named/);
    await assertFails(createReport([`${dir}/none`]), {
      name: "ReportError",
      message: /Cannot report on .*none as a run's folder must hold config.json: it is missing/,
    });
    const classes = ["a", "b"];
    await writeFakeRun(dir, { classes, validation: [["1", "gone", "a", 0.5]] });
    await assertFails(createReport([dir]), /validation.csv/);
    await writeFakeRun(dir, {
      classes: [...classes, "c"],
      validation: [["1", "gone", "a", 1, 0, 0]],
    });
    await Deno.writeTextFile(`${dir}/config.json`, JSON.stringify({ labels: classes }));
    await assertFails(createReport([dir]), /must have 2 probabilities .*: current value is 3/);
    await Deno.writeTextFile(`${dir}/config.json`, "{");
    await assertFails(createReport([dir]), /Cannot read .*config.json: /);
    await Deno.writeTextFile(`${dir}/config.json`, "[]");
    await createReport([dir]).catch((error) => {
      assertStrictEquals(error.name, "ReportError");
    });
  }));
