/** What others make of the same clips, in Python: what `accuracy_bench.ts` compares its variants with. */
import { encodeNpy } from "../../pipeline/npy.ts";
import type { CacheFolder } from "../../pipeline/cache/cache_folder.ts";
import { describeLocation } from "../../pipeline/locations/location.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { splitByFold } from "../../pipeline/split/folds.ts";
import { type Split, splitByLabel } from "../../pipeline/split/split.ts";
import { penaltiesOf } from "../../model/head/head_settings.ts";
import type { ChosenRun } from "../../run/config/choose_run.ts";
import { embedRecordings } from "../../run/embeddings/embed_recordings.ts";
import { recipes } from "../../run/config/recipes.ts";
import { runSettings } from "../../run/config/run_settings.ts";

/** The clips of a seed, and what its variant chose. */
export interface PeerJob {
  readonly seed: number;
  readonly classes: readonly string[];
  /** To train and validate on. */
  readonly train: readonly Recording[];
  readonly test: readonly Recording[];
  readonly choices: ChosenRun;
  /** Folder for what the program reads. */
  readonly out: string;
  readonly cache: CacheFolder;
}

/** Shares of the clips that were named right. */
export interface PeerOutcome {
  readonly bestEpoch: number | null;
  readonly validation: number;
  readonly test: number;
}

/** A program that learns what a variant learns. */
interface Peer {
  /** What Python must have for it. */
  readonly module: string;
  /** Its file beside this one. */
  readonly script: string;
  /** What it reads. */
  readonly describe: (job: PeerJob) => object | Promise<object>;
}

/** Share of each class that is kept aside for validation. */
export const validationSplit = 0.2;

/** The programs, by the names of their variants. */
export const peers: ReadonlyMap<string, Peer> = new Map([
  ["source", { module: "torch, librosa", script: "source_recipe.py", describe: describeSource }],
  ["scikit-learn", {
    module: "sklearn",
    script: "scikit_learn_head.py",
    describe: describeHead,
  }],
]);

/** Runs a program on the clips of a seed. @throws {Error} where it fails; what it says is on stderr. */
export async function learnInPython(
  python: string,
  { script, describe }: Peer,
  job: PeerJob,
): Promise<PeerOutcome> {
  const input = JSON.stringify(await describe(job));
  const child = new Deno.Command(python, {
    args: [new URL(`./${script}`, import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error(`Cannot compare with ${script} as it must end without an error`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The source recipe with librosa and PyTorch: it has settings of its own. */
function describeSource({ seed, classes, train, test }: PeerJob): object {
  const split = splitByLabel(train, validationSplit, seed);
  const list = (part: readonly Recording[]) =>
    part.map((recording) => ({
      path: describeLocation(recording.location),
      label: labelOf(recording, classes),
    }));
  const { epochs, patience, batchSize, learningRate, clipNorm, mixup, labelSmoothing } =
    recipes.source.recipe;
  return {
    ...{ seed, epochs, patience, batchSize, learningRate, clipNorm, mixup, labelSmoothing },
    numClasses: classes.length,
    train: list(split.train),
    validation: list(split.validation),
    test: list(test),
  };
}

/** scikit-learn's logistic regression on the same embeddings, split in the same way. */
async function describeHead(job: PeerJob): Promise<object> {
  const { seed, classes, train, test, choices: { backbone, frontEnd, ...choices }, out } = job;
  if (!backbone) throw new Error("Cannot compare with scikit-learn as --backbone must be said");
  const { headUnits, l2 = runSettings.l2.default!, recipe, folds } = choices;
  if (headUnits || recipe?.augmentFactor || recipe?.classWeights === "balanced") {
    throw new Error(
      "Cannot compare with scikit-learn as its head must be logistic regression of the clips as they are, each " +
        "counting the same",
    );
  }
  const all = [...train, ...test], { size } = backbone.feeding;
  const embeddings = new Float32Array(all.length * size);
  let row = 0;
  const seconds = frontEnd?.durationSeconds, { cache } = job;
  for await (
    const { embedding, failure } of embedRecordings({ backbone, recordings: all, seconds, cache })
  ) {
    if (failure) throw new Error(failure.message);
    embeddings.set(embedding!, row++ * size);
  }
  await Deno.mkdir(out, { recursive: true });
  const file = `${out}/embeddings.npy`;
  await Deno.writeFile(file, encodeNpy(embeddings, [all.length, size]));
  const places = new Map(train.map((recording, place) => [recording, place]));
  const splits: Split<Recording>[] = folds === undefined
    ? [splitByLabel(train, validationSplit, seed)]
    : Array.from(
      { length: folds },
      (_, i) => splitByFold(train, { index: i + 1, of: folds }, seed),
    );
  const list = (part: readonly Recording[]) => part.map((recording) => places.get(recording)!);
  return {
    embeddings: file,
    labels: all.map((recording) => labelOf(recording, classes)),
    numTrain: train.length,
    penalties: penaltiesOf(l2, true),
    splits: splits.map((part) => ({ train: list(part.train), validation: list(part.validation) })),
  };
}

function labelOf({ labels }: Recording, classes: readonly string[]): number {
  return classes.indexOf(labels![0]);
}
