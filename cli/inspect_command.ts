import { Command } from "../deps/commander.ts";
import { recipeSettings } from "../model/recipe.ts";
import { defaultPolicy, parsePolicy } from "../pipeline/augment/augment.ts";
import { type CopySettings, copySettings } from "../pipeline/augment/copy_settings.ts";
import { type FrontEnd, frontEndSettings, resolveFrontEnd } from "../pipeline/front_end.ts";
import { DatasetError } from "../pipeline/sources/dataset.ts";
import { isManifest } from "../pipeline/sources/manifest.ts";
import { openRecordings } from "../pipeline/sources/open_recordings.ts";
import { readerOf } from "../pipeline/sources/folder_reader.ts";
import { writeAtomically } from "../run/files/atomic_file.ts";
import { augmentationWords, readSpecAugment } from "../run/config/augmentation_words.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { text } from "../settings/value_range.ts";
import type { SettingsOf, SettingTable } from "../settings/setting.ts";
import { commonSettings } from "./common_settings.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { createTerminal } from "./terminal.ts";

interface InspectFiles {
  readonly out: string;
  readonly seed: number;
}

const files: SettingsOf<InspectFiles> = {
  out: {
    range: text,
    default: "inspect.html",
    help: "HTML file to write",
    group: "Output",
    placeholder: "file",
  },
  seed: recipeSettings.seed,
};

/** A page about one recording has no other to mix it with. */
const { mixSounds: _, ...shownCopySettings } = copySettings;

/** The settings of `inspect`. */
export const inspectSettings: readonly SettingTable[] = [
  ...[files, augmentationWords, shownCopySettings, frontEndSettings, commonSettings],
];

/** `inspect`: a page about a recording, or about a folder of them. */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description("Make a page that shows a recording and its augmentations, or what a folder holds")
    .argument("<path>", "a recording, or a folder, archive or manifest of them")
    .action((path: string, _: unknown, command: Command) => runInspect(path, command));
  return addOptions(command, inspectSettings);
}

async function runInspect(path: string, command: Command): Promise<void> {
  const { out, seed } = readValues(command, files);
  const { augment, background, specAugment } = readValues(command, augmentationWords);
  const frontEnd = resolveFrontEnd(readSaid<FrontEnd>(command, frontEndSettings));
  await prepareOutputs([{ setting: "out", path: out, kind: "file" }]);
  const terminal = createTerminal();
  const policy = augment === undefined ? defaultPolicy : parsePolicy(augment);
  const reader = await readerOf(path);
  const isFolder = await isManifest(path) ||
    await reader.stat(path).then(({ isDirectory }) => isDirectory, (error) => {
      if (!(error instanceof Deno.errors.NotFound)) return false; // what reads it says what is wrong
      throw new DatasetError(
        `Cannot read ${path}: expected a recording, or a folder of them, saw nothing there`,
      );
    });
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
      ...{ frontEnd, augment: policy, seed, backgrounds },
      ...readValues<Omit<CopySettings, "mixSounds">>(command, shownCopySettings),
      specAugment: readSpecAugment(specAugment),
    };
    await writeAtomically(out, await inspectClip(path, options));
  }
  terminal.line(`report: ${out}`);
}
