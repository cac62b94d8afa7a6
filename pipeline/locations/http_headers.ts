/** What the headers of an answer say of a file. */

/** Where the bytes of an answer lie, and of how many; the header is `bytes 0-99/1000` or `bytes *`+`/1000`. */
export function rangeOf({ headers }: Response): { start: number; total?: number } | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
  if (!match) return undefined;
  return { start: Number(match[1] ?? 0), total: match[2] === "*" ? undefined : Number(match[2]) };
}

/** The length that an answer claims: not of one that was packed for the way. */
export function lengthOf(headers: Headers): number | undefined {
  const text = headers.has("content-encoding") ? null : headers.get("content-length");
  return text === null ? undefined : Number(text);
}

/** What changes when a file does: its `ETag`, else the time of its last change. */
export function versionOf(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  return tag === null ? headers.get("last-modified") ?? undefined : bareTag(tag);
}

/** An `ETag` without what servers write in one place and leave out in another. */
export function bareTag(tag: string): string {
  return tag.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}
