/** The document of the page that trains: what its program finds by ids. It holds nothing but words. */
import { supportedFormats } from "../pipeline/decode/supported_formats.ts";
import { formatSeconds } from "../report/format.ts";
import { type Html, html } from "../report/html.ts";
import { section } from "../report/page.ts";
import { recipeNames } from "../run/config/recipes.ts";
import { renderAppDocument } from "./app_document.ts";

/** Lengths of clips that are offered beside the one that fits, in seconds. */
const lengths = [1, 2, 3, 5, 10];

/** What the recipes are called on the page. */
const recipeWords: Readonly<Record<typeof recipeNames[number], string>> = {
  default: "usual",
  strong: "strong: takes longer, for a better model",
  source: "source: what the usual one set out from",
};

/** Makes the document. @param hasModel Whether its server has a page to try a model, too. */
export function renderTrainPage(hasModel: boolean): string {
  return renderAppDocument({
    title: "Train a model",
    lede: html`
      <p
        class="lede">From a folder that has a folder of recordings for each kind of sound. The machine that serves this page does the work: close the page and it goes on, open it again and it shows where it is.</p>
      ${hasModel ? html`<p><a href="/">Try the model that is served here</a></p>` : undefined}
    `,
    withoutScript: "This page needs JavaScript.",
    main: [
      html`<p class="said" id="said" role="status">Asking the server…</p>`,
      ...[newestSection(), runSection(), folderSection(), surveySection(), startSection()],
    ],
    footer: html`<p>The recordings stay on the machine that serves this page.</p>`,
    scripts: ["app.js"],
  });
}

/** The newest run, where none was begun since the server was started. */
function newestSection(): Html {
  return html`
    <section id="newest" hidden>
      <h2>The newest run</h2>
      <p id="newest-words"></p>
      <div class="keys">
        <button type="button" id="resume" hidden>Go on with it</button>
        <a class="key-link" id="newest-try" hidden>Try its model</a>
        <a class="key-link" id="newest-report" hidden>Its report</a>
      </div>
    </section>
  `;
}

function runSection(): Html {
  return html`
    <section id="run" hidden>
      <h2 id="run-heading" tabindex="-1">The run</h2>
      <p id="run-words"></p>
      <div id="under-way">
        <progress id="progress" max="1" value="0" aria-label="Share of the run that is done"></progress>
        <p class="note" id="progress-words"></p>
        <div class="keys"><button type="button" id="stop">Stop after this step</button></div>
      </div>
      <div id="outcome" hidden>
        <p id="outcome-words"></p>
        <div class="keys">
          <a class="key-link main" id="try">Try the model: drop a file, or record</a>
          <a class="key-link" id="report">The report, with the mistakes to listen to</a>
          <button type="button" id="go-on">Go on with it</button>
        </div>
        <p class="note" id="serve-words"></p>
      </div>
      <div id="curves" hidden>
        <div class="figures">
          ${curve(
            "loss",
            "Loss",
            "By epoch: the lower, the better; that of the validation clips counts.",
          )}
          ${curve(
            "accuracy",
            "Accuracy",
            "By epoch: share named rightly; validation clips are not trained on until their line ends.",
          )}
        </div>
        <ul class="key" aria-hidden="true">
          <li class="training"><i></i>training</li>
          <li class="validation"><i></i>validation</li>
        </ul>
        <details>
          <summary>As a table</summary>
          <div class="scroll" tabindex="0" role="group" aria-label="Epochs of the run">
            <table>
              <thead>
                <tr>
                  <th>Epoch</th>
                  <th>Loss</th>
                  <th>Accuracy</th>
                  <th>Validation loss</th>
                  <th id="score-heading">Validation accuracy</th>
                </tr>
              </thead>
              <tbody id="rows"></tbody>
            </table>
          </div>
        </details>
      </div>
      <details id="notices" hidden>
        <summary>What the run says</summary>
        <ul id="notice-list"></ul>
      </details>
    </section>
  `;
}

function curve(id: string, name: string, caption: string): Html {
  return html`
    <figure>
      <svg id="${id}-curve" class="curve" viewBox="0 0 340 220" role="img"
        aria-label="${name} by epoch"></svg>
      <figcaption><strong id="${id}-name">${name}</strong> ${caption}</figcaption>
    </figure>
  `;
}

function folderSection(): Html {
  const formats = supportedFormats.map(({ format }) => format).join(", ");
  return section(
    "Recordings",
    html`
      <form id="folder-form" class="row">
        <label
          class="wide">Folder<input id="folder" autocomplete="off" spellcheck="false" value="."></label>
        <button type="submit">Look at it</button>
      </form>
      <p class="note" id="folder-words"></p>
      <ul class="folders" id="folders" aria-label="Folders"></ul>
      <p class="note">Without recordings of your own:
      <button type="button" class="inline" id="default-recordings">take the ones that come along</button>.
      Formats: ${formats}.</p>
    `,
  );
}

function surveySection(): Html {
  return html`
    <section id="survey" hidden>
      <h2>What it holds</h2>
      <p id="survey-words"></p>
      <div id="held" hidden>
        <dl class="numbers" id="figures"></dl>
        <h3>Classes</h3>
        <ol class="classes" id="classes"></ol>
        <p class="note" id="more-classes"></p>
        <div id="remarks-part">
          <h3>What training would say</h3>
          <ul id="remarks"></ul>
        </div>
        <details id="skipped-part">
          <summary>Recordings that cannot be read</summary>
          <ul id="skipped"></ul>
        </details>
        <p><a href="inspect.html" target="_blank">All of it: lengths, formats, sample rates</a></p>
      </div>
    </section>
  `;
}

function startSection(): Html {
  return section(
    "Training",
    html`
      <form id="start-form">
        <div class="row">
          <label>Epochs at most<input id="epochs" type="number" min="1" step="1" placeholder="as the recipe has"></label>
          <label>Length of a clip<select id="seconds">
            <option value="auto">as long as they are</option>
            ${lengths.map((length) =>
              html`<option value="${length}">${formatSeconds(length)}</option>`
            )}
          </select></label>
          <label>Recipe<select id="recipe">${recipeNames.map((name) =>
            html`<option value="${name}">${recipeWords[name]}</option>`
          )}</select></label>
        </div>
        <p
          class="note">It ends sooner where the validation falls and stays below, and keeps the last weights that did as well there as any; these learn from all recordings at last.</p>
        <div class="keys"><button type="submit" id="start" class="main" disabled>Train</button></div>
        <p class="note" id="start-words">Choose a folder first.</p>
      </form>
    `,
  );
}
