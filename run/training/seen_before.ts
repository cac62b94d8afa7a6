/** What the run that another one starts from, or whose network it hears by, was trained and validated on. */
import { parse } from "../../deps/std_csv.ts";
import type { Clip } from "../../pipeline/clip.ts";
import { describeCount } from "../../pipeline/sources/unused.ts";
import type { Split } from "../../pipeline/split/split.ts";
import { readConfig } from "../config/config_file.ts";
import type { RunConfig } from "../config/run_config.ts";

/**
 * The names of the recordings that a run was validated on, and not trained on: none where it learnt from all at last.
 *
 * @param fingerprint Of the recordings that are asked about.
 * @returns nothing where it was not trained on these, or is not there any more.
 */
export async function readSetApart(
  run: string,
  fingerprint: string,
): Promise<ReadonlySet<string> | undefined> {
  // An earlier run's folder may be gone, and a backbone may be a file.
  const text = await Deno.readTextFile(`${run}/validation.csv`).catch(() => undefined);
  if (text === undefined) return undefined;
  if ((await readConfig(`${run}/config.json`)).fingerprint !== fingerprint) return undefined;
  if (await isRefit(run)) return new Set();
  const [, ...rows] = parse(text);
  // A clip's name is its recording's, with the start behind it where that is not 0.
  return new Set(rows.flatMap(([id]) => [id, id.replace(/@\d+$/, "")]));
}

/** Tells whether a run was trained on all clips in the end. */
async function isRefit(run: string): Promise<boolean> {
  const text = await Deno.readTextFile(`${run}/metrics.json`).catch(() => "{}"); // not ended yet
  return Boolean((JSON.parse(text) as { readonly refit?: unknown }).refit);
}

/** What of a validation an earlier run was trained on. */
export interface SeenBefore {
  /** That run's folder. */
  readonly run: string;
  /** How many clips. */
  readonly clips: number;
  /** It learnt from all clips at last, so that none is left. */
  readonly isRefit?: boolean;
}

/**
 * Counts the clips of a validation that the earlier run was trained on, as figures then are too good.
 *
 * @param config The run's, of which `init` or `backbone` names the earlier one.
 * @param validation The clips that the run is validated on.
 * @returns nothing where it was trained on none of them, as far as it is known.
 */
export async function countSeenBefore(
  { init, backbone, fingerprint }: RunConfig,
  validation: readonly Clip[],
): Promise<SeenBefore | undefined> {
  const run = init?.run ?? backbone?.from;
  const setApart = run === undefined ? undefined : await readSetApart(run, fingerprint);
  const clips = validation.filter(({ recording }) => setApart?.has(recording.id) === false).length;
  if (clips === 0) return undefined;
  return { run: run!, clips, ...await isRefit(run!) && { isRefit: true } };
}

/** What a person should know of a split: what it does not validate, where its clips come from, who has learnt them. */
export async function describeSplit(
  config: RunConfig,
  { train, validation }: Split<Clip>,
): Promise<string[]> {
  const seen = await countSeenBefore(config, validation);
  // A class of one clip, say: its row of the figures stays empty.
  const validated = new Set(validation.flatMap(({ labels = [] }) => labels));
  const trained = new Set(train.flatMap(({ labels = [] }) => labels));
  const never = config.classes.filter((name) => trained.has(name) && !validated.has(name));
  return [
    ...validated.size > 0 && never.length > 0
      ? [describeCount("classes without a clip to validate on", never[0], never.length)]
      : [],
    ...config.splitFrom === null
      ? []
      : [`validated on what ${config.splitFrom} was: it was not trained on it`],
    ...seen
      ? [
        `${seen.run} was trained on ${seen.clips} of the ${validation.length} clips to validate on: ` +
        `figures will be too good${
          seen.isRefit ? " (trained with --refit 0, it leaves some)" : ""
        }`,
      ]
      : [],
  ];
}
