/** Makes the features of all recordings of a folder through a cache, in a process of its own. */
import { openCacheFolder } from "../../../pipeline/cache/cache_folder.ts";
import { defaultFrontEnd } from "../../../pipeline/front_end.ts";
import { describeLocation } from "../../../pipeline/locations/location.ts";
import { openRecordings } from "../../../pipeline/sources/open_recordings.ts";
import { requestFor, run } from "../run_graph.ts";

const [dir, cacheDir, limitBytes] = Deno.args, notices: string[] = [];
const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 16 };
const requests = (await openRecordings(dir)).map(({ location }) =>
  requestFor(describeLocation(location))
);
const cache = openCacheFolder(cacheDir, Number(limitBytes));
const results = await run({ frontEnd, seed: 1, cache }, requests, notices);
const outcomes = results.map(({ kind, trace }) => `${kind} ${trace.cache}`);
console.log(JSON.stringify({ outcomes, notices }));
