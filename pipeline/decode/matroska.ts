/**
 * Matroska and WebM with Opus or Vorbis inside, as recorded by browsers: finds the first track of sound
 * and hands its packets to the decoders that Ogg has. Source: RFC 9559.
 */
import type { AudioInfo, DecodedAudio } from "./audio.ts";
import { ByteReader } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { parseFloating, parseSigned, parseUnsigned, readContent, readElement } from "./ebml.ts";
import { checkChannelsAndRate } from "./limits.ts";
import { parseBlock, xiphLength } from "./matroska_block.ts";
import { type DecodeTask, frameWindow, MonoCollector } from "./mono_collector.ts";
import type { PacketDecoder } from "./ogg_codec.ts";
import { openOpus } from "./opus.ts";
import { openVorbis } from "./vorbis.ts";

/** Elements' identifiers. */
const ids = {
  header: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  contentEncodings: 0x6d80,
  cluster: 0x1f43b675,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  discardPadding: 0x75a2,
} as const;

/** Elements that are walked into: their lengths need not be known then, and browsers leave them open. */
const walkedInto: ReadonlySet<number> = new Set([
  ids.header,
  ids.segment,
  ids.info,
  ids.tracks,
  ids.trackEntry,
  ids.cluster,
  ids.blockGroup,
]);

const audioTrackType = 2;

/** A track, as far as it was read. */
interface Track {
  number: number;
  type: number;
  codec: string;
  setup: Uint8Array;
  isEncoded: boolean;
  byteOffset: number;
}

/** What stands before the sound. */
interface MatroskaHeader {
  readonly container: "WebM" | "Matroska";
  readonly track: Track;
  /** As the file claims it, to about a hundredth of a second. */
  readonly totalSeconds: number | undefined;
}

const codecNames: Readonly<Record<string, string>> = {
  "A_AAC": "AAC",
  "A_MPEG/L3": "MP3",
  "A_FLAC": "FLAC",
  "A_AC3": "AC-3",
  "A_ALAC": "Apple Lossless",
};

/** Windows that begin later than this are counted up to, where the codec allows, rather than decoded up to. */
const jumpSeconds = 10;
/** Opus frames that are decoded and dropped after that: it needs 80 ms to be itself again. */
const warmUpFrames = 8192;
/** Packets decoded at a time. */
const packetsAtOnce = 8;

/** Decodes a file with a track of Opus or Vorbis. @throws {DecodeError} */
export async function decodeMatroska(source: ByteSource, task: DecodeTask): Promise<DecodedAudio> {
  const reader = new ByteReader(source, task.startByte);
  const { container, track, totalSeconds } = await readHeader(reader);
  const decoder = await openCodec(source.name, reader, track);
  const { sampleRateHz, numChannels } = decoder;
  const info: AudioInfo = {
    sampleRateHz,
    format: `${container} ${track.codec === "A_OPUS" ? "Opus" : "Vorbis"}`,
    numChannels,
    totalSeconds,
  };
  const frames = frameWindow(task, sampleRateHz);
  const collector = new MonoCollector(source.name, frames);
  collector.describe(info);
  collector.seek(-decoder.skipFrames);
  const firstDecoded = track.codec === "A_OPUS" && frames.startFrame > jumpSeconds * sampleRateHz
    ? frames.startFrame - warmUpFrames
    : -Infinity;

  let packets: Uint8Array[] = [], byteOffset = reader.offset;
  const decodePackets = async (discardFrames = 0) => {
    const { channels, numFrames } = await decoder.decode(packets, byteOffset);
    packets = [];
    collector.addPlanar(channels, Math.max(0, numFrames - discardFrames));
    if (collector.hasChunk) await collector.drain();
  };
  for await (const block of readBlocks(reader, track.number)) {
    if (packets.length === 0) byteOffset = block.byteOffset;
    for (const packet of block.packets) {
      const numFrames = firstDecoded > collector.position ? opusFrames(packet) : 0;
      if (packets.length === 0 && collector.position + numFrames < firstDecoded) {
        collector.seek(collector.position + numFrames);
      } else packets.push(packet);
    }
    const discardFrames = Math.round(block.discardSeconds * sampleRateHz);
    if (packets.length >= packetsAtOnce || discardFrames > 0) await decodePackets(discardFrames);
    if (collector.isFull) break;
  }
  if (!collector.isFull && packets.length > 0) await decodePackets();
  const reachedEnd = !collector.isFull;
  decoder.close?.();
  return {
    ...info,
    samples: decoder.isBounded ? collector.finishBounded() : collector.finish(),
    totalSeconds: reachedEnd ? collector.position / sampleRateHz : totalSeconds,
  };
}

/** Walks to the first cluster. */
async function readHeader(reader: ByteReader): Promise<MatroskaHeader> {
  let container: MatroskaHeader["container"] = "Matroska";
  let scale = 1_000_000, duration: number | undefined;
  const tracks: Track[] = [];
  const text = (content: Uint8Array) => new TextDecoder().decode(content).replace(/\0+$/, "");
  while (true) {
    const before = reader.offset, element = await readElement(reader);
    if (!element) break;
    if (element.id === ids.cluster) {
      reader.seek(before);
      break;
    }
    if (element.id === ids.trackEntry) {
      const { byteOffset } = element;
      const track = { number: 0, type: 0, codec: "", isEncoded: false, byteOffset };
      tracks.push({ ...track, setup: new Uint8Array() });
    }
    if (walkedInto.has(element.id)) continue;
    const track = tracks.at(-1), content = () => readContent(reader, element);
    const end = reader.offset + element.numBytes;
    if (element.id === ids.docType && text(await content()) === "webm") container = "WebM";
    else if (element.id === ids.timestampScale) scale = parseUnsigned(await content());
    else if (element.id === ids.duration) duration = parseFloating(await content());
    else if (track && element.id === ids.trackNumber) track.number = parseUnsigned(await content());
    else if (track && element.id === ids.trackType) track.type = parseUnsigned(await content());
    else if (track && element.id === ids.codecId) track.codec = text(await content());
    else if (track && element.id === ids.codecPrivate) track.setup = (await content()).slice();
    else if (track && element.id === ids.contentEncodings) track.isEncoded = true;
    reader.seek(end);
  }
  const sound = tracks.filter(({ type }) => type === audioTrackType);
  const track = sound.find(({ codec }) => codec === "A_OPUS" || codec === "A_VORBIS");
  const convert = "convert it with `ffmpeg -i in out.wav`";
  if (!track) {
    const codecs = sound.map(({ codec }) => codecNames[codec] ?? codec).join(", ");
    const seen = codecs === "" ? "no track of sound" : `${codecs}: ${convert}`;
    throw reader.fault(`a track of Opus or Vorbis in ${container}`, seen, sound[0]?.byteOffset);
  }
  if (track.isEncoded) {
    throw reader.fault("packets as they are", `compressed ones: ${convert}`, track.byteOffset);
  }
  const seconds = (duration ?? 0) * scale / 1e9;
  return {
    container,
    track,
    totalSeconds: seconds > 0 && seconds < Infinity ? seconds : undefined,
  };
}

/** Starts the decoder: the codec's header packets are in the track's entry. */
async function openCodec(path: string, reader: ByteReader, track: Track): Promise<PacketDecoder> {
  const { byteOffset, setup } = track;
  const fault = (expected: string, seen: string) => reader.fault(expected, seen, byteOffset);
  const isOpus = track.codec === "A_OPUS";
  // Opus has no comments here, where Ogg has them between its header and the sound.
  const packets = isOpus ? [setup, new Uint8Array()] : vorbisHeaders(setup);
  if (!packets) throw fault("the three headers of Vorbis", `${setup.length} bytes that are not`);
  const [first, ...rest] = packets;
  return await (isOpus ? openOpus : openVorbis)({
    path,
    first,
    byteOffset,
    fault,
    check: (numChannels, sampleRateHz) =>
      checkChannelsAndRate(reader, numChannels, sampleRateHz, byteOffset),
    next: (expected) => {
      const packet = rest.shift();
      return packet ? Promise.resolve(packet) : Promise.reject(fault(expected, "none"));
    },
  });
}

/** The number of packets less one, the lengths of all but the last, the packets. */
function vorbisHeaders(setup: Uint8Array): Uint8Array[] | undefined {
  const first = xiphLength(setup, 1);
  const second = first && xiphLength(setup, 1 + first.numBytes);
  if (setup[0] !== 2 || !second) return undefined;
  const at = 1 + first.numBytes + second.numBytes, middle = at + first.value;
  const last = middle + second.value;
  if (last > setup.length) return undefined;
  return [setup.subarray(at, middle), setup.subarray(middle, last), setup.subarray(last)];
}

/** A block of the track. */
interface TrackBlock {
  readonly packets: readonly Uint8Array[];
  /** How much of the end of its sound is none. */
  readonly discardSeconds: number;
  readonly byteOffset: number;
}

/** The track's blocks in order. A file that ends within one ends before it. */
async function* readBlocks(reader: ByteReader, track: number): AsyncGenerator<TrackBlock> {
  /** The block of a group, whose end may be named after it. */
  let waiting: TrackBlock | undefined;
  while (true) {
    const element = await readElement(reader);
    if (!element) break;
    const { id, numBytes, byteOffset } = element, end = reader.offset + numBytes;
    if (id === ids.discardPadding && waiting) {
      const discardSeconds = parseSigned(await readContent(reader, element)) / 1e9;
      yield { ...waiting, discardSeconds };
      waiting = undefined;
    } else if (id === ids.simpleBlock || id === ids.block) {
      if (waiting) yield waiting;
      waiting = undefined;
      if (reader.remaining < numBytes) return;
      const block = parseBlock(await readContent(reader, element));
      if (!block) throw reader.fault("a block with its packets", "one cut short", byteOffset);
      const mine = { packets: block.packets, discardSeconds: 0, byteOffset };
      if (block.track === track) waiting = mine;
    }
    if (!walkedInto.has(id)) reader.seek(end);
  }
  if (waiting) yield waiting;
}

/** Frames at 48 kHz that an Opus packet decodes to, by its first two bytes. Source: RFC 6716, 3.1. */
function opusFrames(packet: Uint8Array): number {
  const config = packet[0] >> 3, code = packet[0] & 3;
  const each = config < 12
    ? [480, 960, 1920, 2880][config & 3]
    : config < 16
    ? [480, 960][config & 1]
    : [120, 240, 480, 960][config & 3];
  return each * (code === 0 ? 1 : code < 3 ? 2 : packet[1] & 63);
}
