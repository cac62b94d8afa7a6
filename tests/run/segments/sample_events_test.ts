/** Which events are drawn for review, and what their clips are called. */
import { assert, assertEquals, assertNotEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { EventSampler } from "../../../run/segments/sample_events.ts";
import { safeName, SegmentNames } from "../../../run/segments/segment_names.ts";
import { assertFails } from "../../assert_failure.ts";

const event = (label: string, probability: number, start = 0) => ({
  ...{ filename: "a.wav", start, end: start + 1, label, probability },
});

function sample(events: readonly ReturnType<typeof event>[], seed = 1, perBin = 3, bins = 5) {
  const sampler = new EventSampler({ bins, perBin, seed });
  for (const each of events) sampler.add(each);
  return { drawn: sampler.take(), counts: sampler.counts };
}

Deno.test("of every label and range of scores there are all events, or as many as asked for", () => {
  const label = fc.constantFrom("a", "b", "c");
  const probability = fc.float({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(
    fc.array(fc.tuple(label, probability), { maxLength: 200 }),
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 1, max: 5 }),
    (pairs, bins, perBin) => {
      const events = pairs.map(([label, p], i) => event(label, p, i));
      const { drawn, counts } = sample(events, 1, perBin, bins);
      assertStrictEquals(new Set(drawn.map(({ start }) => start)).size, drawn.length);
      for (const { bin, ...rest } of drawn) {
        assertEquals(events[rest.start], rest);
        assert(rest.probability >= bin / bins - 1e-9, "not below its range");
        assert(rest.probability <= (bin + 1) / bins + 1e-9, "not above its range");
      }
      assertStrictEquals([...counts.values()].flat().reduce((a, b) => a + b, 0), events.length);
      for (const [label, all] of counts) {
        const kept = drawn.filter((event) => event.label === label);
        assertEquals(
          all.map((_, bin) => kept.filter((event) => event.bin === bin).length),
          all.map((count) => Math.min(count, perBin)),
        );
      }
    },
  ));
});

Deno.test("every event of a range has the same chance, wherever it stands in the file", () => {
  const events = Array.from({ length: 20 }, (_, i) => event("a", 0.5, i));
  const times = new Array(20).fill(0), numDraws = 2000;
  for (let seed = 0; seed < numDraws; seed++) {
    for (const { start } of sample(events, seed, 5).drawn) times[start]++;
  }
  // Binomial, n 2000, p 1/4: a standard deviation of 19.4; 20 places.
  for (const count of times) assert(Math.abs(count - numDraws / 4) < 5 * 19.4, `${times}`);
});

Deno.test("a seed draws the same again, a label the same whatever others there are", () => {
  const events = Array.from({ length: 100 }, (_, i) => event(i % 3 ? "a" : "b", i / 100, i));
  assertEquals(sample(events), sample(events));
  assertNotEquals(sample(events, 2).drawn, sample(events).drawn);
  const ofA = (all: typeof events) => sample(all).drawn.filter(({ label }) => label === "a");
  assertEquals(ofA(events.filter(({ label }) => label === "a")), ofA(events));
});

Deno.test("more labels than anyone has are refused", () => {
  const events = Array.from({ length: 10_001 }, (_, i) => event(`${i}`, 0.5));
  assertFails(() => sample(events), /must have at most 10000 labels/);
});

Deno.test("names are safe on every file system", () => {
  const names: Record<string, string> = {
    "dog": "dog",
    "../../etc/passwd": "_.._.._etc_passwd",
    "..": "_",
    "": "_",
    'a/b\\c:d*e?f"g<h>i|j': "a_b_c_d_e_f_g_h_i_j",
    "a\n\u202eb\0": "a__b_",
    " x. ": "x",
    "CON": "_CON",
    "nul.wav": "_nul.wav",
    "__MACOSX": "___MACOSX",
    ".hidden": "_.hidden",
    "e\u0301": "é",
    "\ud800": "\ufffd",
  };
  assertEquals(Object.keys(names).map(safeName), Object.values(names));
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
    const safe = safeName(name), bytes = new TextEncoder().encode(safe).length;
    assert(bytes > 0 && bytes <= 101, `${bytes}`);
    assert(!/[/\\:\p{Cc}]|^\.|[. ]$/u.test(safe), JSON.stringify(safe));
  }));
});

Deno.test("no two segments have one path, where letter case does not count either", () => {
  const names = new SegmentNames();
  const paths = [
    ...[["dog", "a/b.wav"], ["dog", "a_b.flac"], ["DOG", "a/b.wav"], ["d:g", "x"], ["d?g", "x"]],
  ].map(([label, filename]) => names.next(label, filename, 1.5));
  assertEquals(paths, [
    ...["dog/a_b_1.500s", "dog/a_b_1.500s-2", "DOG-2/a_b_1.500s", "d_g/x_1.500s", "d_g-2/x_1.500s"],
  ]);
});
