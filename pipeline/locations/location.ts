/**
 * The place of a recording's bytes: plain data, so that it can be sent to a worker and written down.
 * `openLocation` opens it; nothing else looks inside.
 */
export type Location =
  | FileLocation
  | MemberLocation
  | UrlLocation
  | ObjectLocation
  | CellLocation
  | MemoryLocation
  | UnreadableLocation;

/** A file that Deno can open. */
export interface FileLocation {
  /** Tells it from the other kinds. */
  readonly kind: "file";
  /** Its path, as Deno takes it. */
  readonly path: string;
}

/** A member of an archive, read where it lies. */
export interface MemberLocation {
  /** Tells it from the other kinds. */
  readonly kind: "member";
  /** The archive. */
  readonly archive: Location;
  /** Its path in the archive. */
  readonly name: string;
  /** Where its bytes begin, in bytes from the archive's start; in a zip its header, which they follow. */
  readonly offset: number;
  /** Its length in bytes, unpacked. */
  readonly size: number;
  /** How a zip holds it; absent in a tar, where it lies as it is. */
  readonly zip?: ZipPacking;
}

/** How a zip holds a member. */
export interface ZipPacking {
  /** `stored`: as it is. */
  readonly method: "stored" | "deflated";
  /** Bytes in the archive. */
  readonly packedSize: number;
  /** Of the bytes unpacked. */
  readonly crc32: number;
}

/** Something that a web server gives. */
export interface UrlLocation {
  /** Tells it from the other kinds. */
  readonly kind: "url";
  /** Its whole address. */
  readonly url: string;
  /** Its length in bytes, where the server was asked. */
  readonly size?: number;
  /** What changes when its bytes do, where the server was asked. */
  readonly version?: string;
}

/** An object of a bucket, on whatever server speaks S3's protocol. */
export interface ObjectLocation {
  /** Tells it from the other kinds. */
  readonly kind: "object";
  /** The server's address; absent for Amazon's. */
  readonly endpoint?: string;
  /** The bucket's name. */
  readonly bucket: string;
  /** The object's name in the bucket. */
  readonly key: string;
  /** Its length in bytes, where it was listed. */
  readonly size?: number;
  /** What changes when its bytes do, where it was listed. */
  readonly version?: string;
}

/** Bytes in a cell of a Parquet table. */
export interface CellLocation {
  /** Tells it from the other kinds. */
  readonly kind: "cell";
  /** The table. */
  readonly table: Location;
  /** The column, which holds bytes, or a field `bytes`. */
  readonly column: string;
  /** The row, counted from 0. */
  readonly row: number;
  /** What people call it. */
  readonly name: string;
}

/** Bytes that are in memory already. */
export interface MemoryLocation {
  /** Tells it from the other kinds. */
  readonly kind: "memory";
  /** What people call it; of different bytes in one job no two may be alike. */
  readonly name: string;
  /** All of them; they are used in place. Of a `SharedArrayBuffer` all workers use the same. */
  readonly bytes: Uint8Array;
  /** What they were made of, such as a compressed archive: they change when it does. */
  readonly source?: Location;
}

/** Something that is listed, of which is known that it cannot be read: a member with a password, a row without a file. */
export interface UnreadableLocation {
  /** Tells it from the other kinds. */
  readonly kind: "unreadable";
  /** Where it should be, for people. */
  readonly name: string;
  /** What is there instead, in words. */
  readonly seen: string;
}

/** The location of a file. */
export function fileLocation(path: string): FileLocation {
  return { kind: "file", path };
}

/** The name of a location for people: a path, `archive.tar/member.wav`, an address. */
export function describeLocation(location: Location): string {
  switch (location.kind) {
    case "file":
      return location.path;
    case "member":
      return `${describeLocation(location.archive)}/${location.name}`;
    case "url":
      return withoutKeys(location.url);
    case "object":
      return `s3://${location.bucket}/${location.key}`;
    case "cell":
      return `${describeLocation(location.table)}/${location.name}`;
    case "memory":
    case "unreadable":
      return location.name;
  }
}

/**
 * The one key of a location, within one job: for sharing sound, for the cache, for whatever else is
 * remembered of it. Equal locations have equal keys, others do not. Whether its bytes are still the same
 * it does not say: see `stampOf`.
 */
export function identityOf(location: Location): string {
  switch (location.kind) {
    case "file":
      return `file:${location.path}`;
    case "member":
      return `${identityOf(location.archive)}#${location.offset}+${location.size}`;
    case "url":
      return location.url;
    case "object":
      return JSON.stringify(["s3", location.endpoint ?? "", location.bucket, location.key]);
    case "cell":
      return JSON.stringify([identityOf(location.table), location.column, location.row]);
    case "memory":
    case "unreadable":
      return `${location.kind}:${location.name}`;
  }
}

/** Parameters of an address by which somebody is let in, for a while. */
const keyNames =
  /^(x-(amz|goog)-|(awsaccesskeyid|expires|key-pair-id|policy|signature)$|s(e|ig|ks|ke|p|r|t|v)$|.*token$)/i;

/** An address without what lets somebody in: it is nobody's business, and another tomorrow. */
export function withoutKeys(address: string): string {
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()]) {
    if (keyNames.test(name)) url.searchParams.delete(name);
  }
  url.username = url.password = url.hash = "";
  return url.href;
}

/** Where a network lies in between: its bytes are fetched ahead, and waited for with patience. */
export function isRemote(location: Location): boolean {
  return location.kind === "member"
    ? isRemote(location.archive)
    : location.kind === "cell"
    ? isRemote(location.table)
    : location.kind === "url" || location.kind === "object";
}
