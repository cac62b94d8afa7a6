import { type Html, html, type HtmlValue, trusted } from "../report/html.ts";

/** A document whose style and program are files beside it. */
export interface AppDocument {
  /** Its name, in the browser's bar and above the page. */
  readonly title: string;
  /** What it is about, below its name. */
  readonly lede: HtmlValue;
  /** What it needs a program for, where there is none. */
  readonly withoutScript: string;
  /** Its content. */
  readonly main: HtmlValue;
  /** The last lines. */
  readonly footer: Html;
  /** Names of the scripts, in their order. */
  readonly scripts: readonly string[];
  /** What it may do, where no server says so. */
  readonly policy?: string;
}

/** The text of a document. */
export function renderAppDocument(
  { title, lede, withoutScript, main, footer, scripts, policy }: AppDocument,
): string {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        ${policy && html`<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">`}
        <meta name="color-scheme" content="light dark">
        <title>${title} – melstream</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="style.css">
      </head>
      <body>
        <header>
          <p class="kicker">melstream</p>
          <h1>${title}</h1>
          ${lede}
        </header>
        <main>
          <noscript><p>${withoutScript}</p></noscript>
          ${main}
        </main>
        <footer>${footer}</footer>
        ${scripts.map((name) => html`<script src="${name}"></script>`)}
      </body>
    </html>
  `.text.trimStart();
}
