/** The page of segments: plays one after the other, asks whether it is what it is named, saves the answers. */
import { createHash } from "node:crypto";
import { readAsset } from "../wasm/load.ts";
import { formatNumber, plural } from "./format.ts";
import { html, nameOf } from "./html.ts";
import { renderPage, section, wide } from "./page.ts";
import { reviewStyle } from "./review_style.ts";
import { frequencyMarks } from "./segment_picture.ts";

/** A segment as the page asks about it. Times are in seconds of the recording. */
export interface ReviewedSegment {
  /** Its sound, below the page's folder; its picture has the ending `.png`. */
  readonly clip: string;
  /** The recording's id. */
  readonly filename: string;
  /** What it was taken for. */
  readonly label: string;
  /** How surely. */
  readonly probability: number;
  /** The range of scores that this is in, counted from 0. */
  readonly bin: number;
  /** Where the event begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** Where the clip begins. */
  readonly clipStart: number;
  /** Where it ends. */
  readonly clipEnd: number;
  /** The clip's, in Hz. */
  readonly sampleRateHz: number;
}

/** What the page is about. */
export interface Review {
  /** The file of the events. */
  readonly events: string;
  /** The segments, in the order in which they are asked about. */
  readonly segments: readonly ReviewedSegment[];
  /** Ranges of scores. */
  readonly bins: number;
  /** The events that the segments were drawn from: for each label a number a range. */
  readonly counts: ReadonlyMap<string, readonly number[]>;
}

/** Makes the page. @returns The text of an HTML file that lies beside the folder of clips. */
export async function renderReviewPage(review: Review): Promise<string> {
  const { events, segments, bins, counts } = review, name = events.split("/").at(-1)!;
  const rates = new Set(segments.map(({ sampleRateHz }) => sampleRateHz));
  const about = {
    labels: [...counts.keys()],
    ranges: Array.from({ length: bins }, (_, bin) => rangeName(bin, bins)),
    counts: Object.fromEntries(counts),
    marks: Object.fromEntries([...rates].map((rate) => [rate, frequencyMarks(rate)])),
    segments: segments.map((segment) => ({ ...segment, picture: pictureOf(segment) })),
  };
  // Of the same segments it is the same page: answers to it are found again.
  const id = createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, 16);
  return renderPage({
    title: `Review of ${name} – melstream`,
    header: html`
      <p class="kicker">Review</p>
      <h1>${nameOf(name)}</h1>
      <p class="lede">${plural(segments.length, "segment")} of ${plural(
        counts.size,
        "label",
      )}: is each what the model took it for?</p>
    `,
    sections: [askSection(), scoreSection(), saveSection()],
    footer: html`
      <p>Answers stay in this browser until they are saved; nothing is sent anywhere.</p>
    `,
    program: {
      script: await readScript(),
      data: { id, ...about },
      style: reviewStyle,
    },
  });
}

/** The scripts as one module: a page that is opened from disk can import none. */
async function readScript(): Promise<string> {
  const files = [
    new URL("./review_words.js", import.meta.url),
    new URL("./review_answers.js", import.meta.url),
    new URL("./review_script.js", import.meta.url),
  ];
  const texts = await Promise.all(
    files.map(async (file) => new TextDecoder().decode(await readAsset(file))),
  );
  return texts.join("\n").replaceAll(/^import .*;\n/gm, "").replaceAll(/^export /gm, "");
}

function askSection() {
  return section(
    "Listen and answer",
    html`
      <noscript><p>This page needs JavaScript: it asks, and keeps what you answer.</p></noscript>
      <div class="review">
        <p
          class="done"><progress id="progress" value="0" aria-label="Answered"></progress> <span id="done"></span></p>
        <h3 id="question" tabindex="-1"></h3>
        <p class="note" id="origin"></p>
        <div id="segment">
          <div class="picture" id="picture" role="img">
            <div class="span" aria-hidden="true"><i id="span"></i></div>
            <div class="heights" id="heights" aria-hidden="true"></div>
            <div
              class="view"><img id="image" alt=""><i class="event" id="event"></i><i class="head" id="head"></i></div>
            <div class="times" id="times" aria-hidden="true"></div>
          </div>
          <audio id="sound" controls preload="auto"></audio>
          <div class="keys answers" role="group" aria-label="Answer">
            <button type="button" id="wrong" aria-keyshortcuts="ArrowLeft N">Wrong<kbd>←</kbd></button>
            <button type="button" id="right" class="main"
              aria-keyshortcuts="ArrowRight Y">Right<kbd>→</kbd></button>
            <button type="button" id="again" aria-keyshortcuts="Space">Play again<kbd>Space</kbd></button>
            <button type="button" id="skip" aria-keyshortcuts="S">Skip<kbd>S</kbd></button>
          </div>
          <div class="keys" role="group" aria-label="It is another label" id="labels"></div>
        </div>
        <div class="keys">
          <form id="other"><label>Another label<input id="name" list="known" autocomplete="off"></label>
      <button>Set</button></form>
          <button type="button" id="undo" aria-keyshortcuts="Backspace U">Take back<kbd>U</kbd></button>
        </div>
        <datalist id="known"></datalist>
        <p class="note said" id="said" role="status"></p>
        <label class="switch"><input type="checkbox" id="keys" checked>
      Keys: → or Y right, ← or N wrong, 1–9 the labels above, L another label, Space play again, S skip, U or
      Backspace take back</label>
      </div>
    `,
  );
}

function scoreSection() {
  return section(
    "Right by score",
    html`
      <p
        class="note">A threshold is well placed where the share that is right is still as high as
      you need. Of a label's events in a range each had the same chance to be drawn, up to a limit.</p>
      <div class="keys"><label>Label<select id="of"><option value="">all</option></select></label></div>
      ${wide(
        html`
          <table>
            <thead>
              <tr>
                <th>Score</th>
                <th>Events</th>
                <th>Answered</th>
                <th>Right</th>
                <th>Share</th>
              </tr>
            </thead>
            <tbody id="scores"></tbody>
          </table>
        `,
        "Right by score",
      )}
    `,
  );
}

function saveSection() {
  return section(
    "Save",
    html`
      <p class="note"><code>labels.csv</code> labels the clips: <code>melstream train --data DIR --labels
      labels.csv</code>, where DIR is this page's folder. <code>annotations.csv</code> labels the events in their
      recordings, beside others that are marked there: <code>melstream train --data RECORDINGS --labels
      annotations.csv</code>.</p>
      <div class="keys">
        <label>Wrong ones are<input id="background" list="known" placeholder="left out" autocomplete="off"></label>
        <button type="button" id="save-labels" class="main">Save labels</button>
        <button type="button" id="save-annotations">Save annotations</button>
      </div>
      <p class="note said" id="saved" role="status"></p>
    `,
  );
}

function pictureOf({ clip }: ReviewedSegment): string {
  return clip.replace(/\.wav$/, ".png");
}

/** `0.2–0.4`. */
function rangeName(bin: number, bins: number): string {
  const decimals = bins === 1 || 10 % bins === 0 ? 1 : 2;
  return [bin, bin + 1].map((edge) => formatNumber(edge / bins, decimals)).join("–");
}
