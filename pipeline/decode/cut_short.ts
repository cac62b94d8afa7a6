/** Files that end before what their headers say there is. */

/** Sound that there is and sound that a header says there is, both in frames. */
export interface ClaimedFrames {
  readonly numFrames: number;
  readonly claimedFrames: number;
  readonly sampleRateHz: number;
}

/** Says that sound is missing at a file's end: `cut short: 0.25 of 1.0 s are there`; `undefined` where none is. */
export function describeCut(
  { numFrames, claimedFrames, sampleRateHz }: ClaimedFrames,
): string | undefined {
  if (!(claimedFrames > numFrames) || claimedFrames === Infinity) return undefined;
  const there = formatSeconds(numFrames / sampleRateHz);
  const claimed = formatSeconds(claimedFrames / sampleRateHz);
  return there === claimed
    ? `cut short: the last of ${claimed} s is missing in part`
    : `cut short: ${there} of ${claimed} s are there`;
}

/** The same by bytes, where those do not tell the time. */
export function describeCutBytes(numBytes: number, claimedBytes: number): string | undefined {
  if (!(claimedBytes > numBytes)) return undefined;
  return `cut short: ${numBytes} of ${claimedBytes} bytes are there`;
}

/** Remarks in one line; `undefined` where there are none. */
export function joinRemarks(...remarks: readonly (string | undefined)[]): string | undefined {
  const said = remarks.filter((remark) => remark !== undefined && remark !== "");
  return said.length > 0 ? said.join(", ") : undefined;
}

/** Seconds with one to three decimals. */
function formatSeconds(seconds: number): string {
  return seconds.toFixed(3).replace(/0{1,2}$/, "");
}
