/** The rows of `validation.csv`: what a model said of the clips that it was not trained on. */
import { type Clip, clipId } from "../pipeline/clip.ts";
import { describeLocation } from "../pipeline/locations/location.ts";

/** The columns before those of the classes' probabilities; of windows also where they lie, in seconds. */
export function validationColumns(clips: readonly Clip[]): string[] {
  const areWindows = clips.some(({ length }) => length !== undefined);
  return ["filename", "path", "label", ...areWindows ? ["start", "end"] : []];
}

/** The cells of a clip in these columns. */
export function validationCells(clip: Clip, sampleRateHz: number): (string | number)[] {
  const { recording: { location }, labels = [], start, length } = clip;
  const cells = [clipId(clip), describeLocation(location), labels.join(";")];
  if (length === undefined) return cells;
  return [...cells, start / sampleRateHz, (start + length) / sampleRateHz];
}
