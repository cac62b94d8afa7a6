import { assert, assertEquals, assertNotEquals, assertNotStrictEquals } from "@std/assert";
import fc from "fast-check";
import { createRandom, shuffle } from "../../pipeline/random.ts";
import { assertSameBits } from "../assert_same_bits.ts";

Deno.test("the same key gives the same numbers, another key others", () => {
  const draw = (...key: (string | number)[]) => {
    const random = createRandom(...key);
    return [random.next(), random.nextUint32(), random.normal(), random.integer(1000)];
  };
  assertSameBits(draw(1, 0, "a.wav", "augment"), draw(1, 0, "a.wav", "augment"));
  for (const other of [[2, 0, "a.wav", "augment"], [1, 1, "a.wav", "augment"], [1, 0, "b.wav"]]) {
    assertNotEquals(draw(1, 0, "a.wav", "augment"), draw(...other));
  }
});

Deno.test("parts of a key are not run together", () => {
  assertNotStrictEquals(createRandom(1, 23).next(), createRandom(12, 3).next());
  assertNotStrictEquals(createRandom("a", "b").next(), createRandom("ab").next());
  assertNotStrictEquals(createRandom(1).next(), createRandom("1").next());
});

Deno.test("the first numbers are pinned: a change would change every run", () => {
  const random = createRandom(1, 0, "a.wav", "augment");
  assertEquals([random.nextUint32(), random.nextUint32(), random.nextUint32()], [
    1357153442,
    3727295762,
    1645803121,
  ]);
});

Deno.test("uniform and normal draws have their mean and spread", () => {
  const random = createRandom("moments"), n = 20000;
  const moments = (draw: () => number) => {
    const values = Array.from({ length: n }, draw);
    const mean = values.reduce((a, b) => a + b) / n;
    return [mean, Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / n)];
  };
  const [uniformMean, uniformSpread] = moments(() => random.uniform(-1, 3));
  assert(Math.abs(uniformMean - 1) < 0.03 && Math.abs(uniformSpread - 4 / Math.sqrt(12)) < 0.03);
  const [normalMean, normalSpread] = moments(() => random.normal());
  assert(Math.abs(normalMean) < 0.03 && Math.abs(normalSpread - 1) < 0.03);
});

Deno.test("a shuffle keeps every item", () => {
  fc.assert(fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
    const shuffled = shuffle([...items], createRandom(seed));
    assertEquals(shuffled.toSorted(), items.toSorted());
  }));
});

Deno.test("a shuffle puts every item everywhere about equally often", () => {
  const counts = new Array(16).fill(0);
  for (let i = 0; i < 8000; i++) {
    const [a, b, c, d] = shuffle([0, 1, 2, 3], createRandom("even", i));
    for (const [place, item] of [a, b, c, d].entries()) counts[4 * place + item]++;
  }
  for (const count of counts) assert(Math.abs(count - 2000) < 200, `${counts}`);
});
