/** Recordings with the same bytes under several names. */
import { contentStampOf, type StampedBytes } from "../locations/content_stamp.ts";
import { isRemote } from "../locations/location.ts";
import { mapAtOnce } from "../locations/map_at_once.ts";
import { sizeOfLocation } from "../locations/open_location.ts";
import type { Recording } from "../recording.ts";
import type { Dataset } from "./dataset.ts";
import { describeCount } from "./unused.ts";

/** Two recordings count as equal where their sizes and these bytes are. */
const comparedBytes = { first: 1 << 16, last: 1 << 12 };
/** Recordings that are read of at a time. */
const atOnce = 16;
/** What tells most of equal size apart without reading as much. */
const glancedBytes = { first: 1 << 12, last: 1 << 12 };

/**
 * Finds recordings that are not empty and equal in size, in their first 64 kB and last 4 kB. Files are opened only where others
 * have the same size.
 *
 * @returns of each that has an equal one, a name of what they share; `undefined` where more than
 *   `mostRead` would have to be opened.
 */
export async function findDuplicates(
  recordings: readonly Recording[],
  mostRead: number = Infinity,
): Promise<Map<Recording, string> | undefined> {
  const alike = shared(recordings, recordings.map(({ location }) => sizeOfLocation(location) || 0));
  if (alike.recordings.length > mostRead) return undefined;
  const glanced = await sharedStamps(alike.recordings, glancedBytes);
  const { recordings: equal, keys } = await sharedStamps(glanced.recordings, comparedBytes);
  return new Map(equal.map((recording, i) => [recording, keys[i]]));
}

/** Puts recordings in groups of equal content; one that no other equals is in none. */
export async function groupByContent(recordings: readonly Recording[]): Promise<Recording[]> {
  const groups = (await findDuplicates(recordings))!;
  return recordings.map((clip) => groups.has(clip) ? { ...clip, group: groups.get(clip) } : clip);
}

/** Same-sized recordings of more than this are not compared unasked: it would take its time. */
const mostCompared = 20_000;

/** Notes on recordings that are there more than once: within what is trained on, and beyond it. */
export async function describeDuplicates(
  { train, validation = [], test }: Pick<Dataset, "train" | "validation" | "test">,
): Promise<string[]> {
  // Of what lies on a server nothing is read unasked.
  const near = [...train, ...validation, ...test].filter(({ location }) => !isRemote(location));
  const keys = await findDuplicates(near, mostCompared);
  if (!keys || keys.size === 0) return [];
  const others = new Set([...validation, ...test]);
  const first = new Map<string, Recording>(), notes: string[] = [];
  let numRepeats = 0, numKnown = 0, repeat = "", known = "";
  for (const [clip, key] of keys) {
    const original = first.get(key);
    if (!original) first.set(key, clip);
    else if (!others.has(clip)) {
      numRepeats++;
      repeat ||= `${original.id} and ${clip.id}`;
    } else if (!others.has(original)) {
      numKnown++;
      known ||= `${original.id} and ${clip.id}`;
    }
  }
  if (numRepeats > 0) {
    const what = "recordings equal to another (--groups content keeps them on one side)";
    notes.push(describeCount(what, repeat, numRepeats));
  }
  if (numKnown > 0) {
    notes.push(
      describeCount("recordings to validate on or to label that are trained on", known, numKnown),
    );
  }
  return notes;
}

/** Some recordings, and what each of them has in common with another: lists of one length, as they may be long. */
interface Shared<Key> {
  readonly recordings: readonly Recording[];
  readonly keys: readonly Key[];
}

async function sharedStamps(
  recordings: readonly Recording[],
  bytes: StampedBytes,
): Promise<Shared<string>> {
  const stampOf = async ({ location }: Recording) => await contentStampOf(location, bytes) ?? "";
  return shared(recordings, await mapAtOnce(recordings, atOnce, stampOf));
}

/** Those whose key others have too; one whose key is 0 or empty has none. */
function shared<Key extends string | number>(
  recordings: readonly Recording[],
  keys: readonly Key[],
): Shared<Key> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const isShared = (_: unknown, i: number) => Boolean(keys[i]) && counts.get(keys[i])! > 1;
  return { recordings: recordings.filter(isShared), keys: keys.filter(isShared) };
}
