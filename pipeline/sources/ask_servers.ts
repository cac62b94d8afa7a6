/** Whether what a manifest names is there, and what servers say of it. */
import { describeLocation, isRemote, type Location } from "../locations/location.ts";
import { mapAtOnce } from "../locations/map_at_once.ts";
import { sizeOfLocation } from "../locations/open_location.ts";
import type { Recording } from "../recording.ts";
import { DatasetError } from "./dataset.ts";
import type { SetKind } from "./folder_layout.ts";

/** Is told how many of a manifest's addresses have been asked for what lies there. */
export type OnAsked = (numAsked: number, numAll: number) => void;

/** Which addresses of a manifest are asked for the length and version: `all` that are not to be labelled. */
export type Ask =
  | { readonly which: "all"; readonly onAsked: OnAsked }
  | { readonly which: "first" };

/** What is asked for: a manifest's row. */
export interface Asked {
  /** Its recording. */
  readonly recording: Recording;
  /** The set that it is in. */
  readonly set?: SetKind;
}

/** So many of its files are looked for before one that names none is refused; so many of those on servers. */
const lookedFor = 100, lookedForFar = 16;
/** So many are asked for at a time. */
const askedAtOnce = 16;

function isThere(location: Location): boolean {
  const isCell = location.kind === "cell"; // it would be there without bytes, too
  return isCell || location.kind !== "unreadable" && sizeOfLocation(location) !== undefined;
}

/**
 * Asks servers for what lies on them, and looks for what lies here.
 *
 * @returns The entries; those that were asked for with what is known of them now.
 * @throws {DatasetError} where none of the first recordings is there: paths are meant otherwise, or nobody
 *   may read them.
 */
export async function askServers<Entry extends Asked>(
  path: string,
  entries: readonly Entry[],
  ask: Ask,
): Promise<Entry[]> {
  const far = entries.filter(({ recording }) => isRemote(recording.location));
  const remote = ask.which === "first"
    ? far.slice(0, lookedForFar)
    : far.filter(({ set }) => set !== "test");
  const known = new Map<Entry, Entry>();
  let fault: Error | undefined, done = 0;
  if (remote.length > 0) {
    const { resolveLocation } = await import("../locations/open_remote.ts");
    await mapAtOnce(remote, askedAtOnce, async (entry) => {
      const { recording } = entry;
      try {
        const location = await resolveLocation(recording.location);
        known.set(entry, { ...entry, recording: { ...recording, location } });
      } catch (error) {
        fault ??= error as Error; // the graph will say it of each
      }
      if (ask.which === "all") ask.onAsked(++done, remote.length);
    });
  }
  const resolved = entries.map((entry) => known.get(entry) ?? entry);
  const isAny = known.size > 0 ||
    resolved.slice(0, lookedFor).some(({ recording }) => isThere(recording.location));
  if (isAny) return resolved;
  const [{ recording: { location } }] = entries;
  if (fault) {
    throw new DatasetError(
      `Cannot find the recordings of ${path}, of which none of the first ${remote.length} on servers can ` +
        `be read: ${fault.message}`,
      { cause: fault },
    );
  }
  throw new DatasetError(
    `Cannot find the recordings of ${path}, whose paths are relative to it: there is no ` +
      `${describeLocation(location)}, nor any other of the first ${lookedFor}`,
  );
}
