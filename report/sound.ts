/** Sound as a page shows it: a player that needs no file. */
import { dataAddress } from "./data_address.ts";
import { type Html, html } from "./html.ts";

/**
 * A WAV file's bytes: mono, 16 bit. Samples outside [−1, 1] are clipped.
 *
 * @param samples At `sampleRateHz`.
 */
export function encodeWav(samples: Float32Array, sampleRateHz: number): Uint8Array<ArrayBuffer> {
  const headerBytes = 44, dataBytes = 2 * samples.length;
  const bytes = new Uint8Array(headerBytes + dataBytes), view = new DataView(bytes.buffer);
  const put = (offset: number, text: string) => bytes.set(new TextEncoder().encode(text), offset);
  put(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  put(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format that follows
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, 2 * sampleRateHz, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits a sample
  put(36, "data");
  view.setUint32(40, dataBytes, true);
  for (let i = 0; i < samples.length; i++) {
    const clipped = Math.max(-1, Math.min(1, samples[i]));
    view.setInt16(headerBytes + 2 * i, Math.round(32767 * clipped), true);
  }
  return bytes;
}

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
