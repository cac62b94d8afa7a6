/**
 * Writes forty rows into two files in a process of its own, begun or gone on with; `resumable_output_test.ts`
 * has it kill itself before a file operation, as `tone_run.ts` does.
 */
import { ResumableOutput } from "../../../run/files/resumable_output.ts";
import { killBefore } from "../training/kill_before.ts";

const [dir, pattern, count] = Deno.args;
if (pattern !== undefined) killBefore(new RegExp(pattern), Number(count));

await using output = await ResumableOutput.open<{ readonly sum: number }>({
  ...{ out: `${dir}/rows.csv`, begun: { kind: "forty rows" }, resume: true, noteMs: 0 },
});
const rows = await output.file("rows", `${dir}/rows.csv`);
const squares = await output.file("squares", `${dir}/more/squares.csv`);
let sum = output.notes?.sum ?? 0;
for (let i = output.done; i < 40; i++) {
  sum += i;
  await rows!.write(`${i},${sum}\n`);
  await squares!.write(`${i * i}\n`);
  await output.progress(i + 1, { sum });
}
await output.commit();
