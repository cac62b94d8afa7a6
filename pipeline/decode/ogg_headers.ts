/** The beginning of a stream in an Ogg file: which codec it is of, and the codec's header packets. */
import type { DecodeError } from "./audio.ts";
import { type ByteReader, fourCharacters } from "./byte_reader.ts";
import { checkChannelsAndRate } from "./limits.ts";
import type { OggPage, OggPages } from "./ogg.ts";
import { type HeaderPackets, type PacketDecoder, startsWith } from "./ogg_codec.ts";
import { openOggFlac } from "./ogg_flac.ts";
import { openOpus } from "./opus.ts";
import { openVorbis } from "./vorbis.ts";

/** What begins the first packet of a codec, and what reads its headers. */
const codecs = [
  { signature: "\x01vorbis", open: openVorbis },
  { signature: "OpusHead", open: openOpus },
  { signature: "\x7fFLAC", open: openOggFlac },
];

/** A stream whose headers are read. */
export interface OggStream {
  readonly decoder: PacketDecoder;
  readonly serial: number;
  /** The page on which the headers ended, with the packets after them. */
  readonly rest: OggPage;
}

/**
 * Finds the first of the streams that begin here whose codec is known, and reads its headers.
 *
 * @param path What messages call the file.
 * @throws {DecodeError} where there is none, or a page of its headers is lost.
 */
export async function openStream(
  path: string,
  reader: ByteReader,
  pages: OggPages,
): Promise<OggStream> {
  const { offset } = reader, seen: string[] = [];
  for (let page = await pages.next(); page?.isFirst; page = await pages.next()) {
    const first = page.packets[0] ?? new Uint8Array();
    const codec = codecs.find(({ signature }) => startsWith(first, signature));
    if (codec) return await openWith(codec.open, path, reader, pages, page);
    seen.push(fourCharacters(first));
  }
  const { latestFault } = pages.damage;
  if (seen.length === 0 && latestFault) throw latestFault;
  throw reader.fault(
    "a Vorbis, Opus or FLAC stream",
    seen.length === 0
      ? "no stream that begins"
      : `streams that begin with ${seen.join(", ")}: convert it with \`ffmpeg -i in.ogg out.wav\``,
    offset,
  );
}

async function openWith(
  open: (headers: HeaderPackets) => Promise<PacketDecoder>,
  path: string,
  reader: ByteReader,
  pages: OggPages,
  page: OggPage,
): Promise<OggStream> {
  const { serial } = page;
  pages.choose(page);
  let current = page, packets = page.packets.slice(1);
  const fault = (expected: string, seen: string): DecodeError =>
    reader.fault(expected, seen, current.byteOffset);
  const decoder = await open({
    path,
    first: page.packets[0],
    fault,
    get byteOffset() {
      return current.byteOffset;
    },
    check: (numChannels, sampleRateHz) =>
      checkChannelsAndRate(reader, numChannels, sampleRateHz, page.byteOffset),
    next: async (expected) => {
      while (packets.length === 0) {
        const next = await pages.next(), { latestFault } = pages.damage;
        if (!next) throw latestFault ?? fault(expected, "the end of the file");
        if (next.serial !== serial) continue; // another stream beside it
        if (next.numDamaged + next.numMissing > 0) {
          throw latestFault ?? fault(expected, "a page that is missing");
        }
        current = next;
        packets = next.packets.slice();
      }
      return packets.shift()!;
    },
  });
  return { decoder, serial, rest: { ...current, packets } };
}
