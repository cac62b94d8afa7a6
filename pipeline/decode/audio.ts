/** What the decoders return and how they fail: the types that every format's file shares. */

/** Mono sound, as decoded. */
export interface Audio {
  /** Samples in [−1, 1] nominally (float files may exceed it): the mean of all channels. */
  readonly samples: Float32Array;
  /** Samples a second, in Hz. */
  readonly sampleRateHz: number;
}

/** A recording's properties, as far as its header tells them. */
export interface AudioInfo {
  /** Samples a second, in Hz. */
  readonly sampleRateHz: number;
  /** Format and encoding in words: `WAV PCM 16 bit`, `FLAC`, `MP3`. */
  readonly format: string;
  /** Channels in the file, before they were averaged. */
  readonly numChannels: number;
  /** Length of the whole file in seconds; `undefined` where only decoding all of it would tell. */
  readonly totalSeconds: number | undefined;
  /**
   * One line for people on what was wrong with the file: `2 damaged pages left out`, or how a header that
   * contradicts itself was understood.
   */
  readonly remark?: string;
}

/** A decoded file, or the part of it that was asked for. */
export interface DecodedAudio extends Audio, AudioInfo {}

/** The part of a file to decode. */
export interface DecodeWindow {
  /** Where it begins, in seconds. @default {0} */
  readonly startSeconds?: number;
  /** How long it is, in seconds: less comes back where the file ends earlier. @default {Infinity} */
  readonly durationSeconds?: number;
  /** Where the samples are put if they fit: they are then a view of it. @default {a new array} */
  readonly out?: Float32Array<ArrayBuffer>;
}

/** What is known of a place where decoding failed. */
export interface DecodeErrorDetail {
  /** The file. */
  readonly path: string;
  /** Where in the file the fault was seen, in bytes from its start. */
  readonly byteOffset?: number;
  /** What should have been there. */
  readonly expected: string;
  /** What was there instead. */
  readonly seen: string;
}

/** A file that cannot be decoded: says which, where, what was expected and what was seen. */
export class DecodeError extends SyntaxError implements DecodeErrorDetail {
  readonly path: string;
  readonly byteOffset?: number;
  readonly expected: string;
  readonly seen: string;

  /** Builds the message from its parts. */
  constructor(detail: DecodeErrorDetail, options?: ErrorOptions) {
    const at = detail.byteOffset === undefined ? "" : ` at byte ${detail.byteOffset}`;
    super(`Cannot decode ${detail.path}${at}: expected ${detail.expected}, saw ${detail.seen}`);
    this.name = "DecodeError";
    this.path = detail.path;
    this.byteOffset = detail.byteOffset;
    this.expected = detail.expected;
    this.seen = detail.seen;
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}
