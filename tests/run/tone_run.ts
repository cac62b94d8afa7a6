/** A run of tones in a process of its own, begun or gone on with: `resume_test.ts` kills it. */
import { train } from "../../run/train.ts";
import { toneOptions } from "./tone_options.ts";

const [dir] = Deno.args, options = await toneOptions(dir, "killed", 12);
const begun = await Deno.stat(`${options.out}/config.json`).then(() => true, () => false);
await train({
  ...options,
  mode: begun ? "resume" : "new",
  saveMinutes: 0,
  onEvent: (event) => event.kind === "progress" && console.log("step"),
});
