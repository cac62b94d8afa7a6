/**
 * One file of the audio cache, little-endian: magic, checksum of all that follows, bytes of the key,
 * number of samples (four uint32), length of the whole recording in seconds (float64, NaN where it is
 * unknown), the key in UTF-8 with zeros up to a whole word, the samples (float32).
 */

/** What a cache keeps of a recording. */
export interface CachedAudio {
  /** Decoded and resampled. */
  readonly samples: Float32Array;
  /** Length of the whole recording; `undefined` where its header does not tell. */
  readonly totalSeconds: number | undefined;
}

/** "MSA1": the last character is the layout's version. */
const magic = 0x3141534d;
const headerWords = 6;

/**
 * FNV-1a over 32-bit words, in four lanes that do not wait for each other: a change within one word
 * always changes it.
 */
function checksumOf(words: Uint32Array): number {
  const prime = 0x01000193, whole = words.length - words.length % 4;
  let a = 0x811c9dc5, b = a, c = a, d = a;
  for (let i = 0; i < whole; i += 4) {
    a = Math.imul(a ^ words[i], prime);
    b = Math.imul(b ^ words[i + 1], prime);
    c = Math.imul(c ^ words[i + 2], prime);
    d = Math.imul(d ^ words[i + 3], prime);
  }
  for (let i = whole; i < words.length; i++) a = Math.imul(a ^ words[i], prime);
  for (const lane of [b, c, d]) a = Math.imul(a, prime) ^ lane;
  return a >>> 0;
}

/** The bytes of an entry. */
export function encodeEntry(key: string, { samples, totalSeconds }: CachedAudio): Uint8Array {
  const keyBytes = new TextEncoder().encode(key), keyWords = Math.ceil(keyBytes.length / 4);
  const words = new Uint32Array(headerWords + keyWords + samples.length);
  words.set([magic, 0, keyBytes.length, samples.length]);
  new Float64Array(words.buffer, 16, 1)[0] = totalSeconds ?? NaN;
  const bytes = new Uint8Array(words.buffer);
  bytes.set(keyBytes, headerWords * 4);
  new Float32Array(words.buffer, (headerWords + keyWords) * 4).set(samples);
  words[1] = checksumOf(words.subarray(2));
  return bytes;
}

/**
 * Reads an entry.
 *
 * @param bytes Taken over: the samples are a view of them where they lie on whole words.
 * @returns `undefined` where the entry is damaged or another key's.
 */
export function decodeEntry(bytes: Uint8Array, key: string): CachedAudio | undefined {
  if (bytes.length < headerWords * 4 || bytes.length % 4 !== 0) return undefined;
  const { buffer, byteOffset, length } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(buffer, byteOffset, length / 4);
  const [itsMagic, checksum, keyLength, numSamples] = words;
  const keyWords = Math.ceil(keyLength / 4);
  if (itsMagic !== magic || words.length !== headerWords + keyWords + numSamples) return undefined;
  if (checksumOf(words.subarray(2)) !== checksum) return undefined;
  const itsKey = new Uint8Array(buffer, byteOffset + headerWords * 4, keyLength);
  if (new TextDecoder().decode(itsKey) !== key) return undefined;
  const totalSeconds = new Float64Array(buffer, byteOffset + 16, 1)[0];
  return {
    samples: new Float32Array(buffer, byteOffset + (headerWords + keyWords) * 4, numSamples),
    totalSeconds: Number.isNaN(totalSeconds) ? undefined : totalSeconds,
  };
}
