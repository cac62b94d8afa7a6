/** The page that trains, in a browser: from a folder to a model that hears a file, by keys and for all eyes. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { openFolder } from "../../pipeline/sources/folder.ts";
import { train } from "../../run/training/train.ts";
import { Interrupted, type TrainOptions } from "../../run/training/train_options.ts";
import { startServer } from "../../serve/serve.ts";
import { createTone, encodeWav, withFolder, writeToneDataset } from "../fixtures.ts";
import { assertAccessible } from "../report/assert_accessible.ts";
import { type BrowserPage, findChromium, withBrowserPage } from "../report/browser.ts";
import { dropFiles } from "./drop_files.ts";
import { at, isShown, textOf } from "./elements.ts";
import { until } from "./until.ts";

const chromium = findChromium();

/** Notes what the page's policy forbids, before any of its scripts runs. */
const spy = `
  globalThis.forbidden = [];
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    forbidden.push(violatedDirective + " " + blockedURI));
`;

const click = (page: BrowserPage, id: string) => page.evaluate(`${at(id)}.click()`);

/** Types a key where the keyboard is. */
async function press(page: BrowserPage, key: string, code: number): Promise<void> {
  const words = { key, code: key, windowsVirtualKeyCode: code, text: key === "Enter" ? "\r" : "" };
  await page.send("Input.dispatchKeyEvent", { type: "keyDown", ...words });
  await page.send("Input.dispatchKeyEvent", { type: "keyUp", ...words });
}

Deno.test("from a folder to a model that hears a file, in the browser", {
  ignore: !chromium,
}, (t) =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/sounds/<b>tones`, 5);
    const stop = new AbortController(), { signal } = stop;
    const begun: TrainOptions = {
      ...{ dataset: await openFolder(`${dir}/sounds/<b>tones`), out: `${dir}/runs/begun` },
      ...{ frontEnd: { durationSeconds: 0.4, melBands: 32 }, recipe: { epochs: 2 } },
      ...{ backend: "cpu", workers: 1, signal },
      onEvent: ({ kind }) => kind === "epoch" && stop.abort(),
    };
    await assertRejects(() => train(begun), Interrupted);
    const training = {
      root: `${dir}/sounds`,
      runs: `${dir}/runs`,
      machine: { backend: "cpu" as const },
    };
    const server = startServer({ port: 0, training });
    try {
      await withBrowserPage(chromium!, async (page) => {
        await page.send("Page.setBypassCSP", { enabled: false }); // its own policy must let it work
        await page.send("Page.addScriptToEvaluateOnNewDocument", { source: spy });

        await t.step("a run that was stopped is gone on with", async () => {
          await page.open(server.address);
          await until(page, isShown("resume"));
          assertMatch(await textOf(page, "newest-words"), /^begun was stopped/);
          assertStrictEquals(await page.evaluate(isShown("newest-report")), false);
          await click(page, "resume");
          await until(page, isShown("report"));
          assertStrictEquals(await page.evaluate(`${at("rows")}.children.length`), 2);
          assertStrictEquals(await page.evaluate(isShown("newest")), false);
        });

        await t.step("a folder is chosen by keys, and what it holds is shown", async () => {
          await until(page, `document.querySelector("#folders button")`);
          await page.evaluate(`document.querySelector("#folders button").focus()`);
          await press(page, "Enter", 13);
          await until(page, `${at("folder")}.value === "<b>tones"`);
          // The keyboard stays in the list.
          await until(page, `document.activeElement.closest("#folders")`);
          await page.evaluate(`${at("folder")}.focus()`);
          await press(page, "Enter", 13);
          await until(page, isShown("held"));
          assertMatch(await textOf(page, "figures"), /^Recordings162 classesSound/);
          assertStrictEquals(await textOf(page, "classes"), "high8low8");
          assertStrictEquals(await textOf(page, "start"), "Train on <b>tones");
        });

        await t.step("a folder without recordings is refused in words", async () => {
          await Deno.mkdir(`${dir}/sounds/none`);
          await page.evaluate(`${at("folder")}.value = "../runs"`);
          await page.evaluate(`${at("folder-form")}.requestSubmit()`);
          await until(page, `/^Cannot look into \\.\\.\\/runs/.test(${at("said")}.textContent)`);
          await page.evaluate(`${at("folder")}.value = "none"`);
          await page.evaluate(`${at("folder-form")}.requestSubmit()`);
          await until(page, `/^Cannot find a recording/.test(${at("survey-words")}.textContent)`);
          assertStrictEquals(await page.evaluate(`${at("start")}.disabled`), true);
        });

        await t.step("a run is trained, watched, and left and found again", async () => {
          await page.evaluate(`${at("folder")}.value = "<b>tones"`);
          await page.evaluate(`${at("folder-form")}.requestSubmit()`);
          await until(page, `!${at("start")}.disabled && /tones/.test(${at("start")}.textContent)`);
          await page.evaluate(`${at("epochs")}.value = "2"; ${at("start-form")}.requestSubmit()`);
          await until(page, `document.activeElement.id === "run-heading"`);
          await page.open("about:blank"); // it goes on
          await page.open(server.address);
          await until(page, isShown("report"));
          assertMatch(
            await textOf(page, "outcome-words"),
            /^Done in .*: \d+\.\d.% on 2 clips that it was not/,
          );
          assertStrictEquals(await page.evaluate(`${at("rows")}.children.length`), 2);
          for (const id of ["loss-curve", "accuracy-curve"]) {
            assertStrictEquals(
              await page.evaluate(`${at(id)}.querySelectorAll("polyline").length`),
              2,
            );
            assertMatch(
              await page.evaluate<string>(`${at(id)}.getAttribute("aria-label")`),
              /by epoch, after 2: training .*, validation /,
            );
          }
          assertEquals(await page.evaluate("forbidden"), []);
        });

        await t.step("axe-core finds nothing, at any width and look", async () => {
          await page.evaluate(
            `document.querySelectorAll("details").forEach((part) => part.open = true)`,
          );
          await page.send("Page.setBypassCSP", { enabled: true });
          for (const [width, look] of [[390, "light"], [1280, "dark"]] as const) {
            await page.resize(width, 900, look);
            await page.open(server.address);
            await until(page, isShown("report"));
            await page.evaluate(
              `document.querySelectorAll("details").forEach((part) => part.open = true)`,
            );
            await assertAccessible(page, width);
          }
          await page.send("Page.setBypassCSP", { enabled: false });
        });

        await t.step("its report and its model are a press away", async () => {
          const address = await page.evaluate<string>(`${at("report")}.href`);
          const tryAddress = await page.evaluate<string>(`${at("try")}.href`);
          await page.open(address);
          assertEquals(await page.evaluate("forbidden"), []);
          assert(await page.evaluate<number>(`document.querySelectorAll("svg").length`) > 3);
          await page.open(tryAddress);
          await until(page, `${at("choose")}.disabled === false`);
          await dropFiles(page, [["a.wav", encodeWav(createTone(1500, "dropped"), 8000)]]);
          await until(page, `/^a\\.wav: (high|low), /.test(${at("said")}.textContent)`);
          assertEquals(await page.evaluate("forbidden"), []);
        });
      });
    } finally {
      await server.stop(0);
    }
  }));
