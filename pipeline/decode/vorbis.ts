/** Ogg Vorbis, decoded by libvorbis. Source of the headers: «Vorbis I specification», section 4.2. */
import type { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { dataView } from "./byte_reader.ts";
import { callCodec } from "./codec_library.ts";
import { type HeaderPackets, type PacketDecoder, startsWith } from "./ogg_codec.ts";

type LibraryPages = Parameters<OggVorbisDecoder["decodeOggPages"]>[0];

/** Reads the three header packets and starts a decoder. @throws {DecodeError} */
export async function openVorbis(headers: HeaderPackets): Promise<PacketDecoder> {
  const identification = headers.first.slice();
  if (identification.length < 30) {
    throw headers.fault("a Vorbis header of 30 bytes", `${identification.length} bytes`);
  }
  const view = dataView(identification);
  const version = view.getUint32(7, true), numChannels = identification[11];
  const sampleRateHz = view.getUint32(12, true);
  if (version !== 0) throw headers.fault("version 0 of Vorbis", `version ${version}`);
  headers.check(numChannels, sampleRateHz);
  const comment = await headers.next("the comments of Vorbis");
  if (!startsWith(comment, "\x03vorbis")) {
    throw headers.fault("the comments of Vorbis", "another packet");
  }
  const setup = (await headers.next("the setup of Vorbis")).slice();
  if (!startsWith(setup, "\x05vorbis")) {
    throw headers.fault("the setup of Vorbis", "another packet");
  }

  const { path } = headers;
  const { OggVorbisDecoder } = await import("@wasm-audio-decoders/ogg-vorbis"); // not before it is needed: it takes 35 ms
  const decoder = await callCodec(
    { path, byteOffset: headers.byteOffset, expected: "the headers of Vorbis" },
    async () => {
      const library = new OggVorbisDecoder();
      await library.ready;
      // The library takes pages as its own parser makes them. Ours checks them and says where they lie.
      await library.decodeOggPages([
        { data: identification, codecFrames: [] },
        { data: setup, codecFrames: [{ data: new Uint8Array(), header: { vorbisSetup: setup } }] },
      ] as unknown as LibraryPages);
      return library;
    },
  );
  return {
    format: "Ogg Vorbis",
    numChannels,
    sampleRateHz,
    skipFrames: 0,
    decode: async (packets, byteOffset) => {
      const codecFrames = packets.map((data) => ({ data }));
      const { channelData, samplesDecoded } = await callCodec(
        { path, byteOffset, expected: "a page of Vorbis packets" },
        () => decoder.decodeOggPages([{ codecFrames }] as unknown as LibraryPages),
      );
      return { channels: channelData, numFrames: samplesDecoded };
    },
  };
}
