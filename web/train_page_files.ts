/** The page that trains, as files that a server gives. */
import { pageStyle } from "../report/page_style.ts";
import { controlStyle } from "./control_style.ts";
import { type PageFile, readText, script } from "./page_files.ts";
import { renderTrainPage } from "./render_train_page.ts";
import { trainStyle } from "./train_style.ts";

/** The files' names. */
export const trainPageNames = ["index.html", "style.css", "app.js"] as const;

/** The files of the page. @param hasModel Whether its server has a page to try a model, too. */
export async function createTrainPageFiles(
  hasModel: boolean,
): Promise<Readonly<Record<typeof trainPageNames[number], PageFile>>> {
  return {
    "index.html": { type: "text/html; charset=utf-8", content: renderTrainPage(hasModel) },
    "style.css": {
      type: "text/css; charset=utf-8",
      content: pageStyle + controlStyle + trainStyle,
    },
    "app.js": {
      type: script,
      content: await readText(new URL("./built/train.js", import.meta.url)),
    },
  };
}
