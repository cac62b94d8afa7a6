/** Ogg Vorbis, decoded by a WebAssembly kernel of ours. Source of the headers: «Vorbis I specification», section 4.2. */
import { dataView } from "./byte_reader.ts";
import { maxMagnitude } from "./mono_collector.ts";
import { type HeaderPackets, type PacketDecoder, startsWith } from "./ogg_codec.ts";
import { describeFault } from "./vorbis_faults.ts";
import { VorbisKernel } from "./vorbis_kernel.ts";

/** Reads the three header packets and starts a decoder. @throws {DecodeError} */
export async function openVorbis(headers: HeaderPackets): Promise<PacketDecoder> {
  const { first } = headers;
  if (first.length < 30) {
    throw headers.fault("a Vorbis header of 30 bytes", `${first.length} bytes`);
  }
  const view = dataView(first);
  const version = view.getUint32(7, true), numChannels = first[11];
  const sampleRateHz = view.getUint32(12, true);
  if (version !== 0) throw headers.fault("version 0 of Vorbis", `version ${version}`);
  headers.check(numChannels, sampleRateHz);
  const shortSize = 1 << (first[28] & 15), longSize = 1 << (first[28] >> 4);
  if (shortSize < 64 || shortSize > longSize || longSize > 8192) {
    throw headers.fault(
      "blocks of 64 to 8192 samples, short ones first",
      `${shortSize}, ${longSize}`,
    );
  }
  if ((first[29] & 1) === 0) throw headers.fault("a framing bit", "none");
  const comment = await headers.next("the comments of Vorbis");
  if (!startsWith(comment, "\x03vorbis")) {
    throw headers.fault("the comments of Vorbis", "another packet");
  }
  const setup = await headers.next("the setup of Vorbis");
  if (!startsWith(setup, "\x05vorbis")) {
    throw headers.fault("the setup of Vorbis", "another packet");
  }
  const kernel = await VorbisKernel.take({ numChannels, shortSize, longSize, packet: setup });
  if (kernel.fault !== 0) throw headers.fault(...describeFault(kernel.fault));
  return {
    format: "Ogg Vorbis",
    numChannels,
    sampleRateHz,
    skipFrames: 0,
    isBounded: kernel.loudest <= maxMagnitude,
    decode: (packets) => Promise.resolve(decodePackets(kernel, packets)),
    restart: () => kernel.restart(),
    close: () => kernel.release(),
  };
}

/** Decodes any number of packets to the mean of their channels. */
function decodePackets(
  kernel: VorbisKernel,
  packets: readonly Uint8Array[],
): { channels: readonly Float32Array[]; numFrames: number } {
  const { packetsAtOnce, framesAtOnce } = kernel;
  let samples = kernel.decode(packets.slice(0, packetsAtOnce));
  if (packets.length > packetsAtOnce) {
    const room = new Float32Array(Math.ceil(packets.length / packetsAtOnce) * framesAtOnce);
    room.set(samples);
    let numFrames = samples.length;
    for (let at = packetsAtOnce; at < packets.length; at += packetsAtOnce) {
      const more = kernel.decode(packets.slice(at, at + packetsAtOnce));
      room.set(more, numFrames);
      numFrames += more.length;
    }
    samples = room.subarray(0, numFrames);
  }
  return { channels: [samples], numFrames: samples.length };
}
