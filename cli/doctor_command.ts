import { Command } from "../deps/commander.ts";
import { createEngine } from "../model/create_engine.ts";
import { createConvNetwork } from "../model/conv_network.ts";
import { findAdapter } from "../model/webgpu/adapter.ts";
import { createInitialWeights } from "../model/weights.ts";
import { supportedFormats } from "../pipeline/decode/decode.ts";
import { loadDsp } from "../pipeline/dsp/dsp.ts";
import { defaultFrontEnd } from "../pipeline/front_end.ts";
import { createGoldenFeatures } from "../pipeline/golden_signal.ts";
import { openLocation } from "../pipeline/locations/open_location.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { program } from "../run/version.ts";
import type { SettingTable } from "../settings/setting.ts";
import { commonSettings } from "./common_settings.ts";
import { addOptions } from "./setting_options.ts";
import { createWriter } from "./terminal.ts";

/** The settings of `doctor`. */
export const doctorSettings: readonly SettingTable[] = [commonSettings];

/** `doctor`: what this machine can do, and whether it does it. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("Say what this machine offers, which backend is taken and why")
    .action(runDoctor);
  return addOptions(command, doctorSettings);
}

/** What one check found. */
export interface Finding {
  readonly name: string;
  /** What was found, or what is wrong: one line. */
  readonly words: string;
  readonly isFailure: boolean;
}

async function runDoctor(): Promise<void> {
  const write = createWriter("stdout");
  let failures = 0;
  for await (const { name, words, isFailure } of examineMachine()) {
    if (isFailure) failures++;
    write(`${name.padEnd(12)}${isFailure ? `FAILED: ${words}` : words}\n`);
  }
  write("\nformats\n");
  for (const { format, extensions, decoder } of supportedFormats) {
    write(`  ${format.padEnd(14)}${extensions.join(" ").padEnd(28)}${decoder}\n`);
  }
  if (failures > 0) Deno.exit(1);
}

/** Checks one thing after the other; one that fails says so and the rest go on. */
export async function* examineMachine(): AsyncGenerator<Finding> {
  for (const [name, look] of checks) {
    try {
      yield { name, words: await look(), isFailure: false };
    } catch (error) {
      yield { name, words: (error as Error).message, isFailure: true };
    }
  }
}

/** The checks by name, in their order; each returns what it found, or throws. */
const checks: readonly (readonly [name: string, look: () => string | Promise<string>])[] = [
  ["program", () => program],
  ["runtime", () => {
    const { deno, v8 } = Deno.version;
    return `Deno ${deno}, V8 ${v8}, ${Deno.build.os} ${Deno.build.arch}`;
  }],
  ["threads", () => `${navigator.hardwareConcurrency} cores`],
  ["adapter", async () => {
    const { description, isSoftware } = await findAdapter().catch((error) => ({
      description: (error as Error).message,
      isSoftware: undefined,
    }));
    if (isSoftware === undefined) return `none: ${description}`;
    return `${description} (${isSoftware ? "software" : "hardware"})`;
  }],
  ["backend", async () => {
    const network = createConvNetwork({ melBands: 16, numFrames: 16, numClasses: 2 });
    const weights = createInitialWeights(network, 1);
    const { engine, reason } = await createEngine(network, { weights });
    const [a, b] = await engine.predict(new Float32Array(16 * 16));
    await engine.dispose();
    if (Math.abs(a + b - 1) > 1e-5) throw new Error(`its probabilities add up to ${a + b}`);
    return `auto takes ${engine.name} (${engine.device}): ${reason}`;
  }],
  ["self-test", async () => {
    const found = await findAdapter().catch(() => undefined);
    if (!found) return "no adapter to test";
    // Auto does not take it, and on a busy machine the test may last a minute.
    if (found.isSoftware) return "not tested: a software adapter is not used";
    const { selfTest } = await import("../model/webgpu/known_answers.ts");
    const result = await selfTest();
    if (!result.ok) throw new Error(result.reason);
    const { elapsedMs, gradientError } = result;
    return `the adapter's gradients are right within ${gradientError.toExponential(0)} ` +
      `(${elapsedMs.toFixed(0)} ms)`;
  }],
  ["features", async () => {
    const startMs = performance.now();
    const features = createGoldenFeatures(defaultFrontEnd, await loadDsp());
    const sum = features.reduce((a, b) => a + b, 0);
    return `[128, 216] of the golden signal in ${(performance.now() - startMs).toFixed(0)} ms, ` +
      `mean ${(sum / features.length).toFixed(4)} dB`;
  }],
  ["recordings", async () => {
    const { train, test } = await openDefaultDataset();
    for (const { location } of [train[0], test[0]]) {
      (await openLocation(location))[Symbol.dispose]();
    }
    return `${train.length + test.length} of the default data set are here`;
  }],
];
