import { Command, Option } from "commander";
import { defaultPolicy, defaultSpecAugment, parsePolicy } from "../pipeline/augment/augment.ts";
import type { CropMode } from "../pipeline/clip_reader.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { openRecordings } from "../pipeline/sources/folder.ts";
import { writeAtomically } from "../run/atomic_file.ts";
import { frontEndOptions, readFrontEnd } from "./front_end_options.ts";
import { wholeNumber } from "./options.ts";
import { createTerminal } from "./terminal.ts";

interface InspectValues {
  readonly augment?: string;
  readonly background?: string;
  readonly crop: CropMode;
  readonly specAugment?: true;
  readonly out: string;
  readonly seed: number;
}

/** `inspect`: a page about a recording, or about a folder of them. */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description("Make a page that shows a recording and its augmentations, or what a folder holds")
    .argument("<path>", "a recording, or a folder of recordings")
    .option("--augment <list>", "what to show of a recording, such as pitch-shift,reverb")
    .option("--background <dir>", "recordings that background-noise draws from")
    .addOption(
      new Option("--crop <part>", "random: show another part of a long recording, too")
        .choices(["start", "random"]).default("start"),
    )
    .option("--spec-augment", "show masked features, too")
    .option("--seed <n>", "key of the draws", wholeNumber(0), 1)
    .option("--out <file>", "HTML file to write", "inspect.html");
  for (const option of frontEndOptions()) command.addOption(option);
  return command.action((path: string, values: InspectValues) =>
    runInspect(path, values, readFrontEnd(command))
  );
}

async function runInspect(path: string, values: InspectValues, frontEnd: FrontEnd): Promise<void> {
  const { augment, background, crop, specAugment, out, seed } = values;
  const terminal = createTerminal();
  const policy = augment === undefined ? defaultPolicy : parsePolicy(augment);
  const isFolder = await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
  // Loaded here, as the plotting library would make every other command start later.
  const { inspectClip, inspectFolder } = await import("../report/report.ts");
  if (isFolder) {
    const recordings = await openRecordings(path);
    const onClip = (done: number) => terminal.status(`${done}/${recordings.length} recordings`);
    const page = await inspectFolder(path, recordings, { frontEnd, onClip });
    terminal.clearStatus();
    await writeAtomically(out, page);
  } else {
    const backgrounds = background === undefined
      ? []
      : (await openRecordings(background)).map(({ location }) => location);
    const options = {
      ...{ frontEnd, augment: policy, seed, backgrounds, crop },
      specAugment: specAugment && defaultSpecAugment,
    };
    await writeAtomically(out, await inspectClip(path, options));
  }
  terminal.line(`report: ${out}`);
}
