/** A model that answers wherever JavaScript runs, without threads, files or a network of its own. */
import { createCpuEngine } from "../model/cpu/cpu_engine.ts";
import type { DecisionOptions } from "../model/decision.ts";
import type { ModelCard } from "../model/model_card.ts";
import { decodeModel, type ModelFiles } from "../model/saved_model.ts";
import { firstClips } from "../pipeline/clip.ts";
import { type FrontEnd, resolveFrontEnd } from "../pipeline/front_end.ts";
import { bytesSource, type OpenSource } from "../pipeline/locations/byte_source.ts";
import { fileLocation } from "../pipeline/locations/location.ts";
import { describeRemark } from "../pipeline/remarks.ts";
import { blobSource } from "./worker/blob_source.ts";
import { featuresOfClip } from "./worker/clip_features.ts";
import { PageLabeller } from "./worker/page_labeller.ts";

/** A sound file: its bytes, or the file as a page has it. Any format that melstream reads. */
export type Sound = Uint8Array | Blob;

/** What a model says of a sound. */
export interface SoundLabels {
  /** What it is labelled as, as `predict` does it. */
  readonly labels: readonly string[];
  /** Of every class, by its name. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** What one should know of the sound: that it is silent, or longer than the model hears. */
  readonly notes: readonly string[];
}

/** An open model. */
export interface PortableModel {
  /** What it knows of itself: classes, front end, network. */
  readonly card: ModelCard;
  /**
   * Labels a sound by its beginning, as much of it as the model hears.
   *
   * @param name What messages call it.
   * @throws {Error} where it cannot be read.
   */
  predict(sound: Sound, name?: string): Promise<SoundLabels>;
  /** The log-mel features that the model hears, `[melBands, numFrames]` in dB. @throws as `predict`. */
  features(sound: Sound, name?: string): Promise<Float32Array>;
}

/**
 * Opens a saved model, or several whose probabilities are averaged.
 *
 * @param files The two files of each.
 * @throws {SyntaxError} where a file is damaged or of another version.
 * @throws {RangeError} where it hears by a backbone, which takes the whole program.
 * @throws {Error} where the features or answers that it carries do not come out here.
 */
export async function openModel(
  files: ModelFiles | readonly ModelFiles[],
  decision: Partial<DecisionOptions> = {},
): Promise<PortableModel> {
  const models = [files].flat().map((each) => decodeModel(each));
  const [{ card: { backbone } }] = models;
  if (backbone) {
    throw new RangeError(
      `Cannot open this model here as it must hear log-mel features: it hears by a backbone, ${backbone.card.name}`,
    );
  }
  const labeller = await PageLabeller.open(
    models,
    decision,
    (network, weights) => createCpuEngine(network, { weights, sharedMemory: false }),
  );
  const { card } = labeller, { classes } = labeller.decision;
  return {
    card,
    async predict(sound, name) {
      const { clip, open } = clipOf(sound, name);
      for await (
        const { probabilities, failure, remarks = [] } of labeller.label([clip], { open })
      ) {
        if (!probabilities) throw new Error(failure?.message);
        return {
          labels: labeller.decision.labelsOf(probabilities),
          probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]])),
          notes: remarks.map((remark) => describeRemark(remark, card.frontEnd.durationSeconds)),
        };
      }
      throw new Error("unreachable: a clip has a row");
    },
    async features(sound, name) {
      const { clip, open } = clipOf(sound, name);
      return await labeller.lookAt(clip, { open });
    },
  };
}

/**
 * Log-mel features of a sound's beginning, `[melBands, numFrames]` in dB: those of `melstream features`, to the bit.
 *
 * @param frontEnd What is other than by default.
 * @param name What messages call the sound.
 * @throws {RangeError} where the front end has a value out of range.
 * @throws {Error} where the sound cannot be read.
 */
export async function computeFeatures(
  sound: Sound,
  frontEnd: Partial<FrontEnd> = {},
  name?: string,
): Promise<Float32Array> {
  const { clip, open } = clipOf(sound, name);
  return await featuresOfClip(clip, resolveFrontEnd(frontEnd), { open });
}

/** The beginning of a sound, and what opens it. */
function clipOf(sound: Sound, name = "sound") {
  const [clip] = firstClips([{ id: name, location: fileLocation(name) }]);
  const open = (): OpenSource =>
    sound instanceof Blob ? blobSource(name, sound) : bytesSource(name, sound);
  return { clip, open };
}
