import { assert, assertAlmostEquals, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import type { Annotation } from "../../../pipeline/annotation.ts";
import type { PredictedEvent } from "../../../model/evaluation/event_evaluation.ts";
import { EventEvaluator } from "../../../model/evaluation/event_evaluator.ts";
import { countFound } from "../../../model/evaluation/match_events.ts";
import vectors from "../../vectors/model/events.json" with { type: "json" };

type Words = readonly (string | number)[];

const annotationOf = ([startSeconds, endSeconds, label]: Words) =>
  ({ startSeconds, endSeconds, label }) as Annotation;
const eventOf = (words: Words): PredictedEvent => ({
  ...annotationOf(words),
  score: Number(words[3] ?? 1),
});

const tolerance = { onsetSeconds: 0.5 };
const evaluatorOf = (classes: readonly string[], options = {}) =>
  new EventEvaluator({ classes, tolerance, segmentSeconds: 1, ...options });

Deno.test("figures over events and segments are sed_eval's, average precisions scikit-learn's", () => {
  const { classes, cases } = vectors;
  for (const { onsetSeconds, offsetSeconds, segmentSeconds, recordings, figures } of cases) {
    const tolerance = { onsetSeconds, offsetSeconds: offsetSeconds ?? undefined };
    const evaluator = evaluatorOf(classes, { tolerance, segmentSeconds });
    for (const { truth, predicted } of recordings) {
      evaluator.add({ truth: truth.map(annotationOf), predicted: predicted.map(eventOf) });
    }
    const built = evaluator.build();
    for (const over of ["events", "segments"] as const) {
      for (const name of ["precision", "recall", "f1", "macroF1"] as const) {
        assertAlmostEquals(built[over][name]!, figures[over][name], 1e-12, `${over} ${name}`);
      }
    }
    built.perClass.forEach(({ f1, segmentF1, averagePrecision }, i) => {
      assertAlmostEquals(f1!, figures.events.perClass[i], 1e-12);
      assertAlmostEquals(segmentF1!, figures.segments.perClass[i], 1e-12);
      assertAlmostEquals(averagePrecision!, figures.averagePrecision[i], 1e-12);
    });
    const { low, high } = built.intervals.f1!;
    assert(low < built.events.f1! && built.events.f1! < high);
  }
});

Deno.test("as many true events are found as can be, each by one predicted event", () => {
  const event = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 6 }))
    .map(([start, length]) => annotationOf([start, start + length, "a"]));
  const events = fc.array(event, { maxLength: 6 });
  const tolerance = fc.record({
    onsetSeconds: fc.integer({ min: 0, max: 4 }),
    offsetSeconds: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  });
  /** Tries every pairing. */
  const mostPairs = (
    [first, ...rest]: readonly Annotation[],
    predicted: readonly Annotation[],
    mayPair: (a: Annotation, b: Annotation) => boolean,
  ): number =>
    first === undefined ? 0 : Math.max(
      mostPairs(rest, predicted, mayPair),
      ...predicted.flatMap((event, i) =>
        mayPair(first, event) ? [1 + mostPairs(rest, predicted.toSpliced(i, 1), mayPair)] : []
      ),
    );
  fc.assert(
    fc.property(events, events, tolerance, (unsorted, predicted, tolerance) => {
      const truth = unsorted.toSorted((a, b) => a.startSeconds - b.startSeconds);
      const { onsetSeconds, offsetSeconds = Infinity } = tolerance;
      const most = mostPairs(truth, predicted, (a, b) => {
        const offset = Math.max(offsetSeconds, (a.endSeconds - a.startSeconds) / 2);
        return Math.abs(a.startSeconds - b.startSeconds) <= onsetSeconds &&
          Math.abs(a.endSeconds - b.endSeconds) <= offset;
      });
      assertStrictEquals(countFound(truth, predicted, tolerance), most);
    }),
    { numRuns: 300 },
  );
});

Deno.test("nothing there, nothing said, and what the model does not know", () => {
  const empty = evaluatorOf(["a"]).build();
  assertEquals(empty.events, { precision: null, recall: null, f1: null, macroF1: null });
  assertEquals([empty.meanAveragePrecision, empty.intervals.f1], [null, null]);

  const silent = evaluatorOf(["a", "b"]);
  silent.add({ truth: [annotationOf([1, 2, "a"])], predicted: [] });
  assertEquals(silent.build().events, { precision: null, recall: 0, f1: 0, macroF1: 0 });
  assertStrictEquals(silent.build().meanAveragePrecision, 0);

  const foreign = evaluatorOf(["a"]);
  const truth = [annotationOf([1, 2, "a"]), annotationOf([5, 6, "wren"])];
  foreign.add({ truth, predicted: [eventOf([1.4, 2, "a"])] });
  const { events, foreignTruths, truths, segments, meanAveragePrecision } = foreign.build();
  assertEquals([truths, foreignTruths, meanAveragePrecision], [2, 1, 1]);
  assertEquals([events.precision, events.recall, events.macroF1], [1, 0.5, 1]);
  assertEquals([segments.precision, segments.recall], [1, 0.5]);
});

Deno.test("a second event for the same sound is wrong, and the tolerance counts as it is said", () => {
  const evaluator = evaluatorOf(["a"]);
  const truth = [annotationOf([10, 12, "a"])];
  evaluator.add({ truth, predicted: [eventOf([9.5, 11, "a"]), eventOf([10.5, 13, "a"])] });
  evaluator.add({ truth, predicted: [eventOf([10.51, 11, "a"])] });
  const { events } = evaluator.build();
  assertEquals([events.precision, events.recall], [1 / 3, 0.5]);
});

Deno.test("intervals draw recordings whole: of one recording, or one group, nothing can be said", () => {
  const add = (evaluator: EventEvaluator, group?: string) => {
    for (let i = 0; i < 6; i++) {
      const truth = [annotationOf([1, 2, "a"]), annotationOf([5, 6, "a"])];
      const predicted = i % 2 === 0
        ? [eventOf([1, 2, "a"])]
        : [eventOf([1, 2, "a"]), eventOf([5, 6, "a"])];
      evaluator.add({ truth, predicted, group });
    }
    return evaluator.build().intervals;
  };
  const alone = add(evaluatorOf(["a"]));
  assert(alone.f1 && alone.macroF1 && alone.meanAveragePrecision);
  assertEquals(add(evaluatorOf(["a"])), alone, "the same seed, the same interval");
  assertStrictEquals(add(evaluatorOf(["a"]), "one place").f1, null);
});
