/** What an Ogg file and the codec inside it have to say to each other. */
import type { DecodeError } from "./audio.ts";

/** What decodes the packets of one codec. */
export interface PacketDecoder {
  /** `Ogg Vorbis`. */
  readonly format: string;
  readonly numChannels: number;
  /** Frames a second that it gives, which is also what the granules count. */
  readonly sampleRateHz: number;
  /** Frames at the start that are not part of the sound. */
  readonly skipFrames: number;
  /**
   * Whether no sample can be NaN, infinite or louder than `maxMagnitude`, whatever the packets say.
   */
  readonly isBounded: boolean;
  /**
   * Decodes a page's packets. The channels, or the mean of them as only one, are valid until the next
   * call.
   *
   * @throws {DecodeError}
   */
  decode(packets: readonly Uint8Array[], byteOffset: number): Promise<{
    readonly channels: readonly Float32Array[];
    readonly numFrames: number;
  }>;
  /** To be called where packets are lost before the next ones, which so are not joined to those so far. */
  restart?(): void;
  /** To be called where all went well: what the decoder holds may serve the next stream. */
  close?(): void;
}

/** The codec's header packets, for what opens it. */
export interface HeaderPackets {
  /** What messages call the file. */
  readonly path: string;
  /** The first of them, that by which the codec is known. */
  readonly first: Uint8Array;
  /** The next one. @throws {DecodeError} where the file ends before, or a page before it is lost. */
  next(expected: string): Promise<Uint8Array>;
  /** Where the page that holds the latest of them begins. */
  readonly byteOffset: number;
  /** Refuses what no recording has. @throws {DecodeError} */
  check(numChannels: number, sampleRateHz: number): void;
  /** A fault of the headers: to be thrown. */
  fault(expected: string, seen: string): DecodeError;
}

/** Whether a packet begins with these characters, one a byte. */
export function startsWith(packet: Uint8Array, signature: string): boolean {
  for (let i = 0; i < signature.length; i++) {
    if (packet[i] !== signature.charCodeAt(i)) return false;
  }
  return true;
}
