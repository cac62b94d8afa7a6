/** The encoded files in `tests/vectors/decode/`, and what the tools that made them decode them to. */

/** One file of `expected.json`. */
export interface Expected {
  readonly sampleRateHz: number;
  readonly numChannels: number;
  readonly numSamples: number;
  /** How far a sample may be off. */
  readonly tolerance: number;
  /** `samples` holds one mono sample in so many. */
  readonly every: number;
  readonly samples: readonly number[];
}

const folder = new URL("../../vectors/decode/", import.meta.url);

export const expectedFiles: Readonly<Record<string, Expected>> = JSON.parse(
  Deno.readTextFileSync(new URL("expected.json", folder)),
);

export const fixtureNames: readonly string[] = Object.keys(expectedFiles);

/** A fixture's path. */
export function fixturePath(name: string): string {
  return new URL(name, folder).pathname;
}

/** A fixture's bytes. */
export function readFixture(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(fixturePath(name));
}

/** The largest difference of two signals, over the length of the shorter. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= max)) max = difference; // NaN stays
  }
  return max;
}
