/** The pages in a browser: readable by everyone, on a telephone, a screen and paper. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import axe from "axe-core";
import { withFolder } from "../fixtures.ts";
import { type BrowserPage, findChromium, withBrowserPage } from "./browser.ts";
import { writeSamplePages } from "./sample_pages.ts";

const chromium = findChromium();

/** Faults that axe-core takes for serious or worse, in the page that is open. */
async function findFaults(page: BrowserPage): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => id + ": " + html.slice(0, 150))))`);
}

/** Boxes, the page itself among them, that have to be scrolled sideways, by what they hold. */
const findScrolled = `[document.scrollingElement, ...document.querySelectorAll(".scroll")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1)
  .map((box) => box.getAttribute("aria-label") ?? box.tagName)`;

/** Parts that lie beyond the right edge. */
const findBeyond = `[...document.querySelectorAll("td, th, svg, dd, h1, p")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
  .map((part) => part.tagName + " " + part.textContent.slice(0, 40))`;

/** Heights and places of the names left of the matrix. */
const findRowNames = `(() => {
  const svg = document.querySelector('svg[aria-label="confusion matrix"]');
  const { left } = svg.querySelector("rect").getBoundingClientRect();
  return [...svg.querySelectorAll("text")].map((text) => text.getBoundingClientRect())
    .filter(({ right }) => right <= left + 1).map(({ top, height }) => ({ top, height }))
    .sort((a, b) => a.top - b.top);
})()`;

Deno.test("pages in a browser", { ignore: !chromium }, (t) =>
  withFolder(async (dir) => {
    const names = await writeSamplePages(dir);
    await withBrowserPage(chromium!, async (page) => {
      const open = (name: string) => page.open(`file://${dir}/${name}.html`);

      await t.step("axe-core finds a fault where there is one", async () => {
        const faulty = `<p style="color: #ccc">pale</p><img src="data:,">`;
        await Deno.writeTextFile(`${dir}/faulty.html`, `<title>Faulty</title>${faulty}`);
        await open("faulty");
        assertMatch(
          (await findFaults(page)).sort().join(),
          /color-contrast.*html-has-lang.*image-alt/,
        );
      });

      await t.step("axe-core finds no serious fault on any page", async () => {
        const faults: string[] = [];
        for (const [i, name] of names.entries()) {
          // The darker look of a few pages stands for all: they share one style.
          const looks = [[390, "light"], [1280, "light"], [1280, "dark"]] as const;
          for (const [width, scheme] of looks.slice(0, i % 3 === 1 ? 3 : 2)) {
            await page.resize(width, 900, scheme);
            await open(name);
            const found = await findFaults(page);
            faults.push(...found.map((fault) => `${name}, ${width} px, ${scheme}: ${fault}`));
          }
        }
        assertEquals(faults, []);
      });

      await t.step("at 1280 px every table shows all its columns", async () => {
        await page.resize(1280, 900);
        for (const name of names) {
          await open(name);
          const scrolled = await page.evaluate<string[]>(findScrolled);
          const expected = name === "classes-120" ? ["Confusion matrix"] : [];
          assertEquals(scrolled, expected, name);
        }
      });

      await t.step("on a telephone the page itself is not scrolled sideways", async () => {
        await page.resize(390, 900);
        for (const name of names) {
          await open(name);
          assert(!(await page.evaluate<string[]>(findScrolled)).includes("HTML"), name);
        }
      });

      await t.step("every class has its name beside the matrix, apart from the next", async () => {
        await page.resize(1280, 900);
        for (const numClasses of [16, 40, 120]) {
          await open(`classes-${numClasses}`);
          const rows = await page.evaluate<{ top: number; height: number }[]>(findRowNames);
          assertStrictEquals(rows.length, numClasses);
          rows.slice(1).forEach(({ top, height }, i) =>
            assert(top - rows[i].top > 0.8 * height, `${numClasses} classes, row ${i}`)
          );
        }
      });

      await t.step("on paper no column is lost", async () => {
        await page.resize(718, 1000); // A4 within Chromium's margins
        await page.send("Emulation.setEmulatedMedia", { media: "print" });
        for (const name of names) {
          await open(name);
          assertEquals((await page.evaluate<string[]>(findBeyond)).slice(0, 5), [], name);
        }
      });
    });
  }));
