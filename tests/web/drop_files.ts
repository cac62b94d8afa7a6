import type { BrowserPage } from "../report/browser.ts";

/** Drops files on a page, as a person does. */
export async function dropFiles(
  page: BrowserPage,
  files: readonly (readonly [name: string, bytes: Uint8Array])[],
): Promise<void> {
  const all = files.map(([name, bytes]) => [name, bytes.toBase64()]);
  await page.evaluate(`(() => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of ${JSON.stringify(all)}) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    document.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
  })()`);
}
