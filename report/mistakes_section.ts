/** The clips that a model got most wrong, as it heard them. */
import { type Dsp, loadDsp } from "../pipeline/dsp/dsp.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { fileLocation } from "../pipeline/locations/location.ts";
import { decibelLegend, spectrogram } from "./clip_figures.ts";
import { formatShare, plural } from "./format.ts";
import { hearRecording } from "./heard_clip.ts";
import { type Html, html, type HtmlValue, nameOf } from "./html.ts";
import { section } from "./page.ts";
import type { Mistake, RunRecord } from "./run_files.ts";
import { player } from "./sound.ts";

/** How much sound a page holds at the most, in seconds: about 8 MB at 22,050 Hz. */
const mostSoundSeconds = 120;

/** Pictures and players of a run's mistakes; a file that is gone leaves its words alone. */
export async function renderMistakes(
  { mistakes, numMistakes, classes, frontEnd }: RunRecord,
): Promise<Html | undefined> {
  const heading = "What it got most wrong";
  if (numMistakes === 0) {
    return section(
      heading,
      html`
        <p>Nothing: every validation clip is named rightly.</p>
      `,
    );
  }
  if (mistakes.length === 0) return undefined;
  const dsp = await loadDsp();
  const numPlayers = Math.floor(mostSoundSeconds / frontEnd.durationSeconds);
  const cards: Html[] = [];
  for (const mistake of mistakes) {
    const { title, note } = describeMistake(mistake, classes);
    cards.push(html`
      <article>
        <h3>${title}</h3>
        <p class="note">${note}<br>${nameOf(mistake.filename)}</p>
        ${await renderSound(mistake.path, frontEnd, dsp, cards.length < numPlayers)}
      </article>
    `);
  }
  const which = numMistakes > mistakes.length
    ? `The ${mistakes.length} of ${plural(numMistakes, "mistake")}`
    : plural(numMistakes, "mistake");
  return section(
    heading,
    html`
      <p class="note">${which}, those first that gave the truth the least probability, as the model
      heard them. A wrong label in the data often shows up here.</p>
      ${decibelLegend(frontEnd.dynamicRangeDb)}
      <div class="clips">${cards}</div>
    `,
  );
}

/** What it is, what it was taken for, and how surely. */
function describeMistake(
  { trueLabels, saidLabels, probabilities }: Mistake,
  classes: readonly string[],
): { title: Html; note: Html } {
  const list = (indices: readonly number[]): HtmlValue =>
    indices.length === 0
      ? "nothing"
      : indices.map((index, i) => [i > 0 ? " and " : "", nameOf(classes[index])]);
  const wrong = saidLabels.filter((index) => !trueLabels.includes(index));
  const missed = trueLabels.filter((index) => !saidLabels.includes(index));
  const shares = [...wrong, ...missed].map((index, i) => [
    i > 0 ? "; " : "",
    html`${formatShare(probabilities[index])} for ${nameOf(classes[index])}`,
  ]);
  return {
    title: html`${list(trueLabels)}, named ${list(saidLabels)}`,
    note: html`${shares}`,
  };
}

async function renderSound(
  path: Mistake["path"],
  frontEnd: FrontEnd,
  dsp: Dsp,
  playable: boolean,
): Promise<HtmlValue> {
  try {
    const recording = { id: path, location: fileLocation(path) };
    const { samples, features, failure } = await hearRecording(recording, frontEnd, dsp);
    if (!samples || !features) throw new Error(failure);
    return [
      spectrogram(features, frontEnd, { width: 320, height: 190 }),
      playable ? player(samples, frontEnd.sampleRateHz) : undefined,
    ];
  } catch (error) {
    return html`<p class="note">No picture: ${nameOf((error as Error).message)}</p>`;
  }
}
