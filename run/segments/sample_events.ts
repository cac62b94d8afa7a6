/** Draws events for review: of every label as many from each range of scores. */
import { createRandom, type Random, shuffle } from "../../pipeline/random.ts";
import type { EventRow } from "../events/event_format.ts";
import { RunError } from "../run_error.ts";

/** Labels that may be drawn from: a file with more has something else in that column. */
const mostLabels = 10_000;

/** How many events are drawn, and from what ranges of scores. */
export interface SampleOptions {
  /** Ranges that the scores from 0 to 1 are cut into, all as wide. */
  readonly bins: number;
  /** Most events of a label and range. */
  readonly perBin: number;
  /** Keys the draws. */
  readonly seed: number;
}

/** An event that was drawn. */
export interface SampledEvent extends EventRow {
  /** Its range of scores, counted from 0. */
  readonly bin: number;
}

/**
 * Takes events as they come and keeps a sample of every label and range of scores in which each has the same chance
 * (Vitter's algorithm R, 1985): one pass, and memory for no more than what is kept. A label's sample depends
 * on that label's events alone.
 */
export class EventSampler {
  readonly #labels = new Map<string, readonly Reservoir[]>();

  /** Begins with nothing. */
  constructor(readonly options: SampleOptions) {}

  /** Takes an event. @throws {RunError} for more labels than anyone has. */
  add(event: EventRow): void {
    const { bins, perBin, seed } = this.options, bin = binOf(event.probability, bins);
    let reservoirs = this.#labels.get(event.label);
    if (!reservoirs) {
      if (this.#labels.size === mostLabels) {
        throw new RunError(
          `Cannot draw events for review as they must have at most ${mostLabels} labels: there are more`,
        );
      }
      reservoirs = Array.from(
        { length: bins },
        (_, bin) => new Reservoir(perBin, createRandom(seed, "segments", event.label, bin)),
      );
      this.#labels.set(event.label, reservoirs);
    }
    reservoirs[bin].add({ ...event, bin });
  }

  /** The events that there were, by label in order of their names: one number a range. */
  get counts(): Map<string, readonly number[]> {
    return new Map(this.#sorted.map(([label, all]) => [label, all.map(({ seen }) => seen)]));
  }

  /** The events that are kept: label by label, each label's in an order by chance. */
  take(): SampledEvent[] {
    return this.#sorted.flatMap(([label, all]) =>
      shuffle(
        all.flatMap(({ kept }) => kept),
        createRandom(this.options.seed, "segments", label, "order"),
      )
    );
  }

  get #sorted(): [string, readonly Reservoir[]][] {
    return [...this.#labels].sort(([a], [b]) => a < b ? -1 : 1);
  }
}

class Reservoir {
  readonly kept: SampledEvent[] = [];
  seen = 0;

  constructor(readonly size: number, readonly random: Random) {}

  add(event: SampledEvent): void {
    const place = this.seen < this.size ? this.seen : this.random.integer(this.seen + 1);
    if (place < this.size) this.kept[place] = event;
    this.seen++;
  }
}

/** The range of scores that a probability is in, counted from 0; 1 is in the last. */
function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(probability * bins));
}
