/** A sample's form in a WAV file: 16 bits, beyond [−1, 1] clipped, or the number itself. */
export type WavEncoding = "int16" | "float32";

/** Samples as a WAV file's header describes them. */
export interface WavFormat {
  /** 1: integers; 3: floating point; 6: A-law; 7: µ-law. */
  readonly formatTag: number;
  /** Bytes of a sample. */
  readonly sampleBytes: number;
  /** Channels, one sample of each a frame. @default {1} */
  readonly numChannels?: number;
  /** In Hz. */
  readonly sampleRateHz: number;
  /** Whether numbers begin with their highest byte: RIFX. @default {false} */
  readonly isBigEndian?: boolean;
}

/** A length that is not known when the header is written: that of a pipe. */
export const unknownBytes = 0xffff_ffff;

const headerBytes = 44;

/** The 44 bytes before a WAV file's samples. @param dataBytes All that the samples take. */
export function wavHeader(format: WavFormat, dataBytes: number): Uint8Array<ArrayBuffer> {
  const { formatTag, sampleBytes, numChannels = 1, sampleRateHz, isBigEndian = false } = format;
  const bytes = new Uint8Array(headerBytes), view = new DataView(bytes.buffer);
  const put = (offset: number, text: string) => bytes.set(new TextEncoder().encode(text), offset);
  const [put16, put32] = ([view.setUint16, view.setUint32] as const).map(
    (set) => (offset: number, value: number) => set.call(view, offset, value, !isBigEndian),
  );
  put(0, isBigEndian ? "RIFX" : "RIFF");
  put32(4, dataBytes === unknownBytes ? unknownBytes : headerBytes + dataBytes - 8);
  put(8, "WAVEfmt ");
  put32(16, 16); // bytes of the format that follows
  put16(20, formatTag);
  put16(22, numChannels);
  put32(24, sampleRateHz);
  put32(28, sampleBytes * numChannels * sampleRateHz); // bytes a second
  put16(32, sampleBytes * numChannels); // bytes a frame
  put16(34, 8 * sampleBytes); // bits a sample
  put(36, "data");
  put32(40, dataBytes);
  return bytes;
}

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
  const dataBytes = sampleBytes * samples.length, bytes = new Uint8Array(headerBytes + dataBytes);
  bytes.set(wavHeader({ formatTag, sampleBytes, sampleRateHz }, dataBytes));
  const view = new DataView(bytes.buffer, headerBytes);
  for (let i = 0; i < samples.length; i++) {
    if (encoding === "float32") view.setFloat32(4 * i, samples[i], true);
    else {
      const clipped = Math.max(-1, Math.min(1, samples[i]));
      view.setInt16(2 * i, Math.round(32767 * clipped), true);
    }
  }
  return bytes;
}
