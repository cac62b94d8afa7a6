import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { BrowserPage } from "./browser.ts";

/**
 * Holds that axe-core finds no fault in the page that is open, and that it is no wider than its window. The page
 * must let a test's scripts run.
 *
 * @param width The window's, in CSS pixels.
 */
export async function assertAccessible(page: BrowserPage, width: number): Promise<void> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<string[]>(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`);
  assertEquals(found, [], `in ${width} px`);
  const pageWidth = await page.evaluate<number>("document.scrollingElement.scrollWidth");
  assert(pageWidth <= width, `${pageWidth} of ${width} px`);
}
