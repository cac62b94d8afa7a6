import { assertEquals } from "@std/assert";
import { MemoryGuard } from "../../workers/memory_guard.ts";

Deno.test("clips under way are halved near the limit, one above it, and more again well below", () => {
  let resident = 200e6;
  const guard = new MemoryGuard({ limitBytes: 1e9, residentBytes: () => resident });
  guard.begin(12);
  const seen = (megabytes: number) => {
    resident = megabytes * 1e6;
    guard.look();
    return guard.atOnce;
  };
  assertEquals([500, 850, 950, 950, 950, 950].map(seen), [12, 12, 6, 3, 1, 1]);
  assertEquals([700, 850, 700, 700].map(seen), [2, 2, 3, 4]);
  assertEquals([1001, 700].map(seen), [1, 2]);
});

Deno.test("what is under way is blamed for what was not resident before it, and for nothing else", () => {
  let resident = 900e6;
  const guard = new MemoryGuard({ limitBytes: 1e9, residentBytes: () => resident });
  const seen = (megabytes: number) => {
    resident = megabytes * 1e6;
    guard.look();
    return [guard.isAbove, guard.isOwing, guard.isFarAbove];
  };
  guard.note();
  assertEquals(seen(1010), [true, false, false]); // little more than before
  assertEquals(seen(1200), [true, true, false]);
  assertEquals(seen(1600), [true, true, true]);
  guard.note(); // what an earlier one held is not free yet
  assertEquals(seen(1500), [true, false, false]);
  assertEquals(seen(600), [false, false, false]);
  assertEquals(seen(1100), [true, true, false]);
});

Deno.test("of many threads as many are started as leave half of the room to clips", () => {
  const guard = new MemoryGuard({ limitBytes: 1e9, residentBytes: () => 200e6 });
  assertEquals([1, 4, 64].map((most) => guard.threadsOf(most)), [1, 4, 10]);
});
