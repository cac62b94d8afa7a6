/**
 * Core Audio Format: finds the format and the samples, reads no more than the window asked for.
 *
 * Source: Apple's «Core Audio Format Specification 1.0».
 */
import type { DecodedAudio } from "./audio.ts";
import { ByteReader, dataView, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { appleLayout, decodeImaAdpcm } from "./ima_adpcm.ts";
import { checkChannelsAndRate } from "./limits.ts";
import type { DecodeTask } from "./mono_collector.ts";
import { bytesPerSample, type SampleEncoding, signedIntegers } from "./pcm.ts";
import { decodePcmRegion } from "./pcm_region.ts";

/** What the `desc` chunk says. */
interface CafFormat {
  readonly formatId: string;
  readonly isFloat: boolean;
  readonly littleEndian: boolean;
  readonly bytesPerPacket: number;
  readonly numChannels: number;
  readonly bitsPerChannel: number;
  readonly sampleRateHz: number;
  readonly byteOffset: number;
}

/** What the file holds, as far as decoding it needs. */
interface CafChunks {
  readonly format: CafFormat;
  /** Where the samples lie, how long they are, and how long the header says they are. */
  readonly data: { readonly offset: number; readonly length: number; readonly claimed: number };
  /** What of the decoded frames is sound, by the `pakt` chunk. */
  readonly sound?: { readonly skipFrames: number; readonly numFrames: number };
}

const maxChunks = 4096, floatFlag = 1, littleEndianFlag = 2;

const names: Readonly<Record<string, string>> = {
  "alac": "Apple Lossless",
  "aac ": "AAC",
  "opus": "Opus",
  "flac": "FLAC",
  ".mp3": "MP3",
};

/** Decodes a CAF file with samples as they are, in A-law, µ-law or IMA ADPCM. @throws {DecodeError} */
export async function decodeCaf(source: ByteSource, task: DecodeTask): Promise<DecodedAudio> {
  const reader = new ByteReader(source, task.startByte);
  const { format, data, sound } = await readChunks(reader);
  const { formatId, numChannels, sampleRateHz, littleEndian } = format;
  if (formatId === "ima4") {
    return await decodeImaAdpcm(source, task, {
      dataOffset: data.offset,
      dataBytes: data.length,
      claimedBytes: data.claimed,
      numChannels,
      sampleRateHz,
      layout: appleLayout(numChannels),
      sound,
      format: "CAF IMA ADPCM",
    });
  }
  const encoding = sampleEncoding(format, reader);
  const frameBytes = bytesPerSample[encoding] * numChannels;
  return await decodePcmRegion(source, task, {
    dataOffset: data.offset,
    numFrames: Math.floor(data.length / frameBytes),
    claimedFrames: Math.floor(data.claimed / frameBytes),
    numChannels,
    sampleRateHz,
    encoding,
    littleEndian,
    format: `CAF ${formatId === "lpcm" ? "PCM " : ""}${encoding}`,
  });
}

/** Walks the chunks: the format comes first, the packet table before the samples or after them. */
async function readChunks(reader: ByteReader): Promise<CafChunks> {
  reader.skip(8);
  let format: CafFormat | undefined;
  let data: CafChunks["data"] | undefined, packets: DataView | undefined;
  // Samples that are stored as they are have no packet table to look for.
  const isDone = () => format && data && (format.formatId !== "ima4" || packets);
  for (let count = 0; !isDone() && reader.remaining >= 12; count++) {
    if (count === maxChunks) throw reader.fault(`at most ${maxChunks} chunks`, "more");
    const header = await reader.read(12, "a chunk's header");
    const id = fourCharacters(header), claimed = Number(dataView(header).getBigInt64(4));
    // −1 in a file whose writer did not come back: the chunk goes on to the end.
    const length = claimed < 0 ? reader.remaining : claimed, offset = reader.offset;
    if (id === "desc") {
      format = await readFormat(reader, length);
    } else if (id === "data") {
      const available = Math.min(length, reader.remaining), editCountBytes = 4;
      const lengthOf = (bytes: number) => Math.max(0, bytes - editCountBytes);
      data = {
        offset: offset + editCountBytes,
        length: lengthOf(available),
        claimed: Number.isSafeInteger(length) ? lengthOf(length) : lengthOf(available),
      };
    } else if (id === "pakt" && length >= 24) {
      packets = dataView((await reader.read(24, "the head of the packet table")).slice());
    }
    reader.seek(offset + length);
  }
  if (!format) throw reader.fault("a `desc` chunk", "none");
  if (!data) throw reader.fault("a `data` chunk", "none");
  const { blockBytes } = appleLayout(format.numChannels);
  const numDecoded = 64 * Math.floor(data.length / blockBytes);
  const skipFrames = Math.max(0, packets?.getInt32(16) ?? 0);
  const numFrames = Math.min(
    Number(packets?.getBigInt64(8) ?? numDecoded),
    numDecoded - skipFrames,
  );
  return { format, data, sound: { skipFrames, numFrames: Math.max(0, numFrames) } };
}

async function readFormat(reader: ByteReader, length: number): Promise<CafFormat> {
  const byteOffset = reader.offset;
  if (length < 32) throw reader.fault("a `desc` chunk of 32 bytes", `${length} bytes`);
  const bytes = await reader.read(32, "the `desc` chunk's content"), view = dataView(bytes);
  const flags = view.getUint32(12);
  const format: CafFormat = {
    sampleRateHz: view.getFloat64(0),
    formatId: fourCharacters(bytes, 8),
    isFloat: (flags & floatFlag) !== 0,
    littleEndian: (flags & littleEndianFlag) !== 0,
    bytesPerPacket: view.getUint32(16),
    numChannels: view.getUint32(24),
    bitsPerChannel: view.getUint32(28),
    byteOffset,
  };
  checkChannelsAndRate(reader, format.numChannels, format.sampleRateHz, byteOffset);
  return format;
}

/** How the samples are stored. A sample fills the room it has: fewer bits are left-justified in whole bytes. */
function sampleEncoding(format: CafFormat, reader: ByteReader): SampleEncoding {
  const { formatId, isFloat, bytesPerPacket, numChannels, bitsPerChannel, byteOffset } = format;
  if (formatId === "alaw") return "A-law";
  if (formatId === "ulaw") return "µ-law";
  const sampleBytes = bytesPerPacket / numChannels;
  const floats: Readonly<Record<number, SampleEncoding | undefined>> = {
    4: "float 32 bit",
    8: "float 64 bit",
  };
  const encoding = formatId === "lpcm" && Math.ceil(bitsPerChannel / 8) === sampleBytes
    ? (isFloat ? floats : signedIntegers)[sampleBytes]
    : undefined;
  if (encoding !== undefined) return encoding;
  throw reader.fault(
    "samples of 8, 16, 24 or 32 bits, float of 32 or 64, A-law, µ-law or IMA ADPCM",
    formatId === "lpcm"
      ? `${bitsPerChannel} bits in ${sampleBytes} bytes${isFloat ? " of float" : ""}`
      : `${names[formatId] ?? formatId}: convert it with \`ffmpeg -i in.caf out.wav\``,
    byteOffset,
  );
}
