/** Ogg FLAC, decoded by the frame decoder of FLAC files. Source: RFC 9639, section 10.1. */
import { DecodeError } from "./audio.ts";
import { dataView } from "./byte_reader.ts";
import {
  FlacFrameDecoder,
  type FlacKernel,
  type FlacRun,
  frameHeaderAt,
  loadFlacKernel,
} from "./flac_frames.ts";
import { type FlacStreamInfo, parseStreamInfo } from "./flac_header.ts";
import { MonoCollector } from "./mono_collector.ts";
import { type HeaderPackets, type PacketDecoder, startsWith } from "./ogg_codec.ts";

/** Where STREAMINFO lies in the first packet: after a signature, the mapping's version and `fLaC`. */
const blockAt = 13, infoAt = blockAt + 4, infoBytes = 34;

/** Reads the header packets and starts a decoder. @throws {DecodeError} */
export async function openOggFlac(headers: HeaderPackets): Promise<PacketDecoder> {
  const { first, path } = headers;
  if (first.length < infoAt + infoBytes || !startsWith(first.subarray(9), "fLaC")) {
    throw headers.fault("STREAMINFO in the first packet of FLAC", "none");
  }
  if (first[5] !== 1) throw headers.fault("version 1 of FLAC in Ogg", `version ${first[5]}`);
  const info = parseStreamInfo(first.subarray(infoAt, infoAt + infoBytes));
  const { numChannels, sampleRateHz } = info;
  headers.check(numChannels, sampleRateHz);
  let numBlocks = dataView(first).getUint16(7); // 0 where the encoder did not know
  for (let block = first.subarray(blockAt); (block[0] & 0x80) === 0;) {
    block = await headers.next("a metadata block of FLAC");
    if (--numBlocks === 0) break;
  }
  const kernel = await loadFlacKernel();
  return {
    format: "Ogg FLAC",
    numChannels,
    sampleRateHz,
    skipFrames: 0,
    isBounded: true,
    decode: (packets, byteOffset) => {
      // Where in the file a byte of a packet lies is not known: faults name the page.
      const fault = (expected: string, seen: string) =>
        new DecodeError({ path, byteOffset, expected, seen });
      return Promise.resolve(decodeFrames(kernel, info, packets, { offset: byteOffset, fault }));
    },
  };
}

/** Decodes packets, each a frame, to the mean of their channels. */
function decodeFrames(
  kernel: FlacKernel,
  info: FlacStreamInfo,
  packets: readonly Uint8Array[],
  reader: FlacRun["reader"],
): { channels: readonly Float32Array[]; numFrames: number } {
  const bytes = new Uint8Array(packets.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const packet of packets) {
    bytes.set(packet, end);
    end += packet.length;
  }
  const origin = frameHeaderAt(reader, info, bytes)?.firstFrame ?? 0;
  const collector = new MonoCollector("", { startFrame: 0, endFrame: Infinity });
  const run = { info, reader, collector, origin, endFrame: Infinity };
  const decoder = new FlacFrameDecoder(kernel, run);
  for (let at = 0; at < end;) {
    const length = decoder.decode(bytes.subarray(at, at + decoder.maxBytes), true);
    if (length === 0) throw reader.fault("whole FLAC frames", "a part of one");
    at += length;
  }
  const numFrames = collector.position;
  return {
    channels: numFrames > 0 ? [collector.finishBounded()] : [new Float32Array()],
    numFrames,
  };
}
