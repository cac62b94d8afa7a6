/** HTML from templates in which every value is escaped unless it is HTML already. */

/** Text that is HTML: made by `html` or vouched for by `trusted`. */
export class Html {
  /** @param text Well-formed HTML, every foreign part of it escaped. */
  constructor(readonly text: string) {}
}

/** Value of a template: HTML as it is, text and numbers escaped, lists joined, nothing for `undefined`. */
export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for use between tags and in quoted attributes. Control characters become U+FFFD. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character])
    // deno-lint-ignore no-control-regex
    .replaceAll(/[\x00-\x08\x0b-\x1f\x7f]/g, "\ufffd").toWellFormed();
}

/** Marks text as HTML. Only for what this program wrote or a serialiser escaped. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** Template tag: html`<p>${name}</p>`. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(render)));
}

function render(value: HtmlValue): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(render).join("");
  return escapeText(String(value));
}

/** A name from outside (a label, a file): isolated, so that its writing direction stays its own. */
export function nameOf(name: string): Html {
  return html`<bdi class="name">${name}</bdi>`;
}
