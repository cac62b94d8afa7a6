/**
 * Train and predict with faults injected, for as long as it is asked:
 *
 *     deno task soak [--minutes 30] [--faults "disk full,file cut"] [--seed N]
 *
 * Linux and macOS: files are limited by the shell's ulimit. Ends with 1, and leaves its folder, where a row or a
 * model is not as it should be.
 */
import { parseArgs } from "node:util";
import { rounds, soak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    faults: { type: "string", default: Object.keys(rounds).join() },
    seed: { type: "string", default: `${Date.now() % 1e6}` },
  },
});
const dir = await Deno.makeTempDir({ prefix: "melstream-soak-" });
const options = { dir, minutes: Number(values.minutes), seed: Number(values.seed) };
console.log(`seed ${values.seed}, in ${dir}`);
const faults = values.faults.split(",");
const numRounds = await soak({ ...options, faults, say: (text) => console.log(text) });
console.log(`${numRounds} rounds: every row was there, and every model loaded`);
await Deno.remove(dir, { recursive: true });
