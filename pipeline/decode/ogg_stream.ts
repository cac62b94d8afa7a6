/** Ogg files: chooses the stream to decode, keeps its clock, trims what the encoder added. */
import type { DecodedAudio, DecodeError, DecodeWindow } from "./audio.ts";
import { ByteReader, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "./byte_source.ts";
import { checkChannelsAndRate } from "./limits.ts";
import { frameWindow, MonoCollector } from "./mono_collector.ts";
import { type OggPage, OggPages } from "./ogg.ts";
import { openOpus } from "./opus.ts";
import { openVorbis } from "./vorbis.ts";

/** What decodes the packets of one codec. */
export interface PacketDecoder {
  /** `Ogg Vorbis`. */
  readonly format: string;
  readonly numChannels: number;
  /** Frames a second that it gives, which is also what the granules count. */
  readonly sampleRateHz: number;
  /** Frames at the start that are not part of the sound. */
  readonly skipFrames: number;
  /** Decodes a page's packets. @throws {DecodeError} */
  decode(packets: readonly Uint8Array[], byteOffset: number): Promise<{
    readonly channels: readonly Float32Array[];
    readonly numFrames: number;
  }>;
}

/** The codec's header packets, for what opens it. */
export interface HeaderPackets {
  /** What messages call the file. */
  readonly path: string;
  /** The first of them, that by which the codec is known. */
  readonly first: Uint8Array;
  /** The next one. @throws {DecodeError} where the file ends before. */
  next(expected: string): Promise<Uint8Array>;
  /** Where the page that holds the latest of them begins. */
  readonly byteOffset: number;
  /** Refuses what no recording has. @throws {DecodeError} */
  check(numChannels: number, sampleRateHz: number): void;
  /** A fault of the headers: to be thrown. */
  fault(expected: string, seen: string): DecodeError;
}

/** Decodes an Ogg file with a Vorbis or Opus stream. @throws {DecodeError} */
export async function decodeOgg(source: ByteSource, window: DecodeWindow): Promise<DecodedAudio> {
  const reader = new ByteReader(source);
  const pages = new OggPages(reader);
  const { decoder, serial, rest } = await openStream(source.name, reader, pages);
  const { sampleRateHz, numChannels, skipFrames, format } = decoder;
  const collector = new MonoCollector(source.name, frameWindow(window, sampleRateHz));
  /** The clock at the first decoded frame. */
  let originGranule: number | undefined;
  let ended = false;
  for (let page: OggPage | undefined = rest; page; page = await pages.next()) {
    if (page.serial !== serial) throw chained(reader, page.byteOffset);
    ended = page.isLast;
    if (page.packets.length === 0 && !ended) continue;
    const { channels, numFrames } = await decoder.decode(page.packets, page.byteOffset);
    if (originGranule === undefined) {
      originGranule = ended || page.granule < 0 ? 0 : page.granule - numFrames;
      // A first page whose clock is behind its frames asks for its beginning to be cut off.
      collector.seek(Math.min(0, originGranule) - skipFrames);
    }
    const endFrame = ended && page.granule >= 0
      ? page.granule - Math.max(0, originGranule) - skipFrames
      : Infinity;
    collector.addPlanar(
      channels,
      Math.max(0, Math.min(numFrames, endFrame - collector.position)),
    );
    if (collector.isFull) break;
    if (ended) {
      if (await isStreamStart(reader)) throw chained(reader, reader.offset);
      break; // what else may follow is no sound
    }
  }
  return {
    samples: collector.finish(),
    sampleRateHz,
    format,
    numChannels,
    totalSeconds: collector.isFull ? undefined : collector.position / sampleRateHz,
  };
}

/** Whether the next page begins another stream. */
async function isStreamStart(reader: ByteReader): Promise<boolean> {
  const page = await reader.peek(6);
  return startsWith(page, "OggS") && (page[5] & 2) !== 0;
}

function chained(reader: ByteReader, byteOffset: number): DecodeError {
  const seen = "a second one chained to it: convert it with `ffmpeg -i in.ogg out.wav`";
  return reader.fault("one stream", seen, byteOffset);
}

/** Finds the first stream with a known codec, reads its headers. `rest` is the page on which they ended. */
async function openStream(
  path: string,
  reader: ByteReader,
  pages: OggPages,
): Promise<{ decoder: PacketDecoder; serial: number; rest: OggPage }> {
  const seen: string[] = [];
  for (let page = await pages.next(); page?.isFirst; page = await pages.next()) {
    const first = page.packets[0] ?? new Uint8Array();
    const open = [openVorbis, openOpus].find((_, i) => startsWith(first, signatures[i]));
    if (!open) {
      seen.push(fourCharacters(first));
      continue;
    }
    const { serial } = page;
    pages.choose(serial);
    let current: OggPage = page;
    let packets = [...page.packets.slice(1)];
    const fault = (expected: string, seen: string) =>
      reader.fault(expected, seen, current.byteOffset);
    const headers: HeaderPackets = {
      path,
      first,
      fault,
      get byteOffset() {
        return current.byteOffset;
      },
      check: (numChannels, sampleRateHz) =>
        checkChannelsAndRate(reader, numChannels, sampleRateHz, page.byteOffset),
      next: async (expected) => {
        while (packets.length === 0) {
          const next = await pages.next();
          if (!next) throw fault(expected, "the end of the file");
          if (next.isFirst && next.serial !== serial) continue; // another stream beside it
          current = next;
          packets = [...next.packets];
        }
        return packets.shift()!;
      },
    };
    return { decoder: await open(headers), serial, rest: { ...current, packets } };
  }
  throw reader.fault(
    "a Vorbis or Opus stream",
    seen.length === 0
      ? "no stream that begins"
      : `streams that begin with ${seen.join(", ")}: convert it with \`ffmpeg -i in.ogg out.wav\``,
    0,
  );
}

const signatures = ["\x01vorbis", "OpusHead"];

/** Whether a packet begins with these characters, one a byte. */
export function startsWith(packet: Uint8Array, signature: string): boolean {
  return [...signature].every((character, i) => packet[i] === character.charCodeAt(0));
}
