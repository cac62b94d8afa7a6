/** The clips that a model got most wrong, as it heard them. */
import { basename } from "../deps/std_path.ts";
import type { Evaluation } from "../model/evaluation/evaluation.ts";
import { createClip, firstClips } from "../pipeline/clip.ts";
import { type Dsp, loadDsp } from "../pipeline/dsp/dsp.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { fileLocation } from "../pipeline/locations/location.ts";
import { readerOf } from "../pipeline/sources/folder_reader.ts";
import { decibelLegend, spectrogram } from "./clip_figures.ts";
import { formatNumber, formatShare, plural, thin } from "./format.ts";
import { hearClip } from "./heard_clip.ts";
import { type Html, html, type HtmlValue, nameOf } from "./html.ts";
import { section } from "./page.ts";
import type { RunRecord } from "./read_run.ts";
import type { LocatedMistake } from "./read_validation.ts";
import { player } from "./sound.ts";

/** How much sound a page holds at the most, in seconds: about 8 MB at 22,050 Hz. */
const mostSoundSeconds = 120;

/** Pictures and players of a run's mistakes; a file that is gone leaves its words alone. */
export async function renderMistakes(
  { mistakes, frontEnd }: RunRecord,
  { numMistakes }: Pick<Evaluation, "numMistakes">,
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
    const { title, note } = describeMistake(mistake);
    cards.push(html`
      <article>
        <h3>${title}</h3>
        <p class="note">${note}<br>${describePlace(mistake)}</p>
        ${await renderSound(mistake, frontEnd, dsp, cards.length < numPlayers)}
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

/** Its labels, the classes that it was named, and how surely. */
function describeMistake({ labels, named, shares }: LocatedMistake): { title: Html; note: Html } {
  const list = (names: readonly string[]): HtmlValue =>
    names.length === 0 ? "nothing" : names.map((name, i) => [i > 0 ? " and " : "", nameOf(name)]);
  return {
    title: html`${list(labels)}, named ${list(named)}`,
    note: html`${
      shares.map(({ name, probability }, i) => [
        i > 0 ? "; " : "",
        html`${formatShare(probability)} for ${nameOf(name)}`,
      ])
    }`,
  };
}

/** Its recording, and where in that it lies. */
function describePlace({ id, path, stretch }: LocatedMistake): HtmlValue {
  if (!stretch) return nameOf(id);
  const { startSeconds, endSeconds } = stretch;
  return html`${nameOf(basename(path))}, ${formatNumber(startSeconds, 2)} to ${
    formatNumber(endSeconds, 2)
  }${thin}s`;
}

async function renderSound(
  { path, stretch, part }: LocatedMistake,
  frontEnd: FrontEnd,
  dsp: Dsp,
  playable: boolean,
): Promise<HtmlValue> {
  try {
    const isRemote = path.includes("://"); // which a report does not ask
    const location = isRemote ? fileLocation(path) : (await readerOf(path)).locationOf(path);
    const recording = { id: path, location, part };
    const clip = stretch
      ? createClip(recording, stretch, frontEnd.sampleRateHz)
      : firstClips([recording])[0];
    const { samples, features, failure } = await hearClip(clip, frontEnd, dsp);
    if (!samples || !features) throw new Error(failure);
    return [
      spectrogram(features, frontEnd, { width: 320, height: 190 }),
      playable ? player(samples, frontEnd.sampleRateHz) : undefined,
    ];
  } catch (error) {
    return html`<p class="note">No picture: ${nameOf((error as Error).message)}</p>`;
  }
}
