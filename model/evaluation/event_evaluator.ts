import type { Annotation } from "../../pipeline/annotation.ts";
import { averagePrecision, rank } from "./average_precision.ts";
import {
  type ClassCounts,
  clearClassCounts,
  createClassCounts,
  describeClasses,
  macroF1,
  meanOverPresent,
  ratio,
  sum,
  withoutForeign,
} from "./class_figures.ts";
import type {
  DetectionFigures,
  EventEvaluation,
  EventTolerance,
  RecordingEvents,
} from "./event_evaluation.ts";
import { intervalAround } from "./interval.ts";
import { countFound, rankedHits } from "./match_events.ts";
import { resample } from "./resample.ts";
import { countSegments, countShared, segmentsOf } from "./segments.ts";

/** Choices of an event evaluator. */
export interface EventEvaluatorOptions {
  /** The classes of the model. */
  readonly classes: readonly string[];
  /** When two events are the same. */
  readonly tolerance: EventTolerance;
  /** Length of a segment, in seconds. */
  readonly segmentSeconds: number;
  /** Keys the bootstrap's draws. @default {1} */
  readonly seed?: number;
}

/** The recordings of a group, or one without: counts by class, those of no class behind the last. */
interface Unit {
  readonly events: ClassCounts;
  readonly segments: ClassCounts;
}

/** The predicted events of one class. */
interface Scored {
  readonly scores: number[];
  readonly hits: number[];
  /** The unit of each. */
  readonly units: number[];
}

/**
 * Compares predicted with true events, recording after recording, and says how good they are: over events,
 * two of one label being the same within a tolerance, and over segments. It keeps counts of every group,
 * and a score of every predicted event.
 */
export class EventEvaluator {
  readonly #options: EventEvaluatorOptions;
  readonly #units: Unit[] = [];
  readonly #unitOfGroup = new Map<string, number>();
  readonly #scored: readonly Scored[];
  #recordings = 0;

  /** Starts with no recordings. */
  constructor(options: EventEvaluatorOptions) {
    this.#options = options;
    this.#scored = options.classes.map(() => ({ scores: [], hits: [], units: [] }));
  }

  /** Adds one recording. */
  add({ truth, predicted, group }: RecordingEvents): void {
    const { classes, tolerance, segmentSeconds } = this.#options;
    const unit = this.#unitOf(group), { events, segments } = this.#units[unit];
    this.#recordings++;
    for (const [index, label] of [...classes, undefined].entries()) {
      const isOf = (event: Annotation) =>
        label === undefined ? !classes.includes(event.label) : event.label === label;
      const there = truth.filter(isOf).sort(byStart), said = predicted.filter(isOf).sort(byStart);
      if (there.length + said.length === 0) continue;
      events.support[index] += there.length;
      events.predicted[index] += said.length;
      const segmentsThere = segmentsOf(there, segmentSeconds);
      const segmentsSaid = segmentsOf(said, segmentSeconds);
      segments.support[index] += countSegments(segmentsThere);
      segments.predicted[index] += countSegments(segmentsSaid);
      if (label === undefined) continue; // what the model does not know is missed
      events.hits[index] += countFound(there, said, tolerance);
      segments.hits[index] += countShared(segmentsThere, segmentsSaid);
      const hits = rankedHits(there, said, tolerance), scored = this.#scored[index];
      for (const [i, { score }] of said.entries()) {
        scored.scores.push(score);
        scored.hits.push(hits[i]);
        scored.units.push(unit);
      }
    }
  }

  #unitOf(group: string | undefined): number {
    const known = group === undefined ? undefined : this.#unitOfGroup.get(group);
    if (known !== undefined) return known;
    const size = this.#options.classes.length + 1;
    const unit = this.#units.push({
      events: createClassCounts(size),
      segments: createClassCounts(size),
    }) - 1;
    if (group !== undefined) this.#unitOfGroup.set(group, unit);
    return unit;
  }

  /** The figures so far. */
  build(): EventEvaluation {
    const { classes, tolerance, segmentSeconds } = this.#options, size = classes.length + 1;
    const events = createClassCounts(size), segments = createClassCounts(size);
    const once = new Uint32Array(this.#units.length).fill(1);
    this.#count("events", once, events);
    this.#count("segments", once, segments);
    const precisionsOf = this.#rankings();
    const precisions = precisionsOf(once, events);
    const figures = describe(events);
    const meanAveragePrecision = meanOverPresent(
      withoutForeign(events).support,
      (i) => precisions[i],
    );
    const segmentF1 = describeClasses(classes, segments).map(({ f1 }) => f1);
    return {
      recordings: this.#recordings,
      truths: sum(events.support),
      foreignTruths: events.support[classes.length],
      predicted: sum(events.predicted),
      tolerance,
      segmentSeconds,
      events: figures,
      segments: describe(segments),
      meanAveragePrecision,
      intervals: this.#intervals({ ...figures, meanAveragePrecision }, precisionsOf),
      perClass: describeClasses(classes, events).map((figures, i) => ({
        ...figures,
        averagePrecision: figures.support > 0 ? precisions[i] : null,
        segmentF1: segmentF1[i],
      })),
    };
  }

  /** Counts, in place. @param times How often each unit counts. */
  #count(of: "events" | "segments", times: ArrayLike<number>, counts: ClassCounts): void {
    clearClassCounts(counts);
    this.#units.forEach((unit, k) => {
      for (const name of ["support", "predicted", "hits"] as const) {
        unit[of][name].forEach((count, i) => counts[name][i] += times[k] * count);
      }
    });
  }

  /** Average precisions of the classes, given how often each unit counts, and the counts that follow. */
  #rankings(): (times: ArrayLike<number>, events: ClassCounts) => number[] {
    const rankings = this.#scored.map(({ scores, hits, units }) => ({
      ...{ ranking: rank(scores, hits), hits, units },
      times: new Float64Array(units.length),
    }));
    return (drawn, { support }) =>
      rankings.map(({ ranking, hits, units, times }, i) => {
        let found = 0;
        for (const [k, unit] of units.entries()) {
          times[k] = drawn[unit];
          if (hits[k]) found += drawn[unit];
        }
        // Those that nobody said are missed at every threshold.
        return found === 0 ? 0 : averagePrecision(ranking, times) * found / support[i];
      });
  }

  #intervals(
    { f1, macroF1: macro, meanAveragePrecision }:
      & Pick<DetectionFigures, "f1" | "macroF1">
      & Pick<EventEvaluation, "meanAveragePrecision">,
    precisionsOf: (times: ArrayLike<number>, events: ClassCounts) => number[],
  ): EventEvaluation["intervals"] {
    if (f1 === null || macro === null || meanAveragePrecision === null) {
      return { f1: null, macroF1: null, meanAveragePrecision: null };
    }
    const { seed = 1 } = this.#options;
    const counts = createClassCounts(this.#options.classes.length + 1);
    const sampled = this.#units.map(({ events: { support } }) => {
      const present = Array.from(support.entries()).filter(([, count]) => count > 0);
      return { classCounts: new Map(present), times: 1 };
    });
    const [f1s, macros, means] = resample(sampled, (drawn) => {
      this.#count("events", drawn, counts);
      const precisions = precisionsOf(drawn, counts), figures = describe(counts);
      const mean = meanOverPresent(withoutForeign(counts).support, (i) => precisions[i]);
      return [figures.f1 ?? 0, figures.macroF1 ?? 0, mean ?? 0];
    }, { numClips: this.#units.length * this.#options.classes.length, seed });
    return {
      f1: intervalAround(f1, f1s),
      macroF1: intervalAround(macro, macros),
      meanAveragePrecision: intervalAround(meanAveragePrecision, means),
    };
  }
}

function describe(counts: ClassCounts): DetectionFigures {
  const support = sum(counts.support), predicted = sum(counts.predicted), hits = sum(counts.hits);
  return {
    precision: ratio(hits, predicted),
    recall: ratio(hits, support),
    f1: ratio(2 * hits, support + predicted),
    macroF1: macroF1(withoutForeign(counts)),
  };
}

function byStart(a: Annotation, b: Annotation): number {
  return a.startSeconds - b.startSeconds;
}
