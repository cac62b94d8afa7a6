/** Ogg files: chooses the stream to decode, keeps its clock, trims what the encoder added. */
import type { DecodedAudio, DecodeError } from "./audio.ts";
import { ByteReader, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { checkChannelsAndRate } from "./limits.ts";
import { type DecodeTask, frameWindow, MonoCollector } from "./mono_collector.ts";
import { type OggPage, OggPages } from "./ogg.ts";
import { readLastGranule, seekGranule } from "./ogg_seek.ts";
import { type HeaderPackets, type PacketDecoder, startsWith } from "./ogg_codec.ts";
import { openOpus } from "./opus.ts";
import { openVorbis } from "./vorbis.ts";

/** Windows that begin later than this are looked for, rather than decoded up to. */
const jumpSeconds = 10;
/**
 * What is decoded and dropped after a jump: Opus needs 80 ms to be itself again (RFC 7845, 4.6), Vorbis
 * the block before, which has at most 8192 samples.
 */
const warmUpFrames = 8192;
/** Packets decoded at a time: a page may hold a second of sound, of which only the start is wanted. */
const packetsAtOnce = 8;

/** Decodes an Ogg file with a Vorbis or Opus stream. @throws {DecodeError} */
export async function decodeOgg(source: ByteSource, window: DecodeTask): Promise<DecodedAudio> {
  const reader = new ByteReader(source, window.startByte);
  const pages = new OggPages(reader);
  const { decoder, serial, rest } = await openStream(source.name, reader, pages);
  const { sampleRateHz, numChannels, skipFrames, format } = decoder;
  const frames = frameWindow(window, sampleRateHz);
  const collector = new MonoCollector(source.name, frames);
  collector.describe({ sampleRateHz, format, numChannels, totalSeconds: undefined });
  /** The clock at the first frame of the sound: what `position` counts from. */
  let originGranule: number | undefined;
  let hasJumped = false;
  for (let page: OggPage | undefined = rest; page; page = await pages.next()) {
    if (page.serial !== serial) throw chained(reader, page.byteOffset);
    if (page.packets.length === 0 && !page.isLast) continue;
    const isFirst = originGranule === undefined;
    // A page's clock tells its end: where its beginning has to be known, it is decoded whole.
    const atOnce = isFirst || hasJumped ? Math.max(1, page.packets.length) : packetsAtOnce;
    let at = 0;
    do {
      const packets = page.packets.slice(at, at + atOnce);
      const { channels, numFrames } = await decoder.decode(packets, page.byteOffset);
      if (originGranule === undefined) {
        // A first page whose clock is behind its frames asks for its beginning to be cut off. On a last
        // page it is the end that is cut off.
        const clock = page.isLast || page.granule < 0 ? 0 : page.granule - numFrames;
        originGranule = Math.max(0, clock) + skipFrames;
        collector.seek(Math.min(0, clock) - skipFrames);
      } else if (hasJumped && page.granule >= 0) {
        collector.seek(page.granule - numFrames - originGranule);
        hasJumped = false;
      }
      const endFrame = page.isLast && page.granule >= 0 ? page.granule - originGranule : Infinity;
      collector.addPlanar(
        channels,
        Math.max(0, Math.min(numFrames, endFrame - collector.position)),
      );
      at += atOnce;
      if (collector.hasChunk) await collector.drain();
    } while (at < page.packets.length && !collector.isFull);
    if (collector.isFull) break;
    if (page.isLast) {
      if (await isStreamStart(reader)) throw chained(reader, reader.offset);
      break; // what else may follow is no sound
    }
    if (isFirst && frames.startFrame - collector.position > jumpSeconds * sampleRateHz) {
      hasJumped = await seekGranule(
        reader,
        serial,
        originGranule + frames.startFrame - warmUpFrames,
      );
      if (hasJumped) pages.restart();
    }
  }
  decoder.close?.();
  const samples = decoder.isBounded ? collector.finishBounded() : collector.finish();
  const totalFrames = collector.isFull
    ? await readTotalFrames(reader, serial, originGranule ?? 0)
    : collector.position;
  return {
    samples,
    sampleRateHz,
    format,
    numChannels,
    totalSeconds: totalFrames === undefined ? undefined : totalFrames / sampleRateHz,
  };
}

/** The length of the whole sound; `undefined` where the end of the file does not tell. */
async function readTotalFrames(
  reader: ByteReader,
  serial: number,
  originGranule: number,
): Promise<number | undefined> {
  const granule = await readLastGranule(reader, serial);
  return granule === undefined ? undefined : Math.max(0, granule - originGranule);
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
