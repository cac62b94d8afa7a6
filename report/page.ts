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
}

/**
 * A whole HTML document. It may load nothing and run nothing: all is inside, and its own policy
 * forbids the rest, whatever the names in it look like.
 */
export function renderPage({ title, header, sections, footer }: Page): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:";
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <style>${trusted(pageStyle)}</style>
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
      </body>
    </html>
  `.text.trimStart();
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
