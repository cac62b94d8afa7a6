/** Charts as static SVG: Observable Plot on a small DOM, coloured by the page's own variables. */
import * as Plot from "../deps/plot.ts";
import { parseHTML } from "../deps/linkedom.ts";
import { type Html, trusted } from "./html.ts";

// linkedom's types promise the whole window of a browser; Plot needs no more than its document.
const { document } = parseHTML("<!doctype html><html></html>") as unknown as {
  document: Plot.PlotOptions["document"];
};

/** Colours of a chart: variables of the page, so that they follow its light or dark scheme. */
export const ink = {
  accent: "var(--accent)",
  muted: "var(--muted)",
  faint: "var(--rule)",
  paper: "var(--paper)",
} as const;

/** Colours that tell several runs apart (Okabe and Ito 2008, safe for colour-blind readers). */
export const seriesColours: readonly string[] = [1, 2, 3, 4, 5, 6, 7].map((n) =>
  `var(--series-${n})`
);

/**
 * Draws a chart. Text that it shows is escaped.
 *
 * @param name What it is of, for those who cannot see it.
 */
export function chart(name: string, options: Plot.PlotOptions): Html {
  const figure = Plot.plot({
    document,
    className: "plot",
    style: { fontSize: "12px" },
    ...options,
  });
  // A picture is read out as one thing: Plot's names of its parts have no role that could carry them.
  for (const part of figure.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  figure.setAttribute("role", "img");
  figure.setAttribute("aria-label", name);
  // The page has these rules once: see `svg.plot` in its style.
  return trusted(figure.outerHTML.replace(/<style>[^<]*<\/style>/, ""));
}

/** At most `most` whole numbers from 1 to `last`, evenly spread. */
export function wholeTicks(last: number, most = 8): number[] {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  const step = steps.find((step) => last / step <= most) ?? Math.ceil(last / most);
  const ticks = Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
  return step === 1 ? ticks : [1, ...ticks.filter((tick) => tick > 1)];
}

/** Shortens text for an axis. */
export function shorten(text: string, most = 18): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** Room that an axis needs for its longest label, in pixels. */
export function labelMargin(labels: readonly string[]): number {
  return 14 + 7 * Math.max(1, ...labels.map((label) => [...label].length));
}
