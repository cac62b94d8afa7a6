/// <reference lib="dom" />
/** Chooses the folder of the recordings. */
import { setKindOf } from "../../pipeline/sources/folder_layout.ts";
import { formatCount, holdUnits, plural } from "../../report/format.ts";
import { at, element } from "../app/dom.ts";
import type { FolderListing, SurveyState } from "../training_messages.ts";
import { ask, order } from "./server.ts";

/** The way from one folder to one in it. */
const within = (path: string, name: string) => path === "." ? name : `${path}/${name}`;

/** Makes it work. @param onLook Is told each folder that is to be looked at; undefined: what comes along. */
export function setUpFolderChooser({ onFail, onLook }: {
  readonly onFail: (error: Error) => void;
  readonly onLook: (path: string | undefined) => void;
}): void {
  const field = at<HTMLInputElement>("folder");

  /** Shows what lies in a folder, and keeps the keyboard in the list where it was there. */
  async function show(path: string): Promise<FolderListing | undefined> {
    try {
      const listing = await ask<FolderListing>("folders", { folder: path || "." });
      const isFocused = at("folders").contains(document.activeElement);
      field.value = listing.path;
      showListing(listing, show);
      if (isFocused) at("folders").querySelector("button")?.focus();
      return listing;
    } catch (error) {
      onFail(error as Error);
    }
  }

  at("folder-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const listing = await show(field.value.trim());
    if (listing) onLook(listing.path);
  });
  at("default-recordings").addEventListener("click", () => onLook(undefined));
  show(".");
}

function showListing(
  { path, parent, folders, numMore, numSounds }: FolderListing,
  onOpen: (path: string) => void,
): void {
  const rows = folders.map((name) => [name, within(path, name)]);
  if (parent !== undefined) rows.unshift(["↑ the folder around it", parent]);
  at("folders").replaceChildren(...rows.map(([name, path]) => {
    const row = element("li"), button = element("button");
    button.type = "button";
    button.append(element("bdi", name));
    button.addEventListener("click", () => onOpen(path));
    row.append(button);
    return row;
  }));
  const here = path === "." ? "The folder that the server may look into" : "This folder";
  const more = numMore > 0 ? `, of which the first ${folders.length} are shown` : "";
  const beside = numSounds > 0 ? `, and ${plural(numSounds, "sound file")} beside them` : "";
  const train = folders.find((name) => setKindOf(name) === "train");
  const advice = train
    ? `Look at it: ${train} is what is trained on.`
    : "Open the one that has a folder for each kind of sound, then look at it.";
  at("folder-words").textContent = `${here} has ${
    plural(folders.length + numMore, "folder")
  }${more}${beside}. ${advice}`;
}

/** Has the server look at a folder. */
export async function look(path: string | undefined): Promise<void> {
  await order("look", { folder: path });
}

/** Most classes that are shown. */
const mostClasses = 60;

let shown: SurveyState["held"];

/** What a folder is called in a sentence. */
export function nameOfFolder(path: string | undefined): string {
  return path === undefined
    ? "the recordings that come along"
    : path === "."
    ? "this folder"
    : path;
}

/** Shows what was found. @returns why it cannot be trained on, as far as that is known. */
export function showSurvey(
  { path, done, total, held, failure }: SurveyState,
): string | undefined {
  const name = nameOfFolder(path);
  at("survey").hidden = false;
  at("held").hidden = held === undefined;
  at("survey-words").classList.toggle("wrong", failure !== undefined);
  at("survey-words").textContent = failure ??
    (held
      ? `What melstream hears in ${name}.`
      : `Listening to ${name}: ${formatCount(done)} of ${total === 0 ? "…" : formatCount(total)}`);
  if (held && held !== shown) {
    shown = held;
    showFigures(held);
  }
  if (failure !== undefined) return "It needs recordings that can be read.";
  return held && held.classes.length < 2
    ? "It needs a folder of recordings for each of at least two kinds."
    : undefined;
}

function showFigures({ figures, classes, remarks, skipped }: NonNullable<typeof shown>): void {
  at("figures").replaceChildren(...figures.map(({ name, figure, note }) => {
    const group = element("div");
    group.append(element("dt", name), element("dd", figure, "figure"), element("dd", note, "note"));
    return group;
  }));
  const most = Math.max(1, ...classes.map(([, count]) => count));
  at("classes").replaceChildren(
    ...classes.slice(0, mostClasses).map(([name, count]) => {
      const row = element("li"), bar = element("div", "", "bar"), fill = element("i");
      const label = element("span", "", "name");
      label.append(element("bdi", name));
      fill.style.width = `${100 * count / most}%`;
      bar.append(fill);
      row.append(label, element("span", formatCount(count)), bar);
      return row;
    }),
  );
  at("more-classes").textContent = classes.length === 0
    ? "None."
    : classes.length > mostClasses
    ? `And ${plural(classes.length - mostClasses, "class", "classes")} with fewer.`
    : "";
  at("remarks-part").hidden = remarks.length === 0;
  at("remarks").replaceChildren(...remarks.map((line) => element("li", holdUnits(line))));
  at("skipped-part").hidden = skipped.length === 0;
  at("skipped").replaceChildren(...skipped.map(([name, cause]) => {
    const row = element("li");
    row.append(element("bdi", name), `: ${cause}`);
    return row;
  }));
}
