/** Paths that lead to servers: `https://host/list.csv`, `s3://bucket/prefix`. */
import { posix } from "node:path";
import { extname, isAbsolute } from "../../deps/std_path.ts";
import { bucketEndpoint } from "../locations/environment.ts";
import { fileLocation, type Location } from "../locations/location.ts";

const scheme = /^(https?|s3):\/\//i;

/** Whether a path leads to a server. */
export function isRemotePath(path: string): boolean {
  return scheme.test(path);
}

/** Whether a path is an address of a protocol that nothing here speaks. */
export function isForeignAddress(path: string): boolean {
  return !isRemotePath(path) && /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}

/**
 * Where a path leads.
 *
 * @throws {TypeError} where it is an address that is broken.
 */
export function locationAt(path: string): Location {
  if (/^https?:/i.test(path) && isRemotePath(path)) {
    return { kind: "url", url: new URL(path).href };
  }
  if (!isRemotePath(path)) return fileLocation(path);
  const [bucket, ...names] = path.replace(scheme, "").split("/").filter((name) => name !== "");
  if (bucket === undefined) throw new TypeError(`${path} names no bucket`);
  const endpoint = bucketEndpoint();
  return { kind: "object", bucket, key: names.join("/"), ...endpoint && { endpoint } };
}

/** The extension of a path or address, in lower case, with its dot. */
export function extensionOf(path: string): string {
  const isAddress = /^https?:/i.test(path) && isRemotePath(path);
  return extname(isAddress ? new URL(path).pathname : path).toLowerCase();
}

/** The archive on a server that a path leads to or into, told by its extension. */
export function remoteArchiveOf(path: string): string | undefined {
  if (!isRemotePath(path)) return undefined;
  return /^[^?#]*?\.(zip|tar|tgz|tar\.gz|tar\.zst)(\?[^/]*)?(?=\/|$)/i.exec(path)?.[0];
}

/** The path of a file that a table at `table` names. */
export function pathFrom(table: string, written: string): string {
  if (isRemotePath(written)) return written;
  if (/^https?:/i.test(table)) {
    return new URL(written.split("/").map(encodeURIComponent).join("/"), table).href;
  }
  const [start = ""] = scheme.exec(table) ?? [];
  if (start === "" && isAbsolute(written)) return written;
  return start + posix.join(posix.dirname(table.slice(start.length)), written);
}

/** What a recording at a path is called: an address by its host and path, without escapes. */
export function idOfPath(path: string): string {
  if (!isRemotePath(path)) return insideOf(path);
  if (/^s3:/i.test(path)) return insideOf(path.replace(scheme, ""));
  const { host, pathname } = new URL(path);
  return insideOf(`${host}${unescaped(pathname)}`).normalize("NFC");
}

/** A path without what would lead out of a folder that it is put in. */
export function insideOf(name: string): string {
  return posix.normalize(name).replace(/^(\.\.?\/|\/)+/, "");
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
