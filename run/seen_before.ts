/** What a run is validated on and the run that it starts from, or whose network it hears by, was trained on. */
import { parse } from "../deps/std_csv.ts";
import type { Clip } from "../pipeline/clip.ts";
import { readConfig, type RunConfig } from "./config.ts";

/**
 * A line that says how many clips of the validation the earlier run was trained on, as its figures then are too
 * good; none where it is not known to have been trained on the same recordings.
 *
 * @param config The run's, of which `init` or `backbone` names the earlier one.
 * @param validation The clips that the run is validated on.
 */
export async function noteSeenBefore(
  { init, backbone, fingerprint }: RunConfig,
  validation: readonly Clip[],
): Promise<string[]> {
  const run = init?.run ?? backbone?.from;
  if (run === undefined) return [];
  // An earlier run's folder may be gone, and a backbone may be a file.
  const text = await Deno.readTextFile(`${run}/validation.csv`).catch(() => undefined);
  if (text === undefined) return [];
  if ((await readConfig(`${run}/config.json`)).fingerprint !== fingerprint) return [];
  const [, ...rows] = parse(text);
  // A clip's name is its recording's, with the start behind it where that is not 0.
  const setApart = new Set(rows.flatMap(([id]) => [id, id.replace(/@\d+$/, "")]));
  const seen = validation.filter(({ recording }) => !setApart.has(recording.id)).length;
  if (seen === 0) return [];
  return [
    `${run} was trained on ${seen} of the ${validation.length} clips to validate on: figures will be too good`,
  ];
}
