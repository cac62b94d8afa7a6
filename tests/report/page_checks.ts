/** What must hold for every page, and how the tests read one. */
import { assert, assertMatch, assertNotMatch } from "@std/assert";
import { parseHTML } from "../../deps/linkedom.ts";

/** What the tests use of a parsed page. */
export interface Node {
  readonly textContent: string;
  readonly tagName: string;
  getAttributeNames(): string[];
  getAttribute(name: string): string;
  querySelectorAll(selector: string): ArrayLike<Node> & Iterable<Node>;
}

/** Reads a page as a browser does. */
export function parsePage(page: string): Node {
  return (parseHTML(page) as unknown as { document: Node }).document;
}

/** All words of a page, with single spaces. */
export function pageText(page: string): string {
  const apart = page.replaceAll(/<\/(td|th|dt|dd|h1|h3|p)>/g, " $&");
  const [body] = parsePage(apart).querySelectorAll("body");
  return body.textContent.replaceAll(/\s+/g, " ");
}

/** Headings of the sections. */
export function headings(page: string): string[] {
  return [...parsePage(page).querySelectorAll("h2")].map(({ textContent }) => textContent);
}

/** Every page: it loads nothing, runs nothing, and shows no value that is none. */
export function checkPage(page: string): void {
  assertMatch(page, /^<!doctype html>/i);
  const document = parsePage(page);
  for (const node of document.querySelectorAll("*")) {
    assert(
      !["SCRIPT", "IFRAME", "LINK", "OBJECT", "EMBED"].includes(node.tagName),
      node.tagName,
    );
    for (const name of node.getAttributeNames()) {
      assert(!name.startsWith("on"), `${node.tagName} ${name}`);
      if (["src", "href", "xlink:href", "action"].includes(name)) {
        assertMatch(node.getAttribute(name), /^data:(image\/png|audio\/wav);base64,/);
      }
    }
  }
  assertNotMatch(page.replaceAll(/base64,[^"]*/g, ""), /https?:\/\/|url\(|@import/);
  const text = [...document.querySelectorAll("body")].map((body) => body.textContent).join("");
  assertNotMatch(text, /NaN|undefined|null|Infinity|\[object/);
  assertNotMatch(page.replaceAll(/base64,[^"]*/g, ""), /="[^"]*NaN/);
}
