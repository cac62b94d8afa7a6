/// <reference lib="dom" />
/** The sounds that were given to the page, and what is said of each. */
import { at, element, nameElement } from "./dom.ts";
import type { Sound } from "./sound.ts";

/** One of them. */
export interface ShelfEntry {
  readonly name: string;
  readonly blob: Blob;
  /** What was heard in it. */
  sound: Sound;
}

/** Shows them, where there is more than one, each as a button that shows it. @param shown The one that is shown. */
export function showShelf(
  shelf: readonly ShelfEntry[],
  shown: ShelfEntry | undefined,
  onChoose: (entry: ShelfEntry) => void,
): void {
  const rows = at("shelf"),
    focused = [...rows.children].findIndex((row) => row.contains(document.activeElement));
  rows.hidden = shelf.length < 2;
  rows.replaceChildren(...shelf.map((entry) => {
    const row = element("li"), button = element("button");
    const { said = "waiting…", isWrong } = entry.sound;
    button.type = "button";
    if (entry === shown) button.setAttribute("aria-current", "true");
    const words = element("span", said, isWrong ? "answer wrong" : "answer");
    button.append(nameElement(entry.name), words);
    button.addEventListener("click", () => onChoose(entry));
    row.append(button);
    return row;
  }));
  // The buttons are new: the keyboard stays where it was.
  rows.children[focused]?.querySelector("button")?.focus();
}
