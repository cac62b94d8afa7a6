import { Command } from "../deps/commander.ts";
import { createOnnx, createSafetensors } from "../export/export.ts";
import type { SavedModel } from "../model/saved_model.ts";
import { numFrames } from "../pipeline/front_end.ts";
import { writeAtomically } from "../run/files/atomic_file.ts";
import { createAtomicFolder } from "../run/files/atomic_folder.ts";
import { openLabeller } from "../run/prediction/labeller.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { firstPartIn } from "../run/run_folder.ts";
import { oneOf, onOrOff, text } from "../settings/value_range.ts";
import { SettingError, type SettingsOf, type SettingTable } from "../settings/setting.ts";
import { commonSettings } from "./common_settings.ts";
import { fileSettings } from "./predict_settings.ts";
import { openModels } from "./open_models.ts";
import { addOptions, readValues } from "./setting_options.ts";
import { createTerminal } from "./terminal.ts";

interface ExportValues {
  readonly model?: string;
  readonly backbone?: string;
  readonly format: "onnx" | "safetensors" | "html";
  readonly featuresOnly: boolean;
  readonly out?: string;
}

const values: SettingsOf<ExportValues> = {
  model: {
    range: text,
    defaultWords: "the newest run",
    help: "a run's folder or its model.json",
    group: "Data",
    placeholder: "path",
  },
  backbone: fileSettings.backbone,
  format: {
    range: oneOf("onnx", "safetensors", "html"),
    default: "onnx",
    help:
      "onnx: from sound to probabilities; safetensors: the weights, for PyTorch; html: a page to try it with",
    group: "Output",
    placeholder: "name",
  },
  featuresOnly: {
    range: onOrOff,
    default: false,
    help: "of onnx: from sound to features, without the network",
    group: "Output",
  },
  out: {
    range: text,
    defaultWords: "model.onnx, features.onnx, model.safetensors or page/",
    help: "file to write, of html a new folder",
    group: "Output",
    placeholder: "path",
  },
};

/** The settings of `export`. */
export const exportSettings: readonly SettingTable[] = [values, commonSettings];

/** `export`: a saved model as a file for other programs. */
export function exportCommand(): Command {
  const command = new Command("export")
    .description("Write a trained model for other programs: ONNX or safetensors, or as a page")
    .action((_: unknown, command: Command) => runExport(readValues(command, values)));
  return addOptions(command, exportSettings);
}

async function runExport(asked: ExportValues): Promise<void> {
  const { format, featuresOnly } = asked;
  if (featuresOnly && format !== "onnx") {
    throw new SettingError("export features", "format", "onnx", format);
  }
  const { out = format === "html" ? "page" : `${featuresOnly ? "features" : "model"}.${format}` } =
    asked;
  const kind = format === "html" ? "folder" : "file";
  await prepareOutputs([{ setting: "out", path: out, kind }]);
  const { models, path } = await openModels(asked.model);
  // To open them is to make their known answers anew: a model that gives others is not passed on.
  const labeller = await openLabeller(models, { backend: "cpu", backbone: asked.backbone });
  await labeller.close();
  const numBytes = format === "html"
    ? await writePage(models, out)
    : await writeFile(models, asked, out, path);
  const [{ card }] = models, size = (numBytes / 1e6).toFixed(1), terminal = createTerminal();
  const many = models.length === 1 ? "" : `, the mean of ${models.length} models`;
  terminal.line(`model      ${path} (${card.classes.length} classes${many})`);
  terminal.line(`${out} (${size} MB): ${describe(asked, models)}`);
}

/** @returns the bytes written. */
async function writeFile(
  models: readonly SavedModel[],
  { format, featuresOnly }: ExportValues,
  out: string,
  path: string,
): Promise<number> {
  const bytes = format === "onnx"
    ? await createOnnx(models, { featuresOnly })
    : createSafetensors(await onlyModel(models, path));
  await writeAtomically(out, bytes);
  return bytes.length;
}

/** @returns the bytes written. */
async function writePage(models: readonly SavedModel[], out: string): Promise<number> {
  // Loaded late: its pictures and texts concern no other format.
  const { createPageFiles } = await import("../web/page_files.ts");
  const files = await createPageFiles(models, { fromDisk: true });
  return await createAtomicFolder(out, async (write) => {
    let numBytes = 0;
    for (const [name, { content }] of files) {
      await write(name, content);
      numBytes += new TextEncoder().encode(content).length;
    }
    return numBytes;
  });
}

async function onlyModel(models: readonly SavedModel[], path: string): Promise<SavedModel> {
  if (models.length === 1) return models[0];
  throw new SettingError(
    "export safetensors",
    "model",
    `one model, such as ${await firstPartIn(path)}`,
    `${path}, which has ${models.length}`,
  );
}

function describe(
  { format, featuresOnly }: ExportValues,
  [{ card }]: readonly SavedModel[],
): string {
  const { frontEnd, classes } = card;
  if (format === "safetensors") return "the weights, under PyTorch's names";
  if (format === "html") {
    return "a page to try the model with: open index.html in it, or put it on a web server";
  }
  const output = featuresOnly
    ? `features [batch, ${frontEnd.melBands}, ${numFrames(frontEnd)}]`
    : `probabilities [batch, ${classes.length}]`;
  return `waveform [batch, samples] at ${frontEnd.sampleRateHz} Hz → ${output}`;
}
