/** Ogg Opus, decoded by libopus at 48 kHz. Source of the header: RFC 7845. */
import { dataView } from "./byte_reader.ts";
import { callCodec, checkResult } from "./codec_library.ts";
import type { HeaderPackets, PacketDecoder } from "./ogg_codec.ts";

/** Opus always can, and here always does, decode at this rate. */
const sampleRateHz = 48000;

/** Reads the two header packets and starts a decoder. @throws {DecodeError} */
export async function openOpus(headers: HeaderPackets): Promise<PacketDecoder> {
  const { first, path } = headers;
  if (first.length < 19) throw headers.fault("an Opus header of 19 bytes", `${first.length} bytes`);
  const view = dataView(first);
  const version = first[8], numChannels = first[9], family = first[18];
  if (version > 15) throw headers.fault("version 1 of Opus in Ogg", `version ${version}`);
  headers.check(numChannels, sampleRateHz);
  const mapping = channelMapping(headers, numChannels, family);
  const skipFrames = view.getUint16(10, true);
  const gain = 10 ** (view.getInt16(16, true) / 256 / 20);
  await headers.next("the comments of Opus");
  const { OpusDecoder } = await import("../../deps/opus_decoder.ts"); // not before it is needed: it takes 35 ms
  const decoder = await callCodec(
    { path, byteOffset: headers.byteOffset, expected: "the header of Opus" },
    async () => {
      const library = new OpusDecoder({ channels: numChannels, ...mapping });
      await library.ready;
      return library;
    },
  );
  return {
    format: "Ogg Opus",
    numChannels,
    sampleRateHz,
    skipFrames,
    isBounded: false,
    decode: async (packets, byteOffset) => {
      const place = { path, byteOffset, expected: "a page of Opus packets" };
      const result = await callCodec(place, () => decoder.decodeFrames([...packets]));
      checkResult(place, result);
      const { channelData, samplesDecoded } = result;
      if (gain !== 1) {
        for (const channel of channelData) channel.forEach((x, i) => channel[i] = x * gain);
      }
      return { channels: channelData, numFrames: samplesDecoded };
    },
  };
}

/** How the coded streams become channels; nothing for mono and stereo, which the decoder knows. */
function channelMapping(headers: HeaderPackets, numChannels: number, family: number): {
  streamCount?: number;
  coupledStreamCount?: number;
  channelMappingTable?: number[];
} {
  const { first } = headers;
  if (family === 0) {
    if (numChannels > 2) {
      throw headers.fault("1 or 2 channels in mapping family 0", `${numChannels}`);
    }
    return {};
  }
  if (family !== 1 && family !== 255) {
    throw headers.fault("channel mapping family 0, 1 or 255", `family ${family}`);
  }
  const streamCount = first[19], coupledStreamCount = first[20];
  const channelMappingTable = [...first.subarray(21, 21 + numChannels)];
  const numCoded = streamCount + coupledStreamCount;
  const valid = channelMappingTable.length === numChannels && streamCount >= 1 &&
    coupledStreamCount <= streamCount && numCoded <= 255 &&
    channelMappingTable.every((stream) => stream < numCoded || stream === 255);
  if (!valid) {
    throw headers.fault(
      "a channel mapping within its streams",
      `${streamCount} streams, ${coupledStreamCount} of them coupled, mapped ${channelMappingTable}`,
    );
  }
  return { streamCount, coupledStreamCount, channelMappingTable };
}
