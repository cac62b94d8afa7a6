/** How long recordings are, told by their headers where these know it. */
import { decodeSource } from "./decode/decode.ts";
import type { OpenLocation } from "./locations/byte_source.ts";
import { mapAtOnce } from "./locations/map_at_once.ts";
import { type Recording, secondsOfPart } from "./recording.ts";

/** As much of a recording as is decoded to learn its length. */
const probeSeconds = 0.01;
/** Recordings that are measured at a time, as servers answer late. */
const atOnce = 8;

/**
 * The length of a recording by its header, in seconds; `undefined` where only decoding all of it would tell.
 *
 * @throws {DecodeError} where it cannot be read.
 */
export async function secondsByHeader(
  { location, part }: Recording,
  open: OpenLocation,
): Promise<number | undefined> {
  using source = await open(location);
  const { totalSeconds } = await decodeSource(source, { durationSeconds: probeSeconds });
  return totalSeconds === undefined ? undefined : secondsOfPart(part, totalSeconds);
}

/**
 * Lengths of recordings up to a limit, in seconds, sorted: of all of them, or of some spread evenly over
 * them. Those that cannot be read are left out.
 *
 * @param limitSeconds What is longer counts as so long: no more of it is decoded where the header is silent.
 * @param mostMeasured Recordings that stand for all others.
 */
export async function measureLengths(
  recordings: readonly Recording[],
  limitSeconds: number,
  open: OpenLocation,
  mostMeasured = 400,
): Promise<Float64Array> {
  const count = Math.min(recordings.length, mostMeasured), stride = recordings.length / count;
  const measured = Array.from({ length: count }, (_, i) => recordings[Math.floor(i * stride)]);
  const lengths = await mapAtOnce(measured, atOnce, async (recording) => {
    try {
      const seconds = await secondsByHeader(recording, open) ??
        await decodedSeconds(recording, limitSeconds, open);
      return [Math.min(seconds, limitSeconds)];
    } catch {
      return []; // the graph will say why
    }
  });
  return Float64Array.from(lengths.flat()).sort();
}

async function decodedSeconds(
  { location, part }: Recording,
  limitSeconds: number,
  open: OpenLocation,
): Promise<number> {
  using source = await open(location);
  const durationSeconds = limitSeconds + (part?.startSeconds ?? 0);
  const { samples, sampleRateHz } = await decodeSource(source, { durationSeconds });
  return secondsOfPart(part, samples.length / sampleRateHz);
}
