import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { cutAnnotatedWindows } from "../../pipeline/annotated_windows.ts";
import { type Annotation, sortAnnotations } from "../../pipeline/annotation.ts";

/** Annotations of a recording at 10 samples a second: `from-to label`, in samples. */
function annotationsOf(...words: string[]): Annotation[] {
  return sortAnnotations(words.map((word) => {
    const [, from, to, label] = /^(\d+)-(\d+) (.*)$/.exec(word)!;
    return { startSeconds: Number(from) / 10, endSeconds: Number(to) / 10, label };
  }));
}

/** Windows of 50 samples in words: `start labels`. */
function windowsOf(
  annotations: readonly Annotation[],
  totalSamples: number | undefined,
  { hop = 50, minOverlap = 0.5, backgroundClass = undefined as string | undefined } = {},
): string[] {
  const windowing = { length: 50, hop, sampleRateHz: 10 };
  return cutAnnotatedWindows(annotations, totalSamples, { windowing, minOverlap, backgroundClass })
    .windows.map(({ start, labels }) => `${start} ${labels.join("+")}`);
}

Deno.test("a short annotation is the middle of its window, within the recording", () => {
  assertEquals(windowsOf(annotationsOf("100-110 a"), 300), ["80 a"]);
  assertEquals(windowsOf(annotationsOf("3-9 a", "290-299 b"), 300), ["0 a", "250 b"]);
  assertEquals(windowsOf(annotationsOf("3-9 a"), 30), ["0 a"], "the recording is shorter");
  assertEquals(windowsOf(annotationsOf("290-299 a"), undefined), ["270 a"], "of unknown length");
  assertEquals(windowsOf(annotationsOf("100-100 a"), 300), ["75 a"], "a moment");
});

Deno.test("with a shorter hop a short annotation is in other places of other windows too", () => {
  const short = annotationsOf("100-110 a");
  assertEquals(windowsOf(short, 300, { hop: 20 }), ["60 a", "80 a", "100 a"]);
  assertEquals(windowsOf(short, 300, { hop: 10, minOverlap: 1 }), [
    ...["60 a", "70 a", "80 a", "90 a", "100 a"],
  ]);
  assertEquals(windowsOf(annotationsOf("3-9 a"), 300, { hop: 20 }), ["0 a"]);
});

Deno.test("a long annotation has windows a hop apart, and one that ends with it", () => {
  assertEquals(windowsOf(annotationsOf("100-200 a"), 300), ["100 a", "150 a"]);
  assertEquals(windowsOf(annotationsOf("100-220 a"), 300), ["100 a", "150 a", "170 a"]);
  assertEquals(windowsOf(annotationsOf("100-200 a"), 300, { hop: 25 }), [
    "100 a",
    "125 a",
    "150 a",
  ]);
  assertEquals(windowsOf(annotationsOf("240-400 a"), 300), ["240 a", "250 a"], "cut at the end");
});

Deno.test("a window has every label of which enough is in it; no annotation is left without", () => {
  const song = annotationsOf("100-200 song", "140-160 call");
  assertEquals(windowsOf(song, 300), ["100 call+song", "150 call+song"], "half of it in each");
  assertEquals(windowsOf(song, 300, { minOverlap: 0.6 }), [
    "100 song",
    "125 call+song",
    "150 song",
  ], "the call has a window of its own");
  const chain = annotationsOf("100-160 a", "155-215 b");
  assertEquals(windowsOf(chain, 300), ["100 a", "150 b", "165 b"]);
  const { windows, numUndecided } = cutAnnotatedWindows(chain, 300, {
    windowing: { length: 50, hop: 50, sampleRateHz: 10 },
    minOverlap: 0.95,
  });
  assertEquals(windows.map(({ start }) => start), [100, 165], "150 has too little of either");
  assertStrictEquals(numUndecided, 1);
});

Deno.test("what is not annotated is background, in whole windows", () => {
  const backgroundClass = "noise", annotations = annotationsOf("120-130 a", "160-170 b");
  assertEquals(windowsOf(annotations, 330, { backgroundClass }), [
    ...["0 noise", "50 noise", "100 a", "140 b", "170 noise", "220 noise", "270 noise"],
  ]);
  assertEquals(windowsOf(annotations, undefined, { backgroundClass }), [
    ...["0 noise", "50 noise", "100 a", "140 b"],
  ]);
  assertEquals(windowsOf([], 120, { backgroundClass }), ["0 noise", "50 noise"]);
  assertEquals(windowsOf([], 20, { backgroundClass }), ["0 noise"], "one padded window");
  assertEquals(windowsOf([], 120), []);
  const moments = annotationsOf("0-0 a", "100-100 b");
  assertEquals(windowsOf(moments, 160, { backgroundClass }), [
    ...["0 a", "1 noise", "75 b", "101 noise"],
  ], "a moment is in no window beside it");
});

Deno.test("windows hold what is promised of them, whatever is annotated", () => {
  const annotation = fc.record({
    from: fc.nat(900),
    length: fc.nat(200),
    label: fc.constantFrom("a", "b", "c"),
  });
  const choices = fc.record({
    annotated: fc.array(annotation, { maxLength: 30 }),
    total: fc.option(fc.integer({ min: 901, max: 1100 }), { nil: undefined }),
    hop: fc.integer({ min: 1, max: 80 }),
    minOverlap: fc.double({ min: 0.01, max: 1, noNaN: true }),
  });
  fc.assert(fc.property(choices, ({ annotated, total, hop, minOverlap }) => {
    const annotations = sortAnnotations(annotated.map(({ from, length, label }) => ({
      startSeconds: from / 10,
      endSeconds: (from + length) / 10,
      label,
    })));
    const { windows } = cutAnnotatedWindows(annotations, total, {
      windowing: { length: 50, hop, sampleRateHz: 10 },
      minOverlap,
      backgroundClass: "noise",
    });
    assert(windows.every(({ start }, i) => i === 0 || start > windows[i - 1].start), "in order");
    const samplesOf = ({ startSeconds, endSeconds }: Annotation) => {
      const from = Math.round(10 * startSeconds);
      return { from, to: Math.min(Math.round(10 * endSeconds), total ?? Infinity) };
    };
    const sharedOf = (annotation: Annotation, start: number) => {
      const { from, to } = samplesOf(annotation);
      return Math.min(to, start + 50) - Math.max(from, start);
    };
    const takes = (annotation: Annotation, start: number) => {
      const { from, to } = samplesOf(annotation);
      return sharedOf(annotation, start) >= minOverlap * Math.min(50, to - from);
    };
    for (const { start, labels } of windows) {
      assert(Number.isInteger(start) && start >= 0 && start + 50 <= (total ?? Infinity));
      if (labels.includes("noise")) {
        assertEquals(labels, ["noise"]);
        assert(annotations.every((annotation) => sharedOf(annotation, start) <= 0));
        continue;
      }
      const taken = annotations.filter((annotation) => takes(annotation, start));
      assertEquals(labels, [...new Set(taken.map(({ label }) => label))].sort());
    }
    for (const annotation of annotations) {
      const isHeard = windows.some(({ start, labels }) =>
        labels.includes(annotation.label) && takes(annotation, start)
      );
      assert(isHeard, "every annotation is in a window that has its label");
    }
  }));
});
