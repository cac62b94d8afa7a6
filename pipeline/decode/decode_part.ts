import type { DecodedAudio, DecodeWindow } from "./audio.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { decodeSource } from "./decode.ts";

/** As much of a recording as is decoded to learn its length. */
const probeSeconds = 0.01;

/**
 * Decodes a part of a source that is chosen when its length is known, from its header; `undefined` where
 * only decoding all of it would tell.
 *
 * @returns The part; what lies at its start, where its header claims more than there is
 *   and the part chosen lies behind its end.
 * @throws {DecodeError} as `decodeSource`.
 */
export async function decodePart(
  source: ByteSource,
  choose: (totalSeconds: number | undefined) => DecodeWindow,
): Promise<DecodedAudio> {
  const { totalSeconds } = await decodeSource(source, { durationSeconds: probeSeconds });
  const window = choose(totalSeconds), audio = await decodeSource(source, window);
  if (audio.samples.length > 0) return audio;
  return await decodeSource(source, { ...window, startSeconds: 0 });
}
