/** What a recording can be. The limits keep a bad header from asking for endless work later. */
import type { ByteReader } from "./byte_reader.ts";

const maxChannels = 256;

/**
 * Bytes without sound after which a file counts as ended: as much as a download that was cut short
 * mostly leaves empty at once (16 MiB).
 */
export const maxJunkBytes = 1 << 24;

/** Refuses what no recording has. @throws {DecodeError} with `byteOffset`, where the header lies. */
export function checkChannelsAndRate(
  reader: ByteReader,
  numChannels: number,
  sampleRateHz: number,
  byteOffset: number,
): void {
  if (!(numChannels >= 1 && numChannels <= maxChannels)) {
    throw reader.fault(`1 to ${maxChannels} channels`, `${numChannels}`, byteOffset);
  }
  if (!(sampleRateHz >= 100 && sampleRateHz <= 10_000_000)) {
    throw reader.fault("a sample rate from 100 Hz to 10 MHz", `${sampleRateHz} Hz`, byteOffset);
  }
}
