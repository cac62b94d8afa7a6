import type { Random } from "../random.ts";

/**
 * Draws where the part of a long recording begins that is used, in seconds: every part that lies
 * wholly within it is as likely. 0 where the recording is no longer than the part, or of unknown length.
 */
export function drawCropStart(
  totalSeconds: number | undefined,
  durationSeconds: number,
  random: Random,
): number {
  const drawn = random.next(); // always drawn: what is drawn next must not depend on the length
  return drawn * Math.max(0, (totalSeconds ?? 0) - durationSeconds);
}
