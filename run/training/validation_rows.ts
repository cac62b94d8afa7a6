/** The rows of `validation.csv`: what a model said of the clips that it was not trained on. */
import { resolve } from "../../deps/std_path.ts";
import { type Clip, clipId } from "../../pipeline/clip.ts";
import { describeLocation } from "../../pipeline/locations/location.ts";

/** The columns before those of the classes' probabilities; of windows also where they lie, in seconds. */
export function validationColumns(clips: readonly Clip[]): string[] {
  const areWindows = clips.some(({ length }) => length !== undefined);
  return ["filename", "path", "label", ...areWindows ? ["start", "end"] : []];
}

/** The cells of a clip in these columns. */
export function validationCells(clip: Clip, sampleRateHz: number): (string | number)[] {
  const { recording: { location }, labels = [], start, length } = clip;
  const described = describeLocation(location);
  // Whole, as a run may be gone on with, or looked at, from another folder.
  const path = described.includes("://") ? described : resolve(described);
  const cells = [clipId(clip), path, labels.join(";")];
  if (length === undefined) return cells;
  return [...cells, start / sampleRateHz, (start + length) / sampleRateHz];
}
