/**
 * The proof on a second implementation of WebGPU: a headless Chromium (Dawn and Tint, where Deno has wgpu and
 * naga) compiles every kernel, on a device with no more than the default limits, and runs the self-test:
 * prediction, a training step and every gradient beside float64.
 *
 *     deno task bench:gpu:browser [--adapter swiftshader] [--minutes 10]
 *
 * A line a kernel: the time of its pipeline, the slowest of its variants. `--adapter default` takes the
 * machine's GPU. Exits with 1 where something fails, or where there is no further line for so many minutes.
 */
import { parseArgs } from "node:util";
import { withGpuPage } from "../browser/gpu_page_server.ts";
import { findChromium } from "../report/browser.ts";

const { values: flags } = parseArgs({
  options: {
    adapter: { type: "string", default: "swiftshader" },
    minutes: { type: "string", default: "10" },
  },
});

const chromium = findChromium();
if (!chromium) throw new Error("Cannot test a GPU in a browser as no Chromium is installed");

/** Runs in the page: tells its lines one by one, so that what hangs is known by the last of them. */
const script = `
  globalThis.told = [];
  globalThis.outcome = undefined;
  (async () => {
    const { collectShaders, globalPoolings, openDevice, pipelineFault, selfTest } = melstream;
    const gpu = await openDevice({ allowSoftware: true });
    told.push(gpu.description);
    const shaders = await collectShaders(gpu);
    const device = await (await navigator.gpu.requestAdapter()).requestDevice();
    let failures = 0;
    const isFloat16 = ({ code }) => code.startsWith("enable f16");
    for (const kernel of new Set(shaders.map(({ kernel }) => kernel))) {
      const variants = shaders.filter((shader) => shader.kernel === kernel);
      let slowest = 0;
      const faults = [];
      for (const shader of variants) {
        const start = performance.now();
        const fault = await pipelineFault(isFloat16(shader) ? gpu.device : device, shader);
        if (fault) faults.push(fault);
        slowest = Math.max(slowest, performance.now() - start);
      }
      failures += faults.length;
      told.push([kernel.padEnd(36), String(variants.length).padStart(2), "variants",
        slowest.toFixed(0).padStart(6), "ms", ...faults].join(" "));
    }
    await gpu.close();
    for (const globalPooling of globalPoolings) {
      const result = await selfTest("float32", globalPooling, 1e6);
      told.push("self-test, " + globalPooling + ": " + (result.ok
        ? "passed in " + result.elapsedMs.toFixed(0) + " ms, gradients within " +
          result.gradientError.toExponential(1)
        : "FAILED: " + result.reason));
      if (!result.ok) failures++;
    }
    return failures;
  })().then((failures) => outcome = failures, (error) => {
    told.push("FAILED: " + error.stack);
    outcome = 1;
  });
`;

let failures = 1;
await withGpuPage(chromium, async (page) => {
  await page.evaluate(`(() => {${script}})()`);
  let lastAnswer = Date.now();
  while (true) {
    const { lines, outcome } = await page.evaluate<{ lines: string[]; outcome?: number }>(
      "({ lines: told.splice(0), outcome })",
    );
    for (const line of lines) console.log(line);
    if (lines.length > 0) lastAnswer = Date.now();
    if (outcome !== undefined) {
      failures = outcome;
      break;
    }
    if (Date.now() - lastAnswer > 60_000 * Number(flags.minutes)) {
      console.log(`FAILED: no answer for ${flags.minutes} minutes after the line above`);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}, flags.adapter);
Deno.exit(failures > 0 ? 1 : 0);
