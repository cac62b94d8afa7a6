/// <reference lib="dom" />
/** The sounds that were given to the page, and what was said of each. */
import { at, element, nameElement } from "./dom.ts";

/** One of them. */
export interface ShelfEntry {
  readonly name: string;
  readonly blob: Blob;
  /** What was said of it; absent until it was heard. */
  readonly said?: string;
  /** Nothing of it could be read. */
  readonly isWrong?: boolean;
}

/** Shows them, where there is more than one, each as a button that shows it. @param current The one that is shown. */
export function showShelf(
  shelf: readonly ShelfEntry[],
  current: ShelfEntry | undefined,
  onChoose: (entry: ShelfEntry) => void,
): void {
  at("shelf").hidden = shelf.length < 2;
  const rows = at("shelf"), isFocused = rows.contains(document.activeElement);
  rows.replaceChildren(...shelf.map((entry) => {
    const row = element("li"), button = element("button");
    const { name, said = "waiting…", isWrong = false } = entry;
    button.type = "button";
    if (entry === current) button.setAttribute("aria-current", "true");
    button.append(nameElement(name), element("span", said, isWrong ? "answer wrong" : "answer"));
    button.addEventListener("click", () => onChoose(entry));
    row.append(button);
    return row;
  }));
  // The buttons are new: the keyboard stays with the one that is shown.
  if (isFocused) rows.querySelector<HTMLElement>("[aria-current]")?.focus();
}
