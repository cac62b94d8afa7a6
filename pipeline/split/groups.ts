import type { Recording } from "../recording.ts";
import { DatasetError } from "../sources/dataset.ts";

/**
 * Puts clips in groups by their ids: a group is what the pattern's capture group took, so that
 * `(spk\d+)` groups by speaker in `dog/spk12_3.wav`. A clip that does not match is in no group.
 *
 * @param pattern A regular expression with exactly one capture group.
 * @throws {DatasetError} where it is none, or matches no clip.
 */
export function groupByPattern(clips: readonly Recording[], pattern: string): Recording[] {
  const expression = parsePattern(pattern);
  const grouped = clips.map((clip) => {
    const group = expression.exec(clip.id)?.[1];
    return group === undefined ? clip : { ...clip, group };
  });
  if (clips.length > 0 && describeGroups(grouped).numGroups === 0) {
    throw new DatasetError(
      `Cannot group by ${pattern} as it must match the names of clips: it matches none, ` +
        `not even ${clips[0].id}`,
    );
  }
  return grouped;
}

/** How many different groups there are, and how many clips are in none. */
export function describeGroups(
  clips: readonly Recording[],
): { readonly numGroups: number; readonly numAlone: number } {
  const groups = new Set(clips.map(({ group }) => group));
  groups.delete(undefined);
  const numAlone = clips.filter(({ group }) => group === undefined).length;
  return { numGroups: groups.size, numAlone };
}

function parsePattern(pattern: string): RegExp {
  let numCaptures: number;
  try {
    // With an empty alternative it matches everything, and says how many groups it has.
    numCaptures = new RegExp(`${pattern}|`).exec("")!.length - 1;
  } catch (cause) {
    throw new DatasetError(
      `Cannot group by ${pattern} as it must be a regular expression: ${(cause as Error).message}`,
      { cause },
    );
  }
  if (numCaptures !== 1) {
    throw new DatasetError(
      `Cannot group by ${pattern} as it must have one capture group, such as ^(spk\\d+): ` +
        `current value has ${numCaptures}`,
    );
  }
  return new RegExp(pattern);
}
