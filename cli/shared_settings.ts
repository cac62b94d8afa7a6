import type { Setting } from "../settings/setting.ts";
import { text } from "../settings/value_range.ts";

/** The option by which a command that embeds is told its backbone. */
export const backboneSetting: Setting<string> = {
  range: text,
  help: "the frozen network: an ONNX file, or a run of yours; see docs/backbones.md",
  group: "Data",
  placeholder: "path",
};

/** The option by which a command that takes any recordings is told them. */
export const recordingsSetting: Setting<string> = {
  range: text,
  defaultWords: "the ones that come along",
  help: "the recordings: a folder, archive, manifest or shards",
  group: "Data",
  placeholder: "path",
};
