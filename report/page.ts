import { createHash } from "node:crypto";
import { type Html, html, type HtmlValue, trusted } from "./html.ts";
import { pageStyle } from "./page_style.ts";

/** Content of a page. */
export interface Page {
  /** Its name in the browser's bar. */
  readonly title: string;
  /** The head of the page, above all sections. */
  readonly header: Html;
  /** The sections. */
  readonly sections: readonly (Html | undefined)[];
  /** The last line. */
  readonly footer: HtmlValue;
  /** What runs in it. @default {nothing} */
  readonly program?: PageProgram;
}

/** What runs in a page that people work with. */
export interface PageProgram {
  /** The text of a module without imports. */
  readonly script: string;
  /** What the script finds, as JSON, in the element `data`. */
  readonly data: unknown;
  /** Style beside that of every page. */
  readonly style: string;
}

/**
 * A whole HTML document. It may load nothing and run nothing: all is inside, and its own policy
 * forbids the rest, whatever the names in it look like. One with a program runs that alone, and loads
 * pictures and sounds that lie beside it.
 */
export function renderPage({ title, header, sections, footer, program }: Page): string {
  const hash = program && createHash("sha256").update(program.script).digest("base64");
  const beside = program ? " 'self' file:" : "";
  const policy = `default-src 'none'; ${hash ? `script-src 'sha256-${hash}'; ` : ""}` +
    `style-src 'unsafe-inline'; img-src${beside} data:; media-src${beside} data:`;
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <style>${trusted(pageStyle + (program?.style ?? ""))}</style>
      </head>
      <body>
        <header>
    ${header}
        </header>
        <main>
    ${sections}
        </main>
        <footer>
    ${footer}
        </footer>
    ${program && renderProgram(program)}
      </body>
    </html>
  `.text.trimStart();
}

function renderProgram({ script, data }: PageProgram): Html {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return html`
    <script type="application/json" id="data">${trusted(json)}</script>
    <script type="module">${trusted(script)}</script>
  `;
}

/** A section with its heading; nothing where it has no content. */
export function section(heading: string, ...content: HtmlValue[]): Html {
  return html`
    <section>
    <h2>${heading}</h2>
    ${content}
    </section>
  `;
}

/** A figure and what to read off it. */
export function figure(content: HtmlValue, title: string, caption: HtmlValue): Html {
  return html`
    <figure>
      ${content}
      <figcaption><strong>${title}</strong> ${caption}</figcaption>
    </figure>
  `;
}

/**
 * Lets what is wider than the page scroll sideways rather than shrink, by the keyboard too.
 *
 * @param name What it holds, said where the keyboard reaches it.
 */
export function wide(content: HtmlValue, name: string): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${name}">${content}</div>`;
}

/** A column of a table: its heading, and how its cells are set. */
export type Column = readonly [heading: string, kind: "number" | "text" | "prose"];

/** A table that scrolls sideways where it is wider than the page. Its first column names the rows. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly HtmlValue[])[],
  caption?: string,
): Html {
  const heads = columns.map(([heading, kind]) => html`<th class="${kind}">${heading}</th>`);
  const lines = rows.map((row) =>
    html`<tr>${row.map((cell, i) => html`<td class="${columns[i][1]}">${cell}</td>`)}</tr>`
  );
  return wide(
    html`
      <table>
        ${caption === undefined ? undefined : html`<caption>${caption}</caption>`}
        <thead>
          <tr>${heads}</tr>
        </thead>
        <tbody>${lines}</tbody>
      </table>
    `,
    caption ?? `Table by ${columns[0][0]}`,
  );
}

/** Names and values, in columns. */
export function valueList(values: readonly (readonly [HtmlValue, HtmlValue])[]): Html {
  return html`<dl class="options">${
    values.map(([name, value]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )
  }</dl>`;
}
