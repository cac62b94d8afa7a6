/** The rows of `validation.csv`: what a model said of the clips that it was not trained on. */
import { resolve } from "../../deps/std_path.ts";
import { type Clip, clipId } from "../../pipeline/clip.ts";
import { describeLocation } from "../../pipeline/locations/location.ts";

/**
 * The columns before those of the classes' probabilities: of windows also where they lie, and of recordings that are
 * parts of files where those lie, in seconds.
 *
 * @param clips All of a run's.
 */
export function validationColumns(clips: readonly Clip[]): string[] {
  const areWindows = clips.some(({ length }) => length !== undefined);
  const areParts = clips.some(({ recording }) => recording.part);
  return [
    ...["filename", "path", "label"],
    ...areWindows ? ["start", "end"] : [],
    ...areParts ? ["part_start", "part_end"] : [],
  ];
}

/** The cells of a clip in these columns; empty where there is nothing to say. */
export function validationCells(
  clip: Clip,
  sampleRateHz: number,
  columns: readonly string[] = validationColumns([clip]),
): (string | number)[] {
  const { recording: { location, part }, labels = [], start, length } = clip;
  const described = describeLocation(location);
  const cells: Record<string, string | number | undefined> = {
    filename: clipId(clip),
    // Whole, as a run may be gone on with, or looked at, from another folder.
    path: described.includes("://") ? described : resolve(described),
    label: labels.join(";"),
    ...length !== undefined && {
      start: start / sampleRateHz,
      end: (start + length) / sampleRateHz,
    },
    ...part && { part_start: part.startSeconds, part_end: part.endSeconds },
  };
  return columns.map((column) => cells[column] ?? "");
}
