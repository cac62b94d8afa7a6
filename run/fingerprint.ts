import type { Annotation } from "../pipeline/annotation.ts";
import { contentStampOf } from "../pipeline/locations/content_stamp.ts";
import { sizeOfLocation } from "../pipeline/locations/open_location.ts";
import type { Recording } from "../pipeline/recording.ts";

/** So many bytes of each end of a recording tell it from others of its size. */
const stampedBytes = { first: 1 << 12, last: 1 << 12 };
/** Files that are read at a time, as a disk far away answers late. */
const atOnce = 16;

/**
 * SHA-256 of what a run was begun with: the recordings' names, labels, annotations, groups, sizes, and first
 * and last 4 kB. It changes when one is added, removed, changed or takes another's place, and not when all are
 * copied elsewhere.
 */
export async function fingerprintOf(recordings: readonly Recording[]): Promise<string> {
  const lines = new Array<string>(recordings.length);
  const positions = recordings.keys();
  const work = async () => {
    for (const i of positions) {
      const { id, labels, group, location, annotations } = recordings[i];
      const stamp = await contentStampOf(location, stampedBytes) ??
        sizeOfLocation(location) ?? "missing";
      const more = [...group === undefined ? [] : [group], ...annotations?.map(describe) ?? []];
      lines[i] = [labels?.join(";"), id, stamp, ...more].join("\t");
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const bytes = new TextEncoder().encode(lines.join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function describe({ startSeconds, endSeconds, label }: Annotation): string {
  return `${startSeconds}-${endSeconds} ${label}`;
}
