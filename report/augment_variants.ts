/** A clip as each choice of an augmentation policy changes it. */
import {
  applyAugmentation,
  type AugmentationDraw,
  type AugmentPolicy,
  backgroundIndex,
  describeDraw,
  drawAugmentation,
} from "../pipeline/augment/augment.ts";
import { decodeFile } from "../pipeline/decode/decode.ts";
import type { Dsp } from "../pipeline/dsp/dsp.ts";
import { fitLength } from "../pipeline/feature_graph.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { createRandom } from "../pipeline/random.ts";

/** What is drawn from. */
export interface AugmentOptions {
  /** Every choice of it but `none` is drawn once. */
  readonly augment: AugmentPolicy;
  /** Key of the draws. */
  readonly seed: number;
  /** Files that `background-noise` draws from; without any it cannot be shown. */
  readonly backgrounds?: readonly string[];
}

/** The clip after a change, or why it could not be changed. */
export interface Variant {
  /** What was drawn, in words. */
  readonly title: string;
  /** As long as the clip. */
  readonly samples?: Float32Array;
  /** What went wrong. */
  readonly failure?: string;
}

/** How much of a background recording is decoded. */
const backgroundSeconds = 60;

/** Draws every choice once and applies it. @param clip Its id keys the draws. */
export async function augmentClip(
  clip: { readonly id: string; readonly samples: Float32Array },
  { sampleRateHz }: FrontEnd,
  { augment, seed, backgrounds = [] }: AugmentOptions,
  dsp: Dsp,
): Promise<Variant[]> {
  const { id, samples } = clip;
  const openBackground = async (draw: AugmentationDraw) => {
    if (draw.kind !== "background-noise") return undefined;
    if (backgrounds.length === 0) throw new Error("Needs recordings of background noise.");
    const path = backgrounds[backgroundIndex(draw, backgrounds.length)];
    const audio = await decodeFile(path, { durationSeconds: backgroundSeconds });
    return dsp.resample(audio.samples, audio.sampleRateHz, sampleRateHz);
  };
  const variants: Variant[] = [];
  for (const [i, choice] of augment.choices.entries()) {
    if (choice.kind === "none") continue;
    const policy = { choices: [{ ...choice, weight: 1 }] };
    const draw = drawAugmentation(policy, createRandom(seed, "inspect", id, i));
    const title = describeDraw(draw);
    try {
      const background = await openBackground(draw);
      const changed = applyAugmentation(draw, samples, { sampleRateHz, dsp, background });
      variants.push({ title, samples: fitLength(changed, samples.length) });
    } catch (error) {
      variants.push({ title, failure: (error as Error).message });
    }
  }
  return variants;
}
