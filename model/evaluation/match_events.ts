/** Which predicted events are which true ones, of one recording and one label. */
import type { Annotation } from "../../pipeline/annotation.ts";
import type { EventTolerance, PredictedEvent } from "./event_evaluation.ts";

/** Share of a true event's length by which its end may be off. */
const offsetShare = 0.5;

/** For every true event, in the order of their starts, the indices of the predicted ones that it may be. */
function candidatesOf(
  truth: readonly Annotation[],
  predicted: readonly Annotation[],
  { onsetSeconds, offsetSeconds }: EventTolerance,
): number[][] {
  const order = Array.from(predicted.keys())
    .sort((a, b) => predicted[a].startSeconds - predicted[b].startSeconds);
  let first = 0;
  return truth.map(({ startSeconds, endSeconds }) => {
    const isEarly = (index: number) => predicted[index].startSeconds - startSeconds < -onsetSeconds;
    while (first < order.length && isEarly(order[first])) first++;
    const found: number[] = [];
    for (let at = first; at < order.length; at++) {
      const event = predicted[order[at]];
      if (Math.abs(event.startSeconds - startSeconds) > onsetSeconds) break;
      const most = Math.max(offsetSeconds ?? Infinity, offsetShare * (endSeconds - startSeconds));
      if (Math.abs(event.endSeconds - endSeconds) <= most) found.push(order[at]);
    }
    return found;
  });
}

/**
 * Counts how many true events are found: the most pairs of one true and one predicted event within the
 * tolerance, each in one pair at most (as sed_eval's event-based metrics with optimal matching; Mesaros,
 * Heittola and Virtanen 2016). Pairs are found along augmenting paths, the shortest first.
 *
 * @param truth Of one label, in the order of their starts.
 * @param predicted Of the same label.
 */
export function countFound(
  truth: readonly Annotation[],
  predicted: readonly Annotation[],
  tolerance: EventTolerance,
): number {
  const candidates = candidatesOf(truth, predicted, tolerance);
  /** The true event of each predicted one that is in a pair. */
  const partnerOf = new Int32Array(predicted.length).fill(-1);
  /** The true event from which a predicted one was reached, and in which search. */
  const reachedFrom = new Int32Array(predicted.length);
  const reachedIn = new Int32Array(predicted.length).fill(-1);
  /** The predicted event of each true one that is in a pair. */
  const foundAs = new Int32Array(truth.length).fill(-1);
  let count = 0;
  for (const root of truth.keys()) {
    const queue = [root];
    search: for (const event of queue) {
      for (const candidate of candidates[event]) {
        if (reachedIn[candidate] === root) continue;
        reachedIn[candidate] = root;
        reachedFrom[candidate] = event;
        if (partnerOf[candidate] >= 0) {
          queue.push(partnerOf[candidate]);
          continue;
        }
        for (let free = candidate; free >= 0;) {
          const owner = reachedFrom[free], before = foundAs[owner];
          partnerOf[free] = owner;
          foundAs[owner] = free;
          free = before;
        }
        count++;
        break search;
      }
    }
  }
  return count;
}

/**
 * Tells which predicted events are right when they are taken in the order of their scores: each takes the
 * true event within the tolerance that starts nearest to it and is not taken yet.
 *
 * @returns 1 for every predicted event that took one, in their order.
 */
export function rankedHits(
  truth: readonly Annotation[],
  predicted: readonly PredictedEvent[],
  tolerance: EventTolerance,
): Uint8Array {
  const mayBe = predicted.map((): number[] => []);
  candidatesOf(truth, predicted, tolerance).forEach((found, event) => {
    for (const candidate of found) mayBe[candidate].push(event);
  });
  const taken = new Uint8Array(truth.length), hits = new Uint8Array(predicted.length);
  const byScore = Array.from(predicted.keys())
    .sort((a, b) => predicted[b].score - predicted[a].score || a - b);
  for (const candidate of byScore) {
    const { startSeconds } = predicted[candidate];
    let nearest = -1, least = Infinity;
    for (const event of mayBe[candidate]) {
      const distance = Math.abs(truth[event].startSeconds - startSeconds);
      if (!taken[event] && distance < least) [nearest, least] = [event, distance];
    }
    if (nearest < 0) continue;
    taken[nearest] = 1;
    hits[candidate] = 1;
  }
  return hits;
}
