/** A sample's form in a WAV file: 16 bits, beyond [−1, 1] clipped, or the number itself. */
export type WavEncoding = "int16" | "float32";

/**
 * A mono WAV file's bytes.
 *
 * @param samples At `sampleRateHz`.
 */
export function encodeWav(
  samples: Float32Array,
  sampleRateHz: number,
  encoding: WavEncoding = "int16",
): Uint8Array<ArrayBuffer> {
  const [formatTag, sampleBytes] = encoding === "int16" ? [1, 2] : [3, 4];
  const headerBytes = 44, dataBytes = sampleBytes * samples.length;
  const bytes = new Uint8Array(headerBytes + dataBytes), view = new DataView(bytes.buffer);
  const put = (offset: number, text: string) => bytes.set(new TextEncoder().encode(text), offset);
  put(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  put(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format that follows
  view.setUint16(20, formatTag, true);
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleBytes * sampleRateHz, true); // bytes a second
  view.setUint16(32, sampleBytes, true); // bytes a frame
  view.setUint16(34, 8 * sampleBytes, true); // bits a sample
  put(36, "data");
  view.setUint32(40, dataBytes, true);
  for (let i = 0; i < samples.length; i++) {
    if (encoding === "float32") {
      view.setFloat32(headerBytes + 4 * i, samples[i], true);
    } else {
      const clipped = Math.max(-1, Math.min(1, samples[i]));
      view.setInt16(headerBytes + 2 * i, Math.round(32767 * clipped), true);
    }
  }
  return bytes;
}
