/** A clip as each choice of an augmentation policy changes it. */
import {
  applyAugmentation,
  type AugmentationDraw,
  type AugmentPolicy,
  backgroundIndex,
  describeDraw,
  drawAugmentation,
  drawCropStart,
  drawSpecAugment,
  type Mask,
  type SpecAugmentDraw,
  type SpecAugmentSettings,
} from "../pipeline/augment/augment.ts";
import type { CopySettings } from "../pipeline/augment/copy_settings.ts";
import { decodeFile } from "../pipeline/decode/decode.ts";
import { decodePart } from "../pipeline/decode/decode_part.ts";
import type { Dsp } from "../pipeline/dsp/dsp.ts";
import { fitLength } from "../pipeline/feature_graph.ts";
import { clipSamples, type FrontEnd, numFrames } from "../pipeline/front_end.ts";
import { createRandom, type Random } from "../pipeline/random.ts";
import { formatDuration } from "./format.ts";
import { decodeWindow } from "./heard_clip.ts";

/** What is drawn from. */
export interface AugmentOptions extends Partial<CopySettings> {
  /** Every choice of it but `none` is drawn once. */
  readonly augment: AugmentPolicy;
  /** Key of the draws. */
  readonly seed: number;
  /** Files that `background-noise` draws from; without any it cannot be shown. */
  readonly backgrounds?: readonly string[];
  /** Shows masked features, too. @default {undefined} */
  readonly specAugment?: SpecAugmentSettings;
}

/** The clip after a change, or why it could not be changed. */
export interface Variant {
  /** What was drawn, in words. */
  readonly title: string;
  /** As long as the clip. */
  readonly samples?: Float32Array;
  /** What its features are masked with. */
  readonly masks?: SpecAugmentDraw;
  /** What went wrong. */
  readonly failure?: string;
}

/** How much of a background recording is decoded. */
const backgroundSeconds = 60;

/** Draws every choice once and applies it. @param clip Its id keys the draws. */
export async function augmentClip(
  clip: { readonly id: string; readonly path: string; readonly samples: Float32Array },
  frontEnd: FrontEnd,
  { augment, seed, backgrounds = [], crop, specAugment }: AugmentOptions,
  dsp: Dsp,
): Promise<Variant[]> {
  const { id, path, samples } = clip, { sampleRateHz } = frontEnd;
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
  if (crop === "random") {
    variants.push(await cropClip(path, frontEnd, createRandom(seed, "inspect", id, "crop"), dsp));
  }
  if (specAugment) {
    const shape = { melBands: frontEnd.melBands, numFrames: numFrames(frontEnd) };
    const random = createRandom(seed, "inspect", id, "spec-augment");
    const masks = drawSpecAugment(specAugment, shape, random);
    variants.push({ title: describeMasks(masks), samples, masks });
  }
  return variants;
}

/** A random part of a recording that is longer than a clip. */
async function cropClip(
  path: string,
  frontEnd: FrontEnd,
  random: Random,
  dsp: Dsp,
): Promise<Variant> {
  const { sampleRateHz, durationSeconds } = frontEnd;
  let startSeconds = 0;
  const audio = await decodePart(path, (totalSeconds) => {
    startSeconds = drawCropStart(totalSeconds, durationSeconds, random);
    return { ...decodeWindow(frontEnd), startSeconds };
  });
  const title = "random crop";
  if (startSeconds === 0) return { title, failure: "The recording is no longer than a clip." };
  const samples = dsp.resample(audio.samples, audio.sampleRateHz, sampleRateHz);
  return {
    title: `${title} from ${formatDuration(startSeconds)}`,
    samples: fitLength(samples, clipSamples(frontEnd)),
  };
}

function describeMasks({ bands, frames }: SpecAugmentDraw): string {
  const list = (masks: readonly Mask[]) =>
    masks.filter(({ width }) => width > 0)
      .map(({ start, width }) => width === 1 ? `${start}` : `${start}–${start + width - 1}`)
      .join(", ") || "none";
  return `SpecAugment, masked bands ${list(bands)}; frames ${list(frames)}`;
}
