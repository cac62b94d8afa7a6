/** A clip as each choice of an augmentation policy changes it: by the graph that trains. */
import {
  type AugmentPolicy,
  describeDraw,
  describePadding,
  describeResizedCrop,
  type Mask,
  type SpecAugmentDraw,
  type SpecAugmentSettings,
} from "../pipeline/augment/augment.ts";
import { firstClips } from "../pipeline/clip.ts";
import type { CopySettings } from "../pipeline/augment/copy_settings.ts";
import type { Dsp } from "../pipeline/dsp/dsp.ts";
import type { FeatureGraphOptions } from "../pipeline/graph_options.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import type { Location } from "../pipeline/locations/location.ts";
import type { Recording } from "../pipeline/recording.ts";
import { formatDuration } from "./format.ts";
import { hearClips, type HeardClip } from "./heard_clip.ts";

/** Choices that are drawn from. */
export interface AugmentOptions extends Partial<CopySettings> {
  /** Every choice of it but `none` is drawn once, and of a chain the whole. */
  readonly augment: AugmentPolicy;
  /** Key of the draws. */
  readonly seed: number;
  /** Recordings that `background-noise` draws from; without any it cannot be shown. */
  readonly backgrounds?: readonly Location[];
  /** Shows masked features, too. @default {undefined} */
  readonly specAugment?: SpecAugmentSettings;
}

/** The clip after a change, or why it could not be changed. */
export interface Variant {
  /** The draw in words. */
  readonly title: string;
  /** As long as the clip. */
  readonly samples?: Float32Array;
  /** `[melBands, numFrames]`, in dB, masked where that is what is shown. */
  readonly features?: Float32Array;
  /** The failure in words. */
  readonly failure?: string;
}

/** Draws every choice once, as a copy of its own, and applies it. */
export async function augmentRecording(
  recording: Recording,
  frontEnd: FrontEnd,
  { augment, seed, backgrounds = [], crop, pad = "end", resizedCrop = 0, specAugment }:
    AugmentOptions,
  dsp: Dsp,
): Promise<Variant[]> {
  const [clip] = firstClips([recording]);
  let copy = 0;
  const hear = async (options: Partial<FeatureGraphOptions>): Promise<Partial<HeardClip>> => {
    const requests = ReadableStream.from([{ clip, epoch: 0, copy: ++copy }]);
    try {
      for await (const heard of hearClips(requests, { frontEnd, seed, ...options }, dsp)) {
        return heard;
      }
    } catch (error) {
      return { failure: (error as Error).message };
    }
    return {};
  };
  const variants: Variant[] = [];
  for (const choice of augment.choices) {
    if (choice.kind === "none") continue;
    const policy = { choices: [{ ...choice, weight: 1 }] };
    if (choice.kind === "background-noise" && backgrounds.length === 0) {
      variants.push({
        title: nameOf(choice.kind),
        failure: "Needs recordings of background noise.",
      });
      continue;
    }
    const { augmented, features, failure } = await hear({
      augment: policy,
      background: backgrounds,
    });
    const title = augmented ? describeDraw(augmented.draw) : nameOf(choice.kind);
    variants.push({ title, samples: augmented?.samples, features, failure });
  }
  if (augment.mode === "chain") {
    // What cannot be shown alone is left out here, too.
    const choices = augment.choices.filter(({ kind }) =>
      kind !== "background-noise" || backgrounds.length > 0
    );
    const { samples, augmented, features, failure } = await hear({
      augment: { ...augment, choices },
      background: backgrounds,
    });
    const title = augmented ? `chain: ${describeDraw(augmented.draw)}` : "chain";
    variants.push({ title, samples: augmented?.samples ?? samples, features, failure });
  }
  if (crop === "random") variants.push(describeCrop(await hear({ crop })));
  if (pad !== "end") variants.push(describePad(await hear({ pad })));
  if (resizedCrop > 0) {
    const { samples, resized, features, failure } = await hear({ resizedCrop: 1 });
    const title = resized ? describeResizedCrop(resized) : "resized crop";
    variants.push({ title, samples, features, failure });
  }
  if (specAugment) {
    const { samples, mask, features, failure } = await hear({
      specAugment: { ...specAugment, probability: 1 },
    });
    const title = mask ? describeMasks(mask) : "SpecAugment";
    variants.push({ title, samples, features, failure });
  }
  return variants;
}

const nameOf = (kind: string) => kind.replaceAll("-", " ");

/** A random part of a recording that is longer than a clip. */
function describeCrop({ startSeconds = 0, ...heard }: Partial<HeardClip>): Variant {
  const { samples, features, failure } = heard, title = "random crop";
  if (failure !== undefined) return { title, failure };
  return startSeconds === 0
    ? { title, failure: "The recording is no longer than a clip." }
    : { title: `${title} from ${formatDuration(startSeconds)}`, samples, features };
}

/** A recording that is shorter than a clip, filled up in another way than with silence at its end. */
function describePad({ padded, features, failure }: Partial<HeardClip>): Variant {
  return padded
    ? { title: describePadding(padded.draw), samples: padded.samples, features }
    : { title: "padding", failure: failure ?? "The recording is no shorter than a clip." };
}

function describeMasks({ bands, frames }: SpecAugmentDraw): string {
  const list = (masks: readonly Mask[]) =>
    masks.filter(({ width }) => width > 0)
      .map(({ start, width }) => width === 1 ? `${start}` : `${start}–${start + width - 1}`)
      .join(", ") || "none";
  return `SpecAugment, masked bands ${list(bands)}; frames ${list(frames)}`;
}
