/** A page's elements by their ids, as expressions for the browser. */
import type { BrowserPage } from "../report/browser.ts";

/** The element. */
export const at = (id: string): string => `document.getElementById(${JSON.stringify(id)})`;

/** Whether it can be seen. */
export const isShown = (id: string): string =>
  `!${at(id)}.hidden && !${at(id)}.closest("[hidden]")`;

/** What it says. */
export async function textOf(page: BrowserPage, id: string): Promise<string> {
  return await page.evaluate<string>(`${at(id)}.textContent`);
}
