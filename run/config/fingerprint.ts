import { createHash } from "node:crypto";
import type { Annotation } from "../../pipeline/annotation.ts";
import { contentStampOf } from "../../pipeline/locations/content_stamp.ts";
import { isRemote } from "../../pipeline/locations/location.ts";
import { mapAtOnce } from "../../pipeline/locations/map_at_once.ts";
import { sizeOfLocation, stampOf } from "../../pipeline/locations/open_location.ts";
import type { Recording } from "../../pipeline/recording.ts";

/** So many bytes of each end of a recording tell it from others of its size. */
const stampedBytes = { first: 1 << 12, last: 1 << 12 };
/** Files that are read at a time, as a disk far away answers late. */
const atOnce = 16;
/** Recordings whose lines are kept at a time. */
const hashedAtOnce = 1024;

/**
 * SHA-256 of what a run was begun with: the recordings' names, labels, annotations, groups, sizes, and first
 * and last 4 kB. It changes when one is added, removed, changed or takes another's place, and not when all are
 * copied elsewhere. Of recordings on a server it takes the address, size and version in place of bytes.
 */
export async function fingerprintOf(recordings: readonly Recording[]): Promise<string> {
  const hash = createHash("sha256");
  for (let from = 0; from < recordings.length; from += hashedAtOnce) {
    const lines = await mapAtOnce(recordings.slice(from, from + hashedAtOnce), atOnce, lineOf);
    hash.update(`${from > 0 ? "\n" : ""}${lines.join("\n")}`);
  }
  return hash.digest("hex");
}

async function lineOf(recording: Recording): Promise<string> {
  const { id, labels, group, location, part, annotations } = recording;
  // What servers say of their files is known by now; to read of each would take as long as an epoch.
  const known = isRemote(location)
    ? stampOf(location)
    : await contentStampOf(location, stampedBytes);
  const stamp = known ?? sizeOfLocation(location) ?? "missing";
  const more = [
    ...group === undefined ? [] : [group],
    ...part ? [`${part.startSeconds}-${part.endSeconds ?? ""}`] : [],
    ...annotations?.map(describe) ?? [],
  ];
  return [labels?.join(";"), id, stamp, ...more].join("\t");
}

function describe({ startSeconds, endSeconds, label }: Annotation): string {
  return `${startSeconds}-${endSeconds} ${label}`;
}
