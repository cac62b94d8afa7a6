/** The page about one recording: what the model hears of it, and what each augmentation makes of it. */
import { basename } from "../deps/std_path.ts";
import type { DecodedAudio } from "../pipeline/decode/audio.ts";
import { loadDsp } from "../pipeline/dsp/dsp.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { describeRemark } from "../pipeline/remarks.ts";
import { readerOf } from "../pipeline/sources/folder_reader.ts";
import { type AugmentOptions, augmentRecording, type Variant } from "./augment_variants.ts";
import { decibelLegend, spectrogram, waveform } from "./clip_figures.ts";
import { formatCount, formatDuration, formatHz, formatNumber } from "./format.ts";
import { hearRecording } from "./heard_clip.ts";
import { type Html, html, type HtmlValue, nameOf } from "./html.ts";
import { renderPage, section, valueList } from "./page.ts";
import { player } from "./sound.ts";

/** How a recording is looked at. */
export interface InspectClipOptions extends AugmentOptions {
  /** How its features are made. */
  readonly frontEnd: FrontEnd;
}

/**
 * Makes the page of one recording.
 *
 * @param path A file, which may be a member of an archive: `clips.zip/dog/1.wav`.
 * @returns The text of an HTML file.
 * @throws {Error} where it cannot be decoded.
 */
export async function inspectClip(path: string, options: InspectClipOptions): Promise<string> {
  const { frontEnd, seed } = options;
  const dsp = await loadDsp();
  const reader = await readerOf(path);
  const recording = { id: basename(path), location: reader.locationOf(path) };
  const heard = await hearRecording(recording, frontEnd, dsp);
  const { audio, samples, features, failure, remarks = [] } = heard;
  if (!audio || !samples) throw new Error(failure);
  const variants: Variant[] = [
    { title: "As it is", samples, features },
    ...await augmentRecording(recording, frontEnd, options, dsp),
  ];
  // One scale for all waveforms, so that louder looks louder.
  const peak = Math.max(1e-6, ...variants.map(({ samples }) => samples ? peakOf(samples) : 0));
  const { totalSeconds } = audio;
  const facts: [HtmlValue, HtmlValue][] = [
    ["format", audio.format],
    ["channels", `${audio.numChannels}${audio.numChannels > 1 ? ", averaged" : ""}`],
    [
      "sample rate",
      formatHz(audio.sampleRateHz) +
      (audio.sampleRateHz === frontEnd.sampleRateHz
        ? ""
        : `, resampled to ${formatHz(frontEnd.sampleRateHz)}`),
    ],
    [
      "length",
      totalSeconds === undefined ? "not stated in the file" : formatDuration(totalSeconds),
    ],
    ["used", describeUse(audio, frontEnd)],
    ["peak", describeLevel(peakOf(samples))],
    ["mean power", describeLevel(rms(samples))],
    ...remarks.filter(({ kind }) => kind !== "longer") // its length and use say that
      .map((remark): [HtmlValue, HtmlValue] => [
        "remark",
        describeRemark(remark, frontEnd.durationSeconds),
      ]),
  ];
  return renderPage({
    title: `${basename(path)} – melstream`,
    header: html`
      <p class="kicker">Recording</p>
      <h1>${nameOf(basename(path))}</h1>
      ${valueList(facts)}
    `,
    sections: [
      section(
        "What the model hears, and what augmentation makes of it",
        html`
          <p class="note">Waveform (1 is full scale) and mel spectrogram, in dB below its loudest cell.
          Every augmentation was drawn once, with seed ${seed}; in training each copy is drawn afresh.</p>
          ${decibelLegend(frontEnd.dynamicRangeDb)}
        `,
      ),
      ...variants.map((variant) => renderVariant(variant, peak, frontEnd)),
    ],
    footer: html`<p>Mel spectrogram: FFT of ${formatCount(frontEnd.fftSize)} samples every ${
      formatCount(frontEnd.hopSamples)
    }, ${frontEnd.melBands} bands from ${formatHz(frontEnd.minHz)} to ${
      formatHz(frontEnd.maxHz)
    } on the ${frontEnd.melScale === "htk" ? "HTK" : "Slaney"} mel scale.</p>`,
  });
}

function renderVariant(
  { title, samples, features, failure }: Variant,
  peak: number,
  frontEnd: FrontEnd,
): Html {
  const heading = html`<h3>${title[0].toUpperCase() + title.slice(1)}</h3>`;
  if (!samples || !features) {
    return html`<article>${heading}<p class="note">${failure}</p></article>`;
  }
  const size = { width: 480, height: 210 };
  return html`
    <article>
      ${heading}
      <div class="pair">
        ${waveform(samples, frontEnd.sampleRateHz, peak, size)}
        ${spectrogram(features, frontEnd, size)}
      </div>
      ${player(samples, frontEnd.sampleRateHz)}
    </article>
  `;
}

function describeUse(
  { samples, sampleRateHz }: DecodedAudio,
  { durationSeconds }: FrontEnd,
): string {
  const window = formatDuration(durationSeconds);
  return samples.length / sampleRateHz < durationSeconds
    ? `all, padded to ${window}`
    : `the first ${window}`;
}

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i]));
  return peak;
}

function rms(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i] * samples[i];
  return Math.sqrt(sum / Math.max(1, samples.length));
}

/** An amplitude relative to full scale: `−3.1 dBFS`. */
function describeLevel(amplitude: number): string {
  return amplitude === 0 ? "silence" : `${formatNumber(20 * Math.log10(amplitude), 1)} dBFS`;
}
