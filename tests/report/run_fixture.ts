/** Run folders made by hand, so that a test needs no training. */
import { stringify } from "../../deps/std_csv.ts";
import { fitScores, type ScoreFigures } from "../../model/scores/fit_scores.ts";
import { ScoreSample } from "../../model/scores/score_sample.ts";

/** What a made-up run says; everything has a default. */
export interface FakeRun {
  readonly classes: readonly string[];
  /** Rows of `validation.csv`; left out, there is no such file. */
  readonly validation?: readonly (readonly (string | number)[])[];
  readonly skipped?: readonly (readonly string[])[];
  readonly epochs?: number;
  /** Changes of `config.json`. */
  readonly config?: object;
  /** A cell of `history.csv` for each column of an epoch. */
  readonly history?: (epoch: number) => readonly (string | number)[];
  /** Whether the run has ended. */
  readonly ended?: boolean;
  /** Fits scores to its validation, as a run does. @default {false} */
  readonly scored?: boolean;
}

const historyColumns =
  "epoch,loss,accuracy,validationLoss,validationAccuracy,validationMacroF1,learningRate,clipsPerSecond,seconds,waitShare";

/** Writes a run's folder. */
export async function writeFakeRun(dir: string, run: FakeRun): Promise<void> {
  const { classes, validation, skipped = [], epochs = 3, ended = true } = run;
  await Deno.mkdir(dir, { recursive: true });
  const write = (name: string, text: string) => Deno.writeTextFile(`${dir}/${name}`, text);
  const config = { program: "melstream 0.1.0", data: "recordings", classes, ...run.config };
  await write("config.json", JSON.stringify({ ...config, recipe: { seed: 1, mixup: 0.2 } }));
  const epoch = run.history ??
    ((n: number) => [n, 1 / n, 0.5, 2 / n, 0.6, 0.5, 0.001 / n, 30, 10, 0.25]);
  const rows = Array.from({ length: epochs }, (_, i) => epoch(i + 1));
  await write("history.csv", `${historyColumns}\n${stringify(rows)}`);
  await write("skipped.csv", stringify([["filename", "stage", "cause"], ...skipped]));
  if (validation) {
    const header = ["filename", "path", "label", ...classes];
    await write("validation.csv", stringify([header, ...validation]));
  }
  if (!ended) return;
  const stageMs = { decode: 1000, resample: 2000, window: 10, augment: 500, logMel: 3000 };
  const scores = run.scored ? fitFakeScores(run) : undefined;
  const metrics = { bestEpoch: epochs, ended: "all epochs", seconds: 61, stageMs, scores };
  await write("metrics.json", JSON.stringify(metrics));
}

function fitFakeScores({ classes, validation = [], config }: FakeRun): ScoreFigures | undefined {
  const several = JSON.stringify(config ?? {}).includes("sigmoid");
  const task = several ? "several-labels" : "one-label";
  const backgroundClasses = (config as { backgroundClasses?: string[] })?.backgroundClasses;
  const options = { task, classes, backgroundClasses } as const, sample = new ScoreSample(options);
  for (const [id, _, label, ...said] of validation) {
    const labels = several ? String(label).split(";").filter(Boolean) : [String(label)];
    sample.add({ id: String(id), labels, probabilities: said.map(Number) });
  }
  return fitScores(sample.rows, options);
}
