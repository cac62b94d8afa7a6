import type { HttpFile } from "./http_source.ts";
import { describeLocation, type UrlLocation } from "./location.ts";
import { checkMayReach } from "./net_permission.ts";

/** What a web server gives at an address, as a file. */
export function urlFile(location: UrlLocation): HttpFile {
  const { url, size, version } = location, name = describeLocation(location);
  return {
    name,
    known: { size, version },
    ask: (range, signal) => {
      checkMayReach(url, name);
      // What is packed for the way has no ranges.
      const headers = { range, "accept-encoding": "identity" };
      return fetch(url, { headers, signal });
    },
  };
}
