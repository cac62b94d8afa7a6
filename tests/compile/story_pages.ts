/** What the story does in a browser. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { join } from "../../deps/std_path.ts";
import { type BrowserPage, withBrowserPage } from "../report/browser.ts";
import { dropFiles } from "../web/drop_files.ts";
import { at, isShown, textOf } from "../web/elements.ts";
import { until } from "../web/until.ts";

/** A recording, and what `predict` says of it. */
export interface Known {
  readonly name: string;
  readonly label: string;
  /** Its probability, with one digit behind the point. */
  readonly percent: string;
  readonly bytes: Uint8Array;
}

interface Visit {
  /** Path of the browser. */
  readonly chromium: string;
  readonly known: Known;
  /** Where pictures go. */
  readonly pictures?: string;
  readonly tell: (words: string) => void;
}

/** Tries the model that is served, trains another from the page, and tries that. */
export async function trainAndTry(
  { address, ...visit }: Visit & { readonly address: string },
): Promise<void> {
  const { chromium, known, tell } = visit;
  await withBrowserPage(chromium, async (page) => {
    await page.open(address);
    await tryFile(page, visit, "served");

    await page.open(new URL("/train/", address).href);
    await until(page, `document.querySelector("#folders button")`);
    await picture(page, visit, "train-begin");
    await page.evaluate(
      `[...document.querySelectorAll("#folders button")]
         .find(({ textContent }) => textContent.startsWith("recordings")).click()`,
    );
    await until(page, `${at("folder")}.value === "recordings"`);
    await page.evaluate(`${at("folder-form")}.requestSubmit()`);
    await until(page, isShown("held"));
    await until(page, `!${at("start")}.disabled`);
    await picture(page, visit, "train-chosen");
    tell(`/train/: ${await textOf(page, "survey-words")} ${await figures(page)}`);
    await page.evaluate(`${at("epochs")}.value = "3"; ${at("start-form")}.requestSubmit()`);
    await untilEpochs(page, 1);
    await picture(page, visit, "train-under-way");
    await untilEpochs(page, 3);
    await until(page, isShown("report"));
    await picture(page, visit, "train-done");
    tell(`/train/: ${await textOf(page, "outcome-words")}`);
    const report = await page.evaluate<string>(`${at("report")}.href`);
    const tryAddress = await page.evaluate<string>(`${at("try")}.href`);
    await page.open(report);
    await picture(page, visit, "report");
    await page.open(tryAddress);
    await until(page, `!${at("choose")}.disabled`);
    await dropFiles(page, [[known.name, known.bytes]]);
    tell(`${new URL(tryAddress).pathname}: ${await heard(page, known)}`);
  });
}

/** What the page says of a folder that was looked at. */
async function figures(page: BrowserPage): Promise<string> {
  const parts = await page.evaluate<string[]>(
    `[...${
      at("figures")
    }.children].map((part) => [...part.children].map((line) => line.textContent).join(" "))`,
  );
  return parts.join(" · ");
}

/** Waits until a run has had some epochs. @throws {Error} with what the page says, where it does not go on. */
async function untilEpochs(page: BrowserPage, count: number): Promise<void> {
  const isThere = `${at("rows")}.children.length >= ${count}`;
  await until(page, `${isThere} || ${isShown("outcome")}`);
  if (!await page.evaluate(isThere)) throw new Error(await textOf(page, "said"));
}

/** Opens an exported page from disk, and tries its model. */
export async function openFromDisk(visit: Visit & { readonly page: string }): Promise<void> {
  await withBrowserPage(visit.chromium, async (page) => {
    await page.open(`file://${visit.page}`);
    await tryFile(page, visit, "from-disk");
  });
}

/** Drops the recording, and holds what is shown to what `predict` says. */
async function tryFile(page: BrowserPage, visit: Visit, name: string): Promise<void> {
  const { known, tell } = visit;
  await until(page, `!${at("choose")}.disabled`);
  await picture(page, visit, `${name}-begin`);
  await dropFiles(page, [[known.name, known.bytes]]);
  const said = await heard(page, known);
  await until(page, isShown("pictures"));
  await picture(page, visit, name);
  tell(`${name}: ${said}`);
  const [, label, percent] = /: (.*), ([\d.]+).% /.exec(said) ?? [];
  assertEquals([label, percent], [known.label, known.percent], said);
}

/** What is said of the recording, once it is heard. */
async function heard(page: BrowserPage, { name }: Known): Promise<string> {
  await until(page, `${at("said")}.textContent.startsWith(${JSON.stringify(`${name}: `)})`);
  const said = await textOf(page, "said");
  assertStrictEquals(await page.evaluate(`${at("said")}.classList.contains("wrong")`), false, said);
  return said;
}

/** Takes pictures of a page: as wide as a desk's, and as a phone's in the dark. */
async function picture(page: BrowserPage, { pictures }: Visit, name: string): Promise<void> {
  if (pictures === undefined) return;
  await page.send("Emulation.setScrollbarsHidden", { hidden: true });
  for (
    const [width, look] of [[1280, "light"], [390, "dark"], [1280, "dark"], [390, "light"]] as const
  ) {
    await page.resize(width, 900, look);
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))");
    const { data } = await page.send("Page.captureScreenshot", { captureBeyondViewport: true });
    const path = join(pictures, `${name}-${width}-${look}.png`);
    await Deno.writeFile(path, Uint8Array.fromBase64(data as string));
  }
  await page.resize(1280, 900);
}
