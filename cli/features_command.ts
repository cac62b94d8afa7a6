import { Command, Option } from "commander";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openRecordings } from "../pipeline/sources/folder.ts";
import { writeFeatures } from "../run/write_features.ts";
import { frontEndOptions, readFrontEnd } from "./front_end_options.ts";
import { cacheOptions, type CacheValues, openCache, wholeNumber } from "./options.ts";
import { createTerminal, formatSeconds } from "./terminal.ts";

interface FeaturesValues extends CacheValues {
  readonly data?: string;
  readonly out: string;
  readonly workers: number;
}

/** `features`: the log-mel features of recordings as `.npy` files. */
export function featuresCommand(): Command {
  const command = new Command("features")
    .description("Write the features of every recording as a float32 .npy file, for NumPy")
    .option("--data <dir>", "the recordings (default: the ones that come along)")
    .option("--out <dir>", "folder to write FILE.npy in", "features")
    .addOption(
      new Option("--workers <n>", "threads that make features").argParser(wholeNumber(1)).default(
        navigator.hardwareConcurrency,
      ),
    );
  for (const option of [...frontEndOptions(), ...cacheOptions()]) command.addOption(option);
  return command.action((values: FeaturesValues) => runFeatures(values, readFrontEnd(command)));
}

async function runFeatures(values: FeaturesValues, frontEnd: FrontEnd): Promise<void> {
  const { data, out, workers } = values;
  const terminal = createTerminal();
  const dataset = data === undefined ? await openDefaultDataset() : undefined;
  const recordings = dataset ? [...dataset.train, ...dataset.test] : await openRecordings(data!);
  const startMs = performance.now();
  const seconds = () => (performance.now() - startMs) / 1000;
  const { written, skipped } = await writeFeatures({
    recordings,
    frontEnd,
    out,
    workers,
    cache: openCache(values),
    onNotice: (text) => terminal.line(text),
    onSkipped: (failure) => terminal.line(`skipped: ${failure.message}`),
    onClip: (done) =>
      terminal.status(
        `${done}/${recordings.length} clips  ${(done / seconds()).toFixed(0)} clips/s`,
      ),
  });
  terminal.clearStatus();
  terminal.line(`${written} files in ${out} (${formatSeconds(seconds())})`);
  if (skipped.length > 0) {
    terminal.line(`${skipped.length} clips could not be read: ${out}/skipped.csv`);
  }
}
