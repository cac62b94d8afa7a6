/** The answers to the page of segments, kept in the browser, and the tables that are made of them. */
import { tableText } from "./review_words.js";

/** What `review_page.ts` put into the page. */
export const data = JSON.parse(document.getElementById("data").textContent);
export const { segments } = data;

const storageKey = `melstream-review-${data.id}`;

/**
 * Answers by the segments' places: `{ verdict: "right" | "wrong" | "other", label }`; the places that were
 * answered or skipped, in that order; what wrong ones are labelled.
 */
export const state = { answers: {}, past: [], background: "", ...readState() };

function readState() {
  try {
    return JSON.parse(localStorage.getItem(storageKey)) ?? {};
  } catch {
    return {}; // none, or a browser that keeps nothing
  }
}

/** Keeps the state. @returns False in a browser that keeps nothing. */
export function keepState() {
  try {
    localStorage.setItem(storageKey, JSON.stringify(state));
    return true;
  } catch {
    return false;
  }
}

/** The next segment without an answer behind a place, from the beginning again at the end; -1: none. */
export function nextOpen(place) {
  for (let i = 1; i <= segments.length; i++) {
    const next = (place + i) % segments.length;
    if (!state.answers[next]) return next;
  }
  return -1;
}

/** All labels: those of the events, and those that were given here. */
export function allLabels() {
  const given = Object.values(state.answers).map(({ label }) => label).filter(Boolean);
  return [...new Set([...data.labels, ...given])];
}

/** Rows of the table «Right by score»: of one label, or of all where it is empty. */
export function countByScore(label) {
  const isAsked = (of) => label === "" || of === label;
  return data.ranges.map((range, bin) => {
    const places = [...segments.keys()].filter((place) =>
      segments[place].bin === bin && isAsked(segments[place].label)
    );
    const verdicts = places.flatMap((place) => state.answers[place]?.verdict ?? []);
    return {
      range,
      numEvents: data.labels.filter(isAsked).reduce((sum, of) => sum + data.counts[of][bin], 0),
      numSegments: places.length,
      numAnswered: verdicts.length,
      numRight: verdicts.filter((verdict) => verdict === "right").length,
    };
  });
}

/** Tables of labels: of the clips, below the page's folder, or of the events in their recordings. */
const tables = {
  labels: { header: ["filename", "label"], row: ({ clip }, label) => [clip, label] },
  annotations: {
    header: ["filename", "start", "end", "label"],
    row: ({ filename, start, end }, label) => [filename, start, end, label],
  },
};

/** The label of a segment by its answer; none where there is no answer, or it was wrong and is nothing else. */
function labelOf(place) {
  const { verdict, label } = state.answers[place] ?? {};
  return { right: segments[place].label, wrong: state.background, other: label }[verdict];
}

/** A table as CSV, with the number of segments that have a label, and of labels. */
export function createTable(name) {
  const { header, row } = tables[name];
  const places = [...segments.keys()].filter(labelOf);
  const rows = places.map((place) => row(segments[place], labelOf(place)));
  const numLabels = new Set(places.map(labelOf)).size;
  return { numRows: rows.length, numLabels, text: tableText([header, ...rows]) };
}
