/** Events: what a model says of the windows of recordings, neighbours of one label joined. */
import type { Decision, DecisionOptions } from "../../model/decision.ts";
import { taskOf } from "../../model/evaluation/evaluation.ts";
import { labelThreshold } from "../../model/evaluation/named_classes.ts";
import type { LabelledRow } from "../../model/label_rows.ts";
import type { ModelCard } from "../../model/model_card.ts";
import { outputOf } from "../../model/network.ts";
import type { Recording } from "../../pipeline/recording.ts";
import type { Windowing } from "../../pipeline/windows.ts";

/** A stretch of a recording that was given a label. */
export interface Event {
  /** The recording. */
  readonly recording: Recording;
  /** In samples at the front end's rate: exact, whatever the length of the recording. */
  readonly startSample: number;
  /** One past the last: the recording's end, where its last window is longer than what is left. */
  readonly endSample: number;
  /** Its beginning, in seconds. */
  readonly startSeconds: number;
  /** Its end, in seconds. */
  readonly endSeconds: number;
  /** The label. */
  readonly label: string;
  /** Mean probability of its windows. */
  readonly probability: number;
  /** The highest of them. */
  readonly peak: number;
  /** Windows that it was joined from. */
  readonly numWindows: number;
}

/** Which labels of a window count, and which windows are joined. */
export interface EventOptions {
  /** The most probable labels of a window that are looked at, of those that the decision allows. @default {1} */
  readonly top?: number;
  /** Least probability of a label. @default {0} */
  readonly minScore?: number;
  /**
   * Neighbours of one label are joined where no more than so many seconds lie between them; without it
   * every window stands for itself.
   */
  readonly mergeSeconds?: number;
  /** Is told a recording when all its events were taken. */
  readonly onRecording?: (recording: Recording) => void | Promise<void>;
}

/**
 * What is looked at in a window: where nothing is asked for, the most probable label, or with several labels a
 * clip all that are at least as probable as not; with `unknown`, those that reach their threshold.
 */
export function resolveEventOptions(
  { network, classes }: Pick<ModelCard, "network" | "classes">,
  asked: Pick<EventOptions, "top" | "minScore"> & Pick<DecisionOptions, "unknown">,
): Required<Pick<EventOptions, "top" | "minScore">> {
  const isOne = taskOf(outputOf(network)) === "one-label";
  const { top = isOne ? 1 : classes.length, unknown } = asked;
  const { minScore = isOne || unknown !== undefined ? 0 : labelThreshold } = asked;
  return { top, minScore };
}

/** An event that windows may still be joined to. */
interface OpenEvent {
  readonly startSample: number;
  endSample: number;
  sum: number;
  peak: number;
  numWindows: number;
}

/**
 * Makes events of the rows of `Labeller.labelWindows`, recording after recording, each in the order of
 * their starts, of equal ones the more probable first. A window that could not be read is as one without a label:
 * what the windows around it say is joined where they are near enough.
 *
 * @param decision The labeller's: which classes a window may have.
 */
export async function* eventsOf(
  rows: AsyncIterable<LabelledRow>,
  decision: Pick<Decision, "classes" | "classesOf">,
  windowing: Windowing,
  options: EventOptions = {},
): AsyncGenerator<Event> {
  const { top = 1, minScore = 0, mergeSeconds, onRecording } = options;
  let collector: EventCollector | undefined;
  const end = async function* (collector: EventCollector) {
    yield* collector.takeAll();
    await onRecording?.(collector.recording);
  };
  for await (const { request: { clip }, probabilities, endSample } of rows) {
    if (clip.recording !== collector?.recording) {
      if (collector) yield* end(collector);
      collector = new EventCollector(clip.recording, decision.classes, windowing, mergeSeconds);
    }
    if (!probabilities) continue;
    const ranked = decision.classesOf(probabilities)
      .slice(0, top)
      .filter((index) => probabilities[index] >= minScore);
    const windowEnd = Math.min(clip.start + windowing.length, endSample ?? Infinity);
    for (const index of ranked) collector.add(index, clip.start, windowEnd, probabilities[index]);
    yield* collector.takeEnded(clip.start);
  }
  if (collector) yield* end(collector);
}

/** The events of one recording under way. */
class EventCollector {
  /** By class. */
  readonly #open = new Map<number, OpenEvent>();
  readonly #ended: Event[] = [];
  readonly #mergeSamples: number;

  constructor(
    readonly recording: Recording,
    readonly classes: readonly string[],
    readonly windowing: Windowing,
    mergeSeconds: number | undefined,
  ) {
    this.#mergeSamples = mergeSeconds === undefined
      ? -Infinity
      : Math.round(mergeSeconds * windowing.sampleRateHz);
  }

  add(index: number, startSample: number, endSample: number, probability: number): void {
    const open = this.#open.get(index);
    if (open && startSample - open.endSample <= this.#mergeSamples) {
      open.endSample = endSample;
      open.sum += probability;
      open.peak = Math.max(open.peak, probability);
      open.numWindows++;
      return;
    }
    if (open) this.#end(index, open);
    this.#open.set(index, {
      startSample,
      endSample,
      sum: probability,
      peak: probability,
      numWindows: 1,
    });
  }

  /** The events that no later one can come before: nothing is joined to them after a window's start. */
  takeEnded(windowStart: number): Event[] {
    const nextStart = windowStart + this.windowing.hop;
    for (const [index, open] of this.#open) {
      if (nextStart - open.endSample > this.#mergeSamples) this.#end(index, open);
    }
    const firstOpen = Math.min(...[...this.#open.values()].map(({ startSample }) => startSample));
    return this.#take(({ startSample }) => startSample < firstOpen);
  }

  takeAll(): Event[] {
    for (const [index, open] of this.#open) this.#end(index, open);
    return this.#take(() => true);
  }

  #end(index: number, { startSample, endSample, sum, peak, numWindows }: OpenEvent): void {
    const { sampleRateHz } = this.windowing;
    this.#open.delete(index);
    this.#ended.push({
      recording: this.recording,
      startSample,
      endSample,
      startSeconds: startSample / sampleRateHz,
      endSeconds: endSample / sampleRateHz,
      label: this.classes[index],
      probability: sum / numWindows,
      peak,
      numWindows,
    });
  }

  #take(isWanted: (event: Event) => boolean): Event[] {
    const taken = this.#ended.filter(isWanted);
    const kept = this.#ended.filter((event) => !isWanted(event));
    this.#ended.splice(0, Infinity, ...kept);
    return taken.sort((a, b) => a.startSample - b.startSample || b.probability - a.probability);
  }
}
