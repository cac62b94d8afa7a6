/** Files on servers, by whatever protocol: what only jobs that have some load. */
import { type HttpFile, readFileState } from "./http_source.ts";
import type { Location, ObjectLocation, UrlLocation } from "./location.ts";
import { urlFile } from "./open_url.ts";
import { askServer } from "./patience.ts";

export { openHttp } from "./http_source.ts";

/** The file that lies at a location. */
export async function httpFileOf(location: UrlLocation | ObjectLocation): Promise<HttpFile> {
  if (location.kind === "url") return urlFile(location);
  const { objectFile } = await import("./bucket_access.ts");
  return objectFile(location);
}

/**
 * Asks the server of a location for the length and version of what lies there, unless they are known; others
 * stay as they are.
 *
 * @throws {DecodeError} where nothing is there, or the server does not say why it gives nothing.
 */
export async function resolveLocation(location: Location): Promise<Location> {
  if (location.kind !== "url" && location.kind !== "object") return location;
  if (location.version !== undefined) return location;
  const file = await httpFileOf(location);
  return { ...location, ...await askServer(() => readFileState(file), location) };
}
