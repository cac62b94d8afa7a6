/** A run of tones in a process of its own, begun or gone on with: `resume_test.ts` kills it. */
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { openFolder } from "../../pipeline/sources/folder.ts";
import { train } from "../../run/train.ts";

const [dir] = Deno.args, out = `${dir}/killed`;
const begun = await Deno.stat(`${out}/config.json`).then(() => true, () => false);
await train({
  dataset: await openFolder(`${dir}/data`),
  out,
  mode: begun ? "resume" : "new",
  frontEnd: { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 },
  backend: "wasm",
  workers: 1,
  saveMinutes: 0,
  onEvent: (event) => event.kind === "progress" && console.log("step"),
  recipe: {
    epochs: 12,
    batchSize: 4,
    augmentFactor: 1,
    averageDecay: 0.9,
    classWeights: "balanced",
  },
});
