/**
 * AIFF and AIFF-C: finds the format and the samples, reads no more than the window asked for.
 *
 * Source: Apple's «Audio Interchange File Format», version 1.3, and «AIFF-C», draft of 1991.
 */
import type { DecodedAudio } from "./audio.ts";
import { ByteReader, dataView, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { appleLayout, decodeImaAdpcm } from "./ima_adpcm.ts";
import { checkChannelsAndRate } from "./limits.ts";
import type { DecodeTask } from "./mono_collector.ts";
import { bytesPerSample, type SampleEncoding, signedIntegers } from "./pcm.ts";
import { decodePcmRegion } from "./pcm_region.ts";

/** What the `COMM` chunk says. */
interface CommonChunk {
  readonly numChannels: number;
  readonly numFrames: number;
  readonly bitsPerSample: number;
  readonly sampleRateHz: number;
  /** AIFF-C's compression type; `NONE` in AIFF. */
  readonly compression: string;
  readonly byteOffset: number;
}

const maxChunks = 4096;

/** Decodes an AIFF or AIFF-C file. @throws {DecodeError} */
export async function decodeAiff(source: ByteSource, window: DecodeTask): Promise<DecodedAudio> {
  const reader = new ByteReader(source, (window.startByte ?? 0) + 8);
  const form = fourCharacters(await reader.read(4, "the word AIFF or AIFC"));
  let common: CommonChunk | undefined,
    data: { offset: number; length: number; claimed: number } | undefined;
  for (let count = 0; !(common && data) && reader.remaining >= 8; count++) {
    if (count === maxChunks) throw reader.fault(`at most ${maxChunks} chunks`, "more");
    const header = await reader.read(8, "a chunk's header");
    const id = fourCharacters(header), length = dataView(header).getUint32(4);
    const offset = reader.offset;
    if (id === "COMM") {
      common = await readCommon(reader, length, form === "AIFC");
    } else if (id === "SSND") {
      const skip = dataView(await reader.read(8, "the header of the samples")).getUint32(0);
      // A program that writes to a pipe leaves a huge number, or none in all its lengths.
      const isUnknown = length === 0 || length >= 0x7fff_0000;
      const available = isUnknown ? reader.remaining : Math.min(length - 8, reader.remaining);
      const isPaddingMissing = length - 8 - available === 1;
      const claimed = isUnknown
        ? Infinity
        : Math.max(0, (isPaddingMissing ? available : length - 8) - skip);
      data = { offset: offset + 8 + skip, length: Math.max(0, available - skip), claimed };
    }
    reader.seek(offset + length + length % 2);
  }
  if (common?.numFrames === 0 && data?.claimed === Infinity) {
    common = { ...common, numFrames: Infinity };
  }
  if (!common) throw reader.fault("a `COMM` chunk", "none");
  if (!data) throw reader.fault("an `SSND` chunk", "none");
  const name = form === "AIFC" ? "AIFF-C" : "AIFF";
  if (common.compression === "ima4") {
    const { numChannels, sampleRateHz } = common, layout = appleLayout(numChannels);
    // Its frames are blocks.
    return await decodeImaAdpcm(source, window, {
      dataOffset: data.offset,
      dataBytes: Math.min(data.length, common.numFrames * layout.blockBytes),
      claimedBytes: data.claimed === Infinity
        ? undefined
        : Math.min(data.claimed, common.numFrames * layout.blockBytes),
      numChannels,
      sampleRateHz,
      layout,
      format: `${name} IMA ADPCM`,
    });
  }
  const { encoding, littleEndian } = sampleEncoding(common, reader);
  const frameBytes = bytesPerSample[encoding] * common.numChannels;
  return await decodePcmRegion(source, window, {
    dataOffset: data.offset,
    numFrames: Math.min(common.numFrames, Math.floor(data.length / frameBytes)),
    claimedFrames: data.claimed === Infinity
      ? undefined
      : Math.min(common.numFrames, Math.floor(data.claimed / frameBytes)),
    numChannels: common.numChannels,
    sampleRateHz: common.sampleRateHz,
    encoding,
    littleEndian,
    format: `${name} ${encoding}`,
  });
}

async function readCommon(
  reader: ByteReader,
  length: number,
  compressed: boolean,
): Promise<CommonChunk> {
  const byteOffset = reader.offset, needed = compressed ? 22 : 18;
  if (length < needed) {
    throw reader.fault(`a \`COMM\` chunk of at least ${needed} bytes`, `${length} bytes`);
  }
  const bytes = await reader.read(needed, "the `COMM` chunk's content");
  const view = dataView(bytes);
  const common: CommonChunk = {
    numChannels: view.getUint16(0),
    numFrames: view.getUint32(2),
    bitsPerSample: view.getUint16(6),
    sampleRateHz: extendedFloat(view, 8),
    compression: compressed ? fourCharacters(bytes, 18) : "NONE",
    byteOffset,
  };
  checkChannelsAndRate(reader, common.numChannels, common.sampleRateHz, byteOffset);
  return common;
}

/** Reads an 80-bit IEEE 754 extended number; NaN and infinity come out as infinity. */
function extendedFloat(view: DataView, offset: number): number {
  const exponent = view.getUint16(offset);
  const mantissa = view.getUint32(offset + 2) * 2 ** 32 + view.getUint32(offset + 6);
  if ((exponent & 0x7fff) === 0x7fff) return Infinity;
  return (exponent & 0x8000 ? -1 : 1) * mantissa * 2 ** ((exponent & 0x7fff) - 16383 - 63);
}

function sampleEncoding(
  common: CommonChunk,
  reader: ByteReader,
): { encoding: SampleEncoding; littleEndian: boolean } {
  const { compression, bitsPerSample, byteOffset } = common;
  const integer = signedIntegers[Math.ceil(bitsPerSample / 8)];
  const encodings: Readonly<Record<string, SampleEncoding | undefined>> = {
    "NONE": integer,
    "twos": integer,
    "sowt": integer,
    "raw ": "unsigned 8 bit",
    "in24": "24 bit",
    "in32": "32 bit",
    "fl32": "float 32 bit",
    "FL32": "float 32 bit",
    "fl64": "float 64 bit",
    "FL64": "float 64 bit",
    "alaw": "A-law",
    "ALAW": "A-law",
    "ulaw": "µ-law",
    "ULAW": "µ-law",
  };
  const encoding = Object.hasOwn(encodings, compression) ? encodings[compression] : undefined;
  if (encoding === undefined) {
    throw reader.fault(
      "uncompressed samples of 8, 16, 24 or 32 bits, float of 32 or 64, A-law or µ-law",
      compression === "NONE"
        ? `${bitsPerSample} bits`
        : `compression ${compression}: convert it with \`ffmpeg -i in.aiff out.wav\``,
      byteOffset,
    );
  }
  return { encoding, littleEndian: compression === "sowt" };
}
