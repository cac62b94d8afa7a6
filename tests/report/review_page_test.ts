/** The page of segments in a browser: answers by keys and buttons become a labels table that trains. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { openDataset } from "../../pipeline/sources/open_dataset.ts";
import { openRecordings } from "../../pipeline/sources/open_recordings.ts";
import { cutSegments } from "../../run/segments/cut_segments.ts";
import { train } from "../../run/training/train.ts";
import { withFolder, writeTone } from "../fixtures.ts";
import { machine } from "../run/untrained_model.ts";
import { assertAccessible } from "./assert_accessible.ts";
import { type BrowserPage, findChromium, withBrowserPage } from "./browser.ts";
import { parsePage } from "./page_checks.ts";

const chromium = findChromium();
const hostile = `</script><script>document.title="broken into"</script> #%?`;

/** Eight events of `low`, of four scores, and one with a hostile label, cut. @returns the page's path. */
async function makeReview(dir: string): Promise<string> {
  await writeTone(`${dir}/data/tones #1.wav`, 300, 1, { seconds: 10 });
  const rows = Array.from({ length: 8 }, (_, i) => ["low", i, 0.15 + 0.2 * (i % 4)] as const);
  const events = [...rows, [hostile, 8, 1] as const].map(([label, start, probability]) =>
    JSON.stringify({
      ...{ filename: "tones #1.wav", start, end: start + 0.5, label, probability },
    })
  );
  await Deno.writeTextFile(`${dir}/events.jsonl`, events.join("\n"));
  await cutSegments({
    ...{ events: `${dir}/events.jsonl`, recordings: await openRecordings(`${dir}/data`) },
    ...{ out: `${dir}/out`, bins: 4, perBin: 2, seed: 1, contextSeconds: 0.25, longestSeconds: 30 },
  });
  return `${dir}/out/review.html`;
}

/** Waits for the sound that is on, and for the picture. */
const isReady = `(async () => {
  const sound = document.getElementById("sound"), image = document.getElementById("image");
  await image.decode();
  while (!(sound.duration > 0)) await new Promise((resolve) => setTimeout(resolve, 20));
  return [image.naturalWidth > 0, sound.error === null];
})()`;

const text = (id: string) => `document.getElementById(${JSON.stringify(id)}).textContent`;
const press = (id: string) => `document.getElementById(${JSON.stringify(id)}).click()`;

/** Saves a table of all nine segments, and waits until the browser has written it. @returns its path. */
async function saved(page: BrowserPage, name: string, folder: string): Promise<string> {
  await page.evaluate(press(`save-${name}`));
  assertStrictEquals(await page.evaluate(text("saved")), `Saved ${name}.csv: with a label 9`);
  const path = `${folder}/${name}.csv`;
  for (let tries = 0; tries < 100; tries++) {
    const written = await Deno.readTextFile(path).catch(() => "");
    if (written.trimEnd().split("\n").length === 10) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return path;
}

/** Presses a key as a person does. */
async function key(page: BrowserPage, key: string): Promise<void> {
  const code = { " ": 32, ArrowRight: 39, ArrowLeft: 37, Backspace: 8, Enter: 13 }[key];
  const isText = key.length === 1;
  const event = {
    ...{ key, windowsVirtualKeyCode: code ?? key.toUpperCase().charCodeAt(0) },
    ...isText && { text: key },
    ...key === "Enter" && { text: "\r" },
  };
  await page.send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
  await page.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
}

Deno.test("the page holds its data and its script, and nothing that a name could bring in", () =>
  withFolder(async (dir) => {
    const html = await Deno.readTextFile(await makeReview(dir)), page = parsePage(html);
    const scripts = [...page.querySelectorAll("script")];
    assertEquals(scripts.map((script) => script.getAttribute("type")), [
      ...["application/json", "module"],
    ]);
    assertEquals([...page.querySelectorAll("[onclick], link, iframe, [src^=http]")], []);
    assertMatch(html, /default-src 'none'; script-src 'sha256-[^']+'; style-src 'unsafe-inline'/);
    const data = JSON.parse(scripts[0].textContent);
    assertStrictEquals(data.segments.length, 9);
    assertEquals(data.counts, { [hostile]: [0, 0, 0, 1], low: [2, 2, 2, 2] });
  }));

Deno.test("segments are answered by keys and buttons, and their labels train", {
  ignore: !chromium,
}, (t) =>
  withFolder(async (dir) => {
    const address = `file://${await makeReview(dir)}`;
    await withBrowserPage(chromium!, async (page) => {
      await page.send("Page.setBypassCSP", { enabled: false }); // its own policy must let it work
      const allowDownloads = () =>
        page.send("Browser.setDownloadBehavior", {
          ...{ behavior: "allow", downloadPath: `${dir}/out` },
        });
      await allowDownloads();
      await page.resize(1280, 900);
      await page.open(address);

      await t.step("sound and picture are there, the hostile label is but text", async () => {
        assertEquals(await page.evaluate(isReady), [true, true]);
        assertMatch(await page.evaluate("document.title"), /^Review of events\.jsonl/);
        assertStrictEquals(await page.evaluate(text("question")), `Is this ${hostile}?`);
        assertStrictEquals(await page.evaluate(text("done")), "0 of 9 answered");
      });

      await t.step("keys answer, skip and take back; what comes next plays", async () => {
        await key(page, "s"); // the hostile one comes last
        for (const each of ["ArrowRight", "y", "n", "Backspace", "ArrowLeft"]) {
          await key(page, each);
        }
        assertMatch(
          await page.evaluate(text("said")),
          /^Wrong: low, \d\d\.0\u202f%\. Is this low\?$/,
        );
        assertStrictEquals(await page.evaluate(text("done")), "3 of 9 answered");
        await page.evaluate(isReady);
        assertStrictEquals(
          await page.evaluate(`(async () => {
            const sound = document.getElementById("sound");
            for (let i = 0; i < 100 && !(sound.currentTime > 0); i++) {
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
            return sound.currentTime > 0;
          })()`),
          true,
        );
      });

      await t.step(
        "a new label is typed, in which keys are letters, and has a key then",
        async () => {
          await key(page, "l");
          for (const each of "sunny") await key(page, each);
          assertStrictEquals(await page.evaluate(text("done")), "3 of 9 answered");
          await key(page, "Enter");
          assertStrictEquals(await page.evaluate(text("done")), "4 of 9 answered");
          await key(page, "3"); // behind the two labels of the events
          assertMatch(await page.evaluate(text("said")), /^sunny: low/);
          await key(page, "2"); // its own: that is right
          assertMatch(await page.evaluate(text("said")), /^Right: low/);
        },
      );

      await t.step(
        "buttons do the same; without the keys nothing is answered by them",
        async () => {
          await page.evaluate(press("keys"));
          await key(page, "y");
          assertStrictEquals(await page.evaluate(text("done")), "6 of 9 answered");
          await page.evaluate(press("wrong"));
          await page.evaluate(press("right"));
          assertStrictEquals(await page.evaluate(text("done")), "8 of 9 answered");
          assertStrictEquals(await page.evaluate(text("question")), `Is this ${hostile}?`);
        },
      );

      await t.step("the share right is counted by score, of a label too", async () => {
        const cells = `[...document.querySelectorAll("#scores tr")]
          .map((row) => [...row.cells].map((cell) => cell.textContent))`;
        const rows = await page.evaluate<string[][]>(cells);
        assertEquals(rows.map(([score, events, answered]) => [score, events, answered]), [
          ...[["0.75–1.00", "3", "2 of 3"], ["0.50–0.75", "2", "2 of 2"]],
          ...[["0.25–0.50", "2", "2 of 2"], ["0.00–0.25", "2", "2 of 2"]],
        ]);
        const heads = await page.evaluate<number>(`document.querySelectorAll("thead th").length`);
        assertEquals(rows.map((row) => row.length), rows.map(() => heads));
        const right = rows.map((row) => Number(row[3]));
        assertStrictEquals(right.reduce((a, b) => a + b), 4);
        assertEquals(rows.map((row) => row[4]), right.map((n) => `${(50 * n).toFixed(1)}\u202f%`));
        await page.evaluate(`{ const of = document.getElementById("of");
          of.selectedIndex = 1; of.dispatchEvent(new Event("change")); }`);
        const [first] = await page.evaluate<string[][]>(cells);
        assertEquals(first, ["0.75–1.00", "1", "0 of 1", "0", "–"]);
      });

      await t.step(
        "a page that is opened again goes on; another page has answers of its own",
        async () => {
          await page.open(address);
          assertStrictEquals(await page.evaluate(text("done")), "8 of 9 answered");
          await page.evaluate(press("undo"));
          assertStrictEquals(await page.evaluate(text("done")), "7 of 9 answered");
          await page.evaluate(press("right"));
          await page.evaluate(press("wrong"));
          assertStrictEquals(await page.evaluate(text("question")), "All are answered");
          await Deno.writeTextFile(
            `${dir}/out/other.html`,
            (await Deno.readTextFile(`${dir}/out/review.html`)).replace(
              /"id":"\w+"/,
              '"id":"other"',
            ),
          );
          await page.open(`file://${dir}/out/other.html`);
          assertStrictEquals(await page.evaluate(text("done")), "0 of 9 answered");
          await page.send("Browser.setDownloadBehavior", { behavior: "deny" });
          await page.evaluate(press("right"));
          await page.evaluate(press("save-labels"));
          assertMatch(
            await page.evaluate(text("saved")),
            /^Saved labels\.csv: with a label 1\. A model needs two labels: /,
          );
          await allowDownloads();
          await page.evaluate(`localStorage.setItem("melstream-review-other", "{damaged")`);
          await page.open(`file://${dir}/out/other.html`);
          assertStrictEquals(await page.evaluate(text("done")), "0 of 9 answered");
          await Deno.remove(`${dir}/out/other.html`);
          await page.open(address);
        },
      );

      await t.step(
        "axe-core finds nothing, and nothing is cut off, at any width and look",
        async () => {
          await page.send("Page.setBypassCSP", { enabled: true });
          for (const [width, look] of [[390, "light"], [390, "dark"], [1280, "dark"]] as const) {
            await page.resize(width, 900, look);
            for (const open of [false, true]) {
              await page.open(address);
              if (open) await page.evaluate(press("undo"));
              await assertAccessible(page, width);
              if (open) await page.evaluate(press("wrong"));
            }
          }
        },
      );

      await t.step("the labels are saved as a table that train takes", async () => {
        await page.evaluate(`{ const field = document.getElementById("background");
          field.value = " quiet, far "; field.dispatchEvent(new Event("input")); }`);
        const path = await saved(page, "labels", `${dir}/out`);
        const dataset = await openDataset({ dir: `${dir}/out`, labelsFile: path });
        assertEquals(dataset.classes, ["low", "quiet, far", "sunny"]);
        const count = (label: string) =>
          dataset.train.filter(({ labels }) => labels![0] === label).length;
        assertEquals(dataset.classes.map(count), [4, 3, 2]);
        const frontEnd = {
          ...{
            durationSeconds: 0.5,
            sampleRateHz: 8000,
            fftSize: 512,
            hopSamples: 160,
            melBands: 32,
          },
        };
        const recipe = { epochs: 1, batchSize: 4, augmentFactor: 0 };
        const result = await train({ ...machine, dataset, out: `${dir}/run`, frontEnd, recipe });
        assert(result !== undefined);
      });

      await t.step("or as annotations of the recordings, which train takes, too", async () => {
        const path = await saved(page, "annotations", `${dir}/out`);
        const [header, ...rows] = (await Deno.readTextFile(path)).trimEnd().split("\n");
        assertStrictEquals(header, "filename,start,end,label");
        assertStrictEquals(rows.length, 9);
        assert(rows.includes('tones #1.wav,8,8.5,"quiet, far"'), rows.join("\n"));
        const dataset = await openDataset({ dir: `${dir}/data`, labelsFile: path });
        assertEquals(dataset.classes, ["low", "quiet, far", "sunny"]);
      });
    });
  }));
