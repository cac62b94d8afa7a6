import { assertEquals } from "@std/assert";
import { countSegments, segmentsOf } from "../../../model/evaluation/segments.ts";

Deno.test("an event that begins and ends on segments reaches into no other, whatever their length", () => {
  const rate = 22050;
  for (const hop of [0.05, 0.1, 0.2, 0.25, 0.3, 1 / 3]) {
    const samples = Math.round(hop * rate);
    for (let i = 0; i < 2000; i++) {
      // As they are written: to the microsecond.
      const [startSeconds, endSeconds] = [i, i + 3].map((n) =>
        Math.round(n * samples / rate * 1e6) / 1e6
      );
      const event = { label: "a", startSeconds, endSeconds };
      assertEquals(segmentsOf([event], samples / rate), [[i, i + 3]], `${hop} s, ${i}`);
    }
  }
});

Deno.test("an event counts in every segment that it reaches into, several of one label once", () => {
  const at = (startSeconds: number, endSeconds: number) => ({
    label: "a",
    startSeconds,
    endSeconds,
  });
  const ranges = segmentsOf([at(0.1, 0.6), at(0.55, 1.01), at(3, 3)], 0.5);
  assertEquals([ranges, countSegments(ranges)], [[[0, 3]], 3]);
});
