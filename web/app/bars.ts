/// <reference lib="dom" />
/** The classes of an answer, as bars. */
import { formatShare } from "../../report/format.ts";
import type { AboutModels, Answer } from "../messages.ts";
import { at, element, nameElement } from "./dom.ts";

/** Classes that are shown where nobody asks for all. */
const mostShown = 10;

/** Shows an answer. @param showsAll Every class, however many there are. */
export function showBars(
  { probabilities, labels }: Answer,
  { card: { classes, backgroundClasses = [] } }: AboutModels,
  showsAll: boolean,
): void {
  const ranked = [...classes.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  const shown = showsAll ? ranked : ranked.slice(0, mostShown);
  at("bars").replaceChildren(...shown.map((k) => {
    const item = element("li", "", labels.includes(classes[k]) ? "given" : "");
    const name = nameElement(classes[k]), bar = element("div", "", "bar"), fill = element("i");
    const note = backgroundClasses.includes(classes[k]) ? " (background)" : "";
    fill.style.width = `${100 * probabilities[k]}%`;
    bar.append(fill);
    const words = element("span", "", "name");
    words.append(name, note);
    item.append(words, element("span", formatShare(probabilities[k])), bar);
    return item;
  }));
  const button = at("more");
  button.hidden = classes.length <= mostShown;
  button.textContent = showsAll
    ? `Show the first ${mostShown}`
    : `Show all ${classes.length} classes`;
}

/** An answer in words: its labels, and how probable they are. */
export function describeAnswer(
  { probabilities, labels }: Answer,
  { card: { classes } }: AboutModels,
): string {
  return labels.map((label) => {
    const k = classes.indexOf(label);
    return k < 0 ? label : `${label}, ${formatShare(probabilities[k])}`;
  }).join("; ");
}
