/** Sound as a page shows it: a player that needs no file. */
import { encodeWav } from "../pipeline/encode_wav.ts";
import { dataAddress } from "./data_address.ts";
import { type Html, html } from "./html.ts";

/** Samples below it are 0 in 16 bits. */
const silenceAmplitude = 0.5 / 32767;

/** A player of some samples, the silence at their end left out; words where all is silence. */
export function player(samples: Float32Array, sampleRateHz: number): Html {
  let length = samples.length;
  while (length > 0 && Math.abs(samples[length - 1]) < silenceAmplitude) length--;
  if (length === 0) return html`<p class="silent">silence</p>`;
  const wav = encodeWav(samples.subarray(0, length), sampleRateHz);
  return html`<audio controls preload="none" src="${dataAddress("audio/wav", wav)}"></audio>`;
}
