/** From recordings to clips: the beginning of each, or windows over its annotations. */
import {
  type AnnotatedWindows,
  cutAnnotatedWindows,
  type WindowRules,
} from "./annotated_windows.ts";
import type { Annotation } from "./annotation.ts";
import { type Clip, clipId, firstClips } from "./clip.ts";
import type { FrontEnd } from "./front_end.ts";
import type { OpenLocation } from "./locations/byte_source.ts";
import type { Recording } from "./recording.ts";
import { secondsByHeader } from "./recording_length.ts";
import type { Dataset } from "./sources/dataset.ts";
import { Unused } from "./sources/unused.ts";
import type { WindowSettings } from "./window_settings.ts";
import { createWindowing } from "./windows.ts";

/** The clips of a data set. */
export interface DatasetClips {
  /** The classes, sorted. */
  readonly classes: readonly string[];
  /** Labelled clips to train and validate on, recording after recording in the data set's order. */
  readonly train: readonly Clip[];
  /** Labelled clips to validate on, where the data set itself sets recordings apart. */
  readonly validation?: readonly Clip[];
  /** What a person should know of how they were cut, a line each. */
  readonly notes: readonly string[];
}

/** How much further than its recording an annotation may reach, in seconds: programs round. */
const roundingSeconds = 0.05;

/**
 * Cuts a data set into clips: of a recording with annotations windows over them (see
 * `cutAnnotatedWindows`), whose group is the recording's, or the recording itself; of every other one its
 * beginning. Recordings are opened for their lengths, where they have annotations. One that cannot be read
 * is one clip, so that it fails in its place.
 *
 * @throws {RangeError} where windows are longer than the model hears.
 */
export async function cutDataset(
  dataset: Pick<Dataset, "classes" | "train" | "validation">,
  frontEnd: FrontEnd,
  settings: WindowSettings & Pick<WindowRules, "backgroundClass">,
  open: OpenLocation,
): Promise<DatasetClips> {
  const { classes, train, validation } = dataset;
  const isAnnotated = [...train, ...validation ?? []].some(({ annotations }) => annotations);
  if (!isAnnotated) {
    return {
      classes,
      train: firstClips(train),
      ...validation && { validation: firstClips(validation) },
      notes: [],
    };
  }
  const { windowSeconds, windowHopSeconds: hopSeconds } = settings;
  const windowing = createWindowing(frontEnd, { windowSeconds, hopSeconds });
  const cutter = new WindowCutter({ ...settings, windowing }, open);
  const cut = async (recordings: readonly Recording[]) => {
    const clips: Clip[] = [];
    for (const recording of recordings) clips.push(...await cutter.cut(recording));
    return clips;
  };
  const trained = await cut(train), validated = validation && await cut(validation);
  return {
    classes: [...new Set(trained.flatMap(({ labels = [] }) => labels))].sort(),
    train: trained,
    ...validated && { validation: validated },
    notes: cutter.describe(),
  };
}

/** Cuts recordings one after the other, and counts what came of it. */
class WindowCutter {
  readonly #unused = new Unused();
  #numLabelled = 0;
  #numBackground = 0;
  #numSeveral = 0;
  #numUndecided = 0;
  #unlabelledSamples = 0;
  #firstOfSeveral = "";

  constructor(readonly rules: WindowRules, readonly open: OpenLocation) {}

  async cut(recording: Recording): Promise<Clip[]> {
    if (!recording.annotations) return firstClips([recording]);
    let totalSeconds: number | undefined, isReadable = true;
    try {
      totalSeconds = await secondsByHeader(recording, this.open);
    } catch {
      isReadable = false; // the graph will say why
    }
    const annotations = this.#within(recording, totalSeconds);
    const { windowing: { length, sampleRateHz } } = this.rules;
    const totalSamples = totalSeconds === undefined
      ? undefined
      : Math.round(totalSeconds * sampleRateHz);
    const cut = cutAnnotatedWindows(annotations, totalSamples, this.rules);
    // Every clip is sent to a thread: without all annotations of its recording.
    const { annotations: _, ...bare } = recording, { group = recording.id } = recording;
    const clips = cut.windows.map(({ start, labels }): Clip => ({
      recording: bare,
      start,
      length,
      labels,
      group,
    }));
    if (!isReadable) return clips.slice(0, 1);
    if (totalSeconds === undefined) {
      const reason =
        "recordings whose header does not tell their length: what lies behind their last " +
        "annotation is not used";
      this.#unused.add(reason, recording.id);
    }
    this.#count(cut, clips);
    return clips;
  }

  /** The annotations that begin before the recording's end. */
  #within({ id, annotations = [] }: Recording, totalSeconds = Infinity): Annotation[] {
    return annotations.filter(({ startSeconds, endSeconds }) => {
      const isWithin = startSeconds < totalSeconds;
      if (!isWithin) {
        this.#unused.add("annotations behind the end of their recordings, left out", id);
      } else if (endSeconds > totalSeconds + roundingSeconds) {
        this.#unused.add("annotations that reach past the end of their recordings, cut there", id);
      }
      return isWithin;
    });
  }

  #count({ numUndecided, unlabelledSamples }: AnnotatedWindows, clips: readonly Clip[]): void {
    const { backgroundClass } = this.rules;
    for (const clip of clips) {
      const labels = clip.labels!;
      if (labels.length === 1 && labels[0] === backgroundClass) this.#numBackground++;
      else this.#numLabelled++;
      if (labels.length > 1 && this.#numSeveral++ === 0) this.#firstOfSeveral = clipId(clip);
    }
    this.#numUndecided += numUndecided;
    this.#unlabelledSamples += unlabelledSamples;
  }

  /** What came of it, a line each. */
  describe(): string[] {
    const { windowing: { length, sampleRateHz }, minOverlap, backgroundClass } = this.rules;
    const seconds = (samples: number) => `${Number((samples / sampleRateHz).toFixed(2))} s`;
    const notes = [
      `windows of ${seconds(length)} over the annotations: ${this.#numLabelled}` +
      (this.#numSeveral === 0
        ? ""
        : `, with several labels ${this.#numSeveral} of them, such as ${this.#firstOfSeveral}`),
    ];
    if (this.#numUndecided > 0) {
      notes.push(
        `windows with less than a share of ${minOverlap} of any annotation, left out: ` +
          this.#numUndecided,
      );
    }
    notes.push(
      backgroundClass === undefined
        ? `sound outside the annotations, left out: ${seconds(this.#unlabelledSamples)} ` +
          "(--background-class NAME makes a class of it)"
        : `windows in which nothing is annotated, as ${backgroundClass}: ${this.#numBackground}`,
    );
    return [...notes, ...this.#unused.describe()];
  }
}
