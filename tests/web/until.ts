import type { BrowserPage } from "../report/browser.ts";

/** Waits until an expression holds in a page that says in `said` where it is. */
export async function until(page: BrowserPage, expression: string): Promise<void> {
  for (let tries = 0; tries < 6000; tries++) {
    if (await page.evaluate(`Boolean(${expression})`)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const said = await page.evaluate(`document.getElementById("said").textContent`);
  throw new Error(`The page did not come to ${expression} within 300 s: it says ${said}`);
}
