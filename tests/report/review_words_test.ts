import { assert, assertEquals } from "@std/assert";
import { parse } from "../../deps/std_csv.ts";
import fc from "fast-check";
import { addressOf, formatTime, tableText, timeMarks } from "../../report/review_words.js";

Deno.test("times are hours, minutes and seconds to a hundredth", () => {
  assertEquals([0, 0.29, 59.999, 61.5, 3725.05, 36_000].map(formatTime), [
    ...["0:00.00", "0:00.29", "0:59.99", "1:01.50", "1:02:05.05", "10:00:00.00"],
  ]);
});

Deno.test("an axis of any length has a few round times, the last one within", () => {
  for (const seconds of [0.1, 0.5, 1, 2.5, 7, 32, 180]) {
    const marks = timeMarks(seconds);
    assert(marks.length >= 2 && marks.length <= 6, `${seconds} s: ${marks}`);
    assert(marks[0] === 0 && marks.at(-1)! < seconds);
  }
});

Deno.test("names lead to their files whatever is in them; tables are read as they were written", () => {
  assertEquals(addressOf("clips/a#b/50%?.wav"), "clips/a%23b/50%25%3F.wav");
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.nat()), { minLength: 1, maxLength: 5 }),
    (rows) => {
      const texts = rows.map((row) => row.map(String));
      assertEquals(parse(tableText([["a", "b"], ...rows])), [["a", "b"], ...texts]);
    },
  ));
});
