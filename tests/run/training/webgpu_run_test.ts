/** Whole runs through WebGPU; ignored, visibly, where there is no adapter. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import type { Backend } from "../../../model/create_engine.ts";
import { openDevice } from "../../../model/webgpu/device.ts";
import { openDefaultDataset } from "../../../pipeline/sources/default_dataset.ts";
import { RunError } from "../../../run/run_error.ts";
import { train } from "../../../run/training/train.ts";
import { Interrupted, type TrainOptions } from "../../../run/training/train_options.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";
import { hasAdapter, hasFloat16 } from "../../model/webgpu/gpu.ts";
import { toneOptions } from "./tone_options.ts";

function runTest(
  name: string,
  test: (dir: string) => Promise<void>,
  ignore = !hasAdapter,
): void {
  Deno.test({ name, ignore, fn: () => withFolder(test) });
}

runTest("the first steps on the default recordings have the CPU engine's losses", async (dir) => {
  const dataset = await openDefaultDataset();
  const lossesOf = async (backend: Backend) => {
    const losses: number[] = [], stop = new AbortController();
    let before = 0;
    const run = train({
      dataset,
      out: `${dir}/${backend}`,
      backend,
      recipe: { batchSize: 2 },
      saveMinutes: 0, // looks at the loss after every step
      signal: stop.signal,
      onEvent(event) {
        if (event.kind !== "progress") return;
        const { loss, examples } = event.progress;
        losses.push((loss * examples - before) / 2);
        before = loss * examples;
        if (losses.length === 4) stop.abort();
      },
    });
    await assertRejects(() => run, Interrupted);
    return losses.slice(0, 4);
  };
  const expected = await lossesOf("cpu"), losses = await lossesOf("webgpu");
  assertStrictEquals(losses.length, 4);
  for (const [i, loss] of losses.entries()) {
    assert(Math.abs(loss - expected[i]) < 1e-3, `step ${i + 1}: ${loss}, not ${expected[i]}`);
  }
});

runTest("a run whose GPU is lost says how to go on, and does", async (dir) => {
  await writeToneDataset(`${dir}/data`, 5);
  const options: TrainOptions = { ...await toneOptions(dir, "run", 3), backend: "webgpu" };
  // Opened before the run, which shares it: so the test can take it away.
  const { device, close } = await openDevice({ allowSoftware: true });
  try {
    const lost = train({
      ...options,
      onEvent: (event) => event.kind === "epoch" && event.row.epoch === 2 && device.destroy(),
    });
    const { message, resumable } = await assertRejects(() => lost, RunError);
    assertMatch(message, /^Cannot go on with WebGPU as .+ was lost: destroyed/);
    assertMatch(message, /\(the run is saved as of [\d:]+\)$/);
    assertStrictEquals(resumable, options.out);
  } finally {
    await close();
  }
  const resumedAt: number[] = [];
  const result = await train({
    ...options,
    mode: "resume",
    onEvent: (event) => event.kind === "start" && resumedAt.push(event.start.resumedFrom!.epoch),
  });
  assertEquals([resumedAt, result.epochs], [[2], 3]);
});

runTest("a run in float16 says so and keeps it in its config.json", async (dir) => {
  await writeToneDataset(`${dir}/data`, 3);
  let engine = "";
  await train({
    ...await toneOptions(dir, "run", 1),
    backend: "webgpu",
    precision: "float16",
    onEvent: (event) => event.kind === "start" && (engine = event.start.engine),
  });
  assertMatch(engine, /^webgpu .*float16/);
  assertStrictEquals(
    JSON.parse(await Deno.readTextFile(`${dir}/run/config.json`)).precision,
    "float16",
  );
}, !hasFloat16);
