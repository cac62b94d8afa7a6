import { defaultFrontEnd, type FrontEnd } from "../../../pipeline/front_end.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import type { TrainOptions } from "../../../run/training/train_options.ts";

/** Shorter than the tones, so that random crop has something to draw. */
const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.4, melBands: 32 };

/** A run on `writeToneDataset`'s tones in which everything is drawn that can be drawn. */
export async function toneOptions(
  dir: string,
  out: string,
  epochs: number,
): Promise<TrainOptions & { readonly out: string }> {
  return {
    dataset: await openFolder(`${dir}/data`),
    out: `${dir}/${out}`,
    frontEnd,
    crop: "random",
    ...{ pad: "mixed", resizedCrop: 0.5, mixSounds: 0.5, specAugment: true },
    background: `${dir}/data/test/low`,
    backend: "cpu",
    workers: 1,
    recipe: {
      epochs,
      batchSize: 4,
      augmentFactor: 1,
      mixup: 0.2,
      refit: 0.25,
      averageDecay: 0.9,
      classWeights: "balanced",
    },
  };
}
