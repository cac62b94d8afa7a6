/**
 * WAV (RIFF, RIFX, RF64, BW64): finds the format and the samples, reads no more than the window asked for.
 *
 * Source: Microsoft's «Multiple Channel Audio Data and WAVE Files», EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64).
 */
import type { DecodedAudio } from "./audio.ts";
import { describeCutBytes, joinRemarks } from "./cut_short.ts";
import { ByteReader, dataView, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { decodeImaAdpcm, microsoftLayout } from "./ima_adpcm.ts";
import { checkChannelsAndRate } from "./limits.ts";
import type { DecodeTask } from "./mono_collector.ts";
import { decodeMp3 } from "./mp3.ts";
import { bytesPerSample, type SampleEncoding } from "./pcm.ts";
import { decodePcmRegion } from "./pcm_region.ts";

/** A file's `fmt ` chunk. */
interface WaveFormat {
  /** The format tag; that of the sub-format where the tag is WAVE_FORMAT_EXTENSIBLE. */
  readonly tag: number;
  readonly numChannels: number;
  readonly sampleRateHz: number;
  readonly bytesPerSecond: number;
  /** Bytes of one frame, or of one ADPCM block. */
  readonly blockBytes: number;
  readonly bitsPerSample: number;
  /** Where the chunk's content lies, for messages. */
  readonly byteOffset: number;
}

/** A part of the file. */
interface Region {
  readonly offset: number;
  readonly length: number;
  /** How long the header says it is, where that is more. */
  readonly claimed?: number;
}

const tagPcm = 1, tagFloat = 3, tagALaw = 6, tagMuLaw = 7, tagImaAdpcm = 0x11;
const tagMpeg = 0x50, tagMp3 = 0x55, tagExtensible = 0xfffe;
const tagNames: Readonly<Record<number, string>> = {
  0x02: "Microsoft ADPCM",
  0x31: "GSM 6.10",
  0x45: "G.726 ADPCM",
  0x64: "G.726 ADPCM",
  0xff: "AAC",
  0x161: "Windows Media Audio",
};

/** The encodings by tag and by the bytes of a sample. */
const encodings: Readonly<Record<number, Readonly<Record<number, SampleEncoding>>>> = {
  [tagPcm]: { 1: "unsigned 8 bit", 2: "16 bit", 3: "24 bit", 4: "32 bit" },
  [tagFloat]: { 4: "float 32 bit", 8: "float 64 bit" },
  [tagALaw]: { 1: "A-law" },
  [tagMuLaw]: { 1: "µ-law" },
};

/** More chunks than any program writes: a file made of empty chunks must not be walked for ever. */
const maxChunks = 4096;

/** Decodes a WAV file. @throws {DecodeError} */
export async function decodeWav(source: ByteSource, window: DecodeTask): Promise<DecodedAudio> {
  const reader = new ByteReader(source, window.startByte);
  const littleEndian = fourCharacters(await reader.peek(4)) !== "RIFX";
  const { format, data, sizeRemark } = await findFormatAndData(reader, littleEndian);
  const { tag, numChannels, sampleRateHz, blockBytes, byteOffset } = format;
  if (tag === tagMp3 || tag === tagMpeg) {
    const cut = describeCutBytes(data.length, data.claimed ?? data.length);
    return await decodeMp3(source, window, { ...data, container: "WAV ", remark: cut });
  }
  if (tag === tagImaAdpcm) {
    return await decodeImaAdpcm(source, window, {
      dataOffset: data.offset,
      dataBytes: data.length,
      claimedBytes: data.claimed,
      numChannels,
      sampleRateHz,
      layout: microsoftLayout(
        numChannels,
        blockBytes,
        (expected, seen) => reader.fault(expected, seen, byteOffset),
      ),
      format: "WAV IMA ADPCM",
    });
  }
  const encoding = sampleEncoding(format, reader);
  const frameBytes = bytesPerSample[encoding] * numChannels;
  return await decodePcmRegion(source, window, {
    dataOffset: data.offset,
    numFrames: Math.floor(data.length / frameBytes),
    claimedFrames: Math.floor((data.claimed ?? data.length) / frameBytes),
    numChannels,
    sampleRateHz,
    encoding,
    littleEndian,
    format: `WAV ${tag === tagPcm ? "PCM " : ""}${encoding}`,
    remark: joinRemarks(blockRemark(format, encoding), sizeRemark),
  });
}

/** Walks the chunks, in whatever order they are, until both that matter are found. */
async function findFormatAndData(
  reader: ByteReader,
  littleEndian: boolean,
): Promise<{ format: WaveFormat; data: Region; sizeRemark?: string }> {
  const isLong = ["RF64", "BW64"].includes(fourCharacters(await reader.peek(4)));
  reader.skip(8); // the length of the whole file says nothing that the file itself does not
  const form = fourCharacters(await reader.read(4, "the word WAVE"));
  if (form !== "WAVE") throw reader.fault("the word WAVE", form, reader.offset - 4);
  let format: WaveFormat | undefined, data: Region | undefined, longDataBytes: number | undefined;
  let sizeRemark: string | undefined;
  for (let count = 0; reader.remaining >= 8; count++) {
    if (count === maxChunks) throw reader.fault(`at most ${maxChunks} chunks`, "more");
    const header = await reader.read(8, "a chunk's header");
    const id = fourCharacters(header), length = dataView(header).getUint32(4, littleEndian);
    const offset = reader.offset;
    if (id === "fmt ") {
      format = await readFormat(reader, length, littleEndian);
    } else if (id === "ds64") {
      const sizes = dataView(await reader.read(Math.min(length, 16), "the sizes of RF64"));
      if (length >= 16) longDataBytes = Number(sizes.getBigUint64(8, littleEndian));
    } else if (id === "data") {
      const claimed = length === 0xffff_ffff ? longDataBytes ?? length : length;
      const isOfLongSize = length === 0xffff_ffff && longDataBytes !== undefined;
      const isKnown = isOfLongSize ? Number.isSafeInteger(claimed) : claimed < unknownLength;
      const available = await dataLength(reader, offset, claimed, littleEndian);
      data = { offset, length: available, ...isKnown && claimed > available + 1 && { claimed } };
      if (isLong && length === 0xffff_ffff && longDataBytes === undefined) {
        sizeRemark = "read to the end of the file: it has no `ds64` chunk with its length";
      }
    }
    if (format && data) break; // what lies behind them is not asked for: of a pipe, it is yet to come
    reader.seek(await nextChunk(reader, offset, data?.offset === offset ? data.length : length));
  }
  if (!format) throw reader.fault("a `fmt ` chunk", "none");
  if (!data) throw reader.fault("a `data` chunk", "none");
  return { format, data, sizeRemark };
}

/** Where the chunk after this one begins: chunks are padded to even lengths, but not by every program. */
async function nextChunk(reader: ByteReader, offset: number, length: number): Promise<number> {
  const end = offset + length;
  if (length % 2 === 0) return end;
  reader.seek(end);
  const bytes = await reader.peek(5);
  const padded = isChunkId(bytes.subarray(1));
  return !padded && isChunkId(bytes) ? end : end + 1;
}

function isChunkId(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes.subarray(0, 4).every((byte) => byte >= 32 && byte < 127);
}

/** What a program leaves as a length that writes to a pipe (SoX this, others more), or a file beyond 2 GiB. */
const unknownLength = 0x7fff_f000;

/**
 * How long the samples really are. A program that writes to a pipe cannot go back to fill in the
 * length: it leaves 0 or a huge number, and the samples go on to the end of the file.
 */
async function dataLength(
  reader: ByteReader,
  offset: number,
  claimed: number,
  littleEndian: boolean,
): Promise<number> {
  reader.seek(offset);
  const available = reader.remaining;
  if (claimed >= unknownLength && claimed <= 0xffff_ffff) return available;
  if (claimed > 0) return Math.min(claimed, available);
  const next = await reader.peek(8); // an honestly empty chunk is followed by another one, or nothing
  const honest = next.length < 8 ||
    (isChunkId(next) && dataView(next).getUint32(4, littleEndian) <= available - 8);
  return honest ? 0 : available;
}

async function readFormat(
  reader: ByteReader,
  length: number,
  littleEndian: boolean,
): Promise<WaveFormat> {
  const byteOffset = reader.offset;
  if (length < 16) throw reader.fault("a `fmt ` chunk of at least 16 bytes", `${length} bytes`);
  const view = dataView(await reader.read(Math.min(length, 40), "the `fmt ` chunk's content"));
  const tag = view.getUint16(0, littleEndian);
  const format: WaveFormat = {
    // The sub-format is a GUID whose first two bytes are the tag it stands for.
    tag: tag === tagExtensible && length >= 26 ? view.getUint16(24, littleEndian) : tag,
    numChannels: view.getUint16(2, littleEndian),
    sampleRateHz: view.getUint32(4, littleEndian),
    bytesPerSecond: view.getUint32(8, littleEndian),
    blockBytes: view.getUint16(12, littleEndian),
    bitsPerSample: view.getUint16(14, littleEndian),
    byteOffset,
  };
  checkChannelsAndRate(reader, format.numChannels, format.sampleRateHz, byteOffset);
  return format;
}

/** Bytes that a sample takes by its encoding and its bits. */
function bytesOfBits({ tag, bitsPerSample }: WaveFormat): number {
  return tag === tagALaw || tag === tagMuLaw ? 1 : Math.ceil(bitsPerSample / 8);
}

/**
 * Bytes that a sample takes. Where the header's fields disagree its bits decide, as in libsndfile, SoX and
 * ffmpeg. Only 24 bits may lie in four bytes, left-justified, where both other fields say so: some
 * programs write that without the extensible header, whose bits are those of the room.
 */
function sampleBytes(format: WaveFormat): number {
  const { numChannels, sampleRateHz, bytesPerSecond, blockBytes, bitsPerSample } = format;
  const isWide = bitsPerSample === 24 && blockBytes === 4 * numChannels &&
    bytesPerSecond === blockBytes * sampleRateHz;
  return isWide ? 4 : bytesOfBits(format);
}

/** How the samples are stored. */
function sampleEncoding(format: WaveFormat, reader: ByteReader): SampleEncoding {
  const { tag, bitsPerSample, byteOffset } = format;
  const encoding = encodings[tag]?.[sampleBytes(format)];
  if (encoding !== undefined) return encoding;
  const name = tagNames[tag] ?? `format tag 0x${tag.toString(16).padStart(4, "0")}`;
  throw reader.fault(
    "PCM of 8, 16, 24 or 32 bits, float of 32 or 64, A-law, µ-law, IMA ADPCM or MP3",
    tag in encodings
      ? `${bitsPerSample} bits of ${tag === tagPcm ? "PCM" : "float"}`
      : `${name}: convert it with \`ffmpeg -i in.wav -c:a pcm_s16le out.wav\``,
    byteOffset,
  );
}

/** Says what was guessed where the header's block size is not that of its bits and channels. */
function blockRemark(format: WaveFormat, encoding: SampleEncoding): string | undefined {
  const { numChannels, bitsPerSample, blockBytes } = format;
  if (blockBytes === bytesOfBits(format) * numChannels) return undefined;
  const channels = numChannels === 1 ? "1 channel" : `${numChannels} channels`;
  return `read as ${encoding}: its header says ${bitsPerSample} bits and ${channels}, ` +
    `but ${blockBytes} bytes a frame`;
}
