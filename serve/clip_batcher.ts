import type { LabelledRow } from "../model/label_rows.ts";
import type { Clip } from "../pipeline/clip.ts";
import type { Labeller } from "../run/prediction/labeller.ts";

/** A clip that waits for its answer. */
interface WaitingClip {
  readonly clip: Clip;
  readonly signal: AbortSignal;
  readonly answer: PromiseWithResolvers<LabelledRow>;
}

/** Batches at a time: the features of the next are made while the engine answers the last. */
const batchesAtOnce = 2;

/**
 * Labels clips of many requests together: those that wait when there is room become one batch. Nobody waits for
 * others to come.
 */
export class ClipBatcher {
  readonly #labeller: Labeller;
  readonly #batchSize: number;
  #waiting: WaitingClip[] = [];
  #numRunning = 0;

  /**
   * Over an open labeller.
   *
   * @param batchSize Most clips of a batch. @default {16}
   */
  constructor(labeller: Labeller, batchSize: number = 16) {
    this.#labeller = labeller;
    this.#batchSize = batchSize;
  }

  /**
   * Labels a clip.
   *
   * @param signal Ends the waiting: its reason is thrown.
   */
  async label(clip: Clip, signal: AbortSignal): Promise<LabelledRow> {
    const answer = Promise.withResolvers<LabelledRow>();
    this.#waiting.push({ clip, signal, answer });
    this.#handOut();
    return await answer.promise;
  }

  #handOut(): void {
    while (this.#numRunning < batchesAtOnce) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      this.#numRunning++;
      this.#run(batch).finally(() => {
        this.#numRunning--;
        this.#handOut();
      });
    }
  }

  /** Takes those that wait longest; who has left is left out. */
  #takeBatch(): WaitingClip[] {
    for (const { signal, answer } of this.#waiting) {
      if (signal.aborted) answer.reject(signal.reason);
    }
    const present = this.#waiting.filter(({ signal }) => !signal.aborted);
    this.#waiting = present.slice(this.#batchSize);
    return present.slice(0, this.#batchSize);
  }

  async #run(batch: readonly WaitingClip[]): Promise<void> {
    let numAnswered = 0;
    try {
      const clips = batch.map(({ clip }) => clip), batchSize = this.#batchSize;
      for await (const row of this.#labeller.label(clips, { batchSize })) {
        batch[numAnswered++].answer.resolve(row);
      }
    } catch (error) {
      for (const { answer } of batch.slice(numAnswered)) answer.reject(error);
    }
  }
}
