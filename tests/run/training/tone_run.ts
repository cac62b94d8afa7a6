/**
 * A run of tones in a process of its own, begun or gone on with: `resume_test.ts` kills it, or has it kill
 * itself before a file operation: `PATTERN COUNT`, the count-th whose words match, such as `rename A B`.
 */
import { openCacheFolder } from "../../../pipeline/cache/cache_folder.ts";
import { train } from "../../../run/training/train.ts";
import { killBefore } from "./kill_before.ts";
import { toneOptions } from "./tone_options.ts";

const [dir, pattern, count] = Deno.args;
if (pattern !== undefined) killBefore(new RegExp(pattern), Number(count));

const options = await toneOptions(dir, "killed", 12);
const begun = await Deno.stat(`${options.out}/config.json`).then(() => true, () => false);
await train({
  ...options,
  cache: openCacheFolder(`${dir}/cache`, 1e9), // what is killed while it writes there must do no harm
  mode: begun ? "resume" : "new",
  saveMinutes: 0,
  onEvent: (event) => event.kind === "progress" && console.log("step"),
});
