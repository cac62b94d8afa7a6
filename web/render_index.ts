/** The page's document: what its program finds by ids. It holds nothing but words; style and program are files of their own. */
import type { ModelCard } from "../model/model_card.ts";
import { supportedFormats } from "../pipeline/decode/supported_formats.ts";
import { formatHz, formatSeconds, plural } from "../report/format.ts";
import { html, type HtmlValue, nameOf } from "../report/html.ts";
import { section } from "../report/page.ts";
import { renderAppDocument } from "./app_document.ts";

/** Of a page from disk, which no server gives a policy: its threads are made of texts. */
const policy = "default-src 'none'; script-src 'self' file: blob: 'wasm-unsafe-eval'; " +
  "worker-src blob:; style-src 'self' file:; img-src 'self' data:; media-src blob:; base-uri 'none'; form-action 'none'";

/** Most classes that are named in the page's head. */
const mostNamed = 12;

/** Makes the document. */
export function renderIndex(
  { classes, frontEnd: { durationSeconds, sampleRateHz }, program, backbone }: ModelCard,
  { fromDisk, trainAddress }: { readonly fromDisk?: true; readonly trainAddress?: string } = {},
): string {
  const named = classes.slice(0, mostNamed), more = classes.length - named.length;
  return renderAppDocument({
    title: "Try the model",
    policy: fromDisk && policy,
    lede: html`
      <p
        class="lede">It tells ${plural(classes.length, "class", "classes")} apart${html`: ${
          list(named.map(nameOf))
        }${more > 0 ? ` and ${more} more` : ""}`}. It hears ${formatSeconds(
          durationSeconds,
        )} at a time, up to ${formatHz(sampleRateHz / 2)}.</p>
      ${trainAddress &&
        html`<p><a href="${trainAddress}">Train a model on recordings of your own</a></p>`}
    `,
    withoutScript: `This page needs JavaScript: it ${
      backbone ? "reads and shows the sound" : "computes all by itself"
    }.`,
    main: [
      ...[soundSection(), timeSection(), answerSection()],
      pictureSection(durationSeconds, backbone?.card.name),
    ],
    footer: html`
      <p>${backbone
        ? `The sound goes to the server that this page comes from, which answers as ${program} does, and keeps nothing of it.`
        : `The sound stays in this browser, which computes what ${program} would: nothing is sent anywhere.`}</p>
      <p id="engine"></p>
    `,
    scripts: [...fromDisk ? ["threads.js"] : [], "model.js", "app.js"],
  });
}

function list(items: readonly HtmlValue[]): HtmlValue {
  return items.map((item, i) => i === 0 ? item : html`, ${item}`);
}

function soundSection() {
  const formats = supportedFormats.map(({ format }) => format).join(", ");
  return section(
    "Sound",
    html`
      <div class="drop" id="drop">
        <p>Drop sound files anywhere on this page</p>
        <div class="keys">
          <button type="button" id="choose" class="main" disabled>Choose files</button>
          <button type="button" id="record" disabled>Record</button>
          <input type="file" id="file" accept="audio/*,video/webm,.caf" multiple hidden>
        </div>
        <meter id="level" min="0" max="1" value="0" aria-label="Level of the microphone" hidden></meter>
        <p class="note">${formats}</p>
      </div>
      <p class="said" id="said" role="status">Opening the model…</p>
      <audio id="sound" controls hidden></audio>
      <ul class="shelf" id="shelf" aria-label="Sounds" hidden></ul>
    `,
  );
}

function timeSection() {
  return html`
    <section id="times" hidden>
    <h2>When</h2>
    <p class="note" id="times-note"></p>
    ${plot("overview", "Waveform of the whole sound")} ${plot(
      "timeline",
      "Probability of labels over time",
    )}
    <div class="keys">
      <label class="place">Window<input type="range" id="place" min="0" value="0" step="1"></label>
      <button type="button" id="whole" aria-pressed="true">Whole sound</button>
    </div>
    <details>
      <summary>As a table</summary>
      <div class="scroll" tabindex="0" role="group" aria-label="What was heard, and when">
        <table>
          <thead><tr><th>Start</th><th>End</th><th class="text">Label</th><th>Probability</th></tr></thead>
          <tbody id="events"></tbody>
        </table>
      </div>
      <p class="note" id="events-note"></p>
    </details>
    </section>
  `;
}

function answerSection() {
  return html`
    <section id="answer" hidden>
      <h2>What it is</h2>
      <h3 class="label" id="label"></h3>
      <p class="note" id="label-note"></p>
      <ol class="bars" id="bars"></ol>
      <button type="button" id="more" hidden></button>
    </section>
  `;
}

/** @param backbone Name of what the model hears by, where that is not what is shown. */
function pictureSection(durationSeconds: number, backbone?: string) {
  return html`
    <section id="pictures" hidden>
    <h2>What the model hears</h2>
    <p class="note" id="pictures-note">The stretch of ${formatSeconds(
      durationSeconds,
    )} that it is asked about${backbone === undefined
      ? ", as it sees it"
      : html`; its backbone, ${nameOf(backbone)}, makes pictures of its own`}.</p>
    <h3>Waveform</h3>
    ${plot("waveform", "Waveform")}
    <h3>Mel spectrogram</h3>
    ${plot("spectrogram", "Mel spectrogram")}
    <div class="legend">
      <canvas id="legend" height="12" role="img" aria-label="Colours: dB below the loudest cell"></canvas>
      <div class="ticks" id="legend-ticks" aria-hidden="true"></div>
    </div>
    </section>
  `;
}

/** A picture with its axes. */
function plot(id: string, name: string) {
  return html`
    <div class="plot" id="${id}">
      <div class="heights" aria-hidden="true"></div>
      <div
        class="view"><canvas role="img" aria-label="${name}"></canvas><i class="head" hidden></i></div>
      <div class="ticks" aria-hidden="true"></div>
    </div>
  `;
}
