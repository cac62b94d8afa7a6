/// <reference lib="dom" />
/** The page's elements. */

/** The element with an id: the page has it. */
export function at<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** A new element with a text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text = "",
  className = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A name from outside: isolated, so that its writing direction stays its own. */
export function nameElement(name: string): HTMLElement {
  return element("bdi", name, "name");
}
