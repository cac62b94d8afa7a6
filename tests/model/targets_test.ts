import { assert, assertStrictEquals } from "@std/assert";
import { mixUp, smoothTargets, targetsOf } from "../../model/targets.ts";
import { createRandom } from "../../pipeline/random.ts";
import { clipAt } from "../fixtures.ts";
import { assertSameBits } from "../assert_same_bits.ts";

Deno.test("label smoothing spreads its share over all classes", () => {
  const targets = smoothTargets([[2], [0]], { numClasses: 4, activation: "softmax" }, 0.2);
  const expected = [0.05, 0.05, 0.85, 0.05, 0.85, 0.05, 0.05, 0.05];
  targets.forEach((value, i) => assert(Math.abs(value - expected[i]) < 1e-7));
});

Deno.test("the targets of a mix are those of both clips in its ratio", () => {
  const classes = new Map([["a", 0], ["b", 1], ["c", 2]]);
  const clip = (...labels: string[]) => clipAt(labels.join(), { labels });
  const requests = [
    { clip: clip("a"), epoch: 0, copy: 0 },
    { clip: clip("b"), epoch: 0, copy: 1, mix: { clip: clip("c"), ratio: 0.25 } },
  ];
  const softmax = { numClasses: 3, activation: "softmax" } as const;
  const near = (seen: Float32Array, wanted: number[]) =>
    wanted.forEach((value, i) => assert(Math.abs(seen[i] - value) < 1e-7, `${seen}`));
  near(targetsOf(requests, classes, softmax, 0), [1, 0, 0, 0, 0.25, 0.75]);
  near(targetsOf(requests, classes, softmax, 0.3), [0.8, 0.1, 0.1, 0.1, 0.275, 0.625]);
  const several = [{
    ...requests[0],
    clip: clip("a", "b"),
    mix: { clip: clip(), ratio: 0.6 },
  }];
  near(targetsOf(several, classes, { numClasses: 3, activation: "sigmoid" }, 0), [0.6, 0.6, 0]);
});

/** Examples that are recognised after mixing: example i is [i, i, i] with target class i. */
function numberedBatch(batch: number) {
  const inputs = Float32Array.from({ length: 3 * batch }, (_, i) => Math.floor(i / 3));
  const targets = smoothTargets(Array.from({ length: batch }, (_, i) => [i]), {
    numClasses: batch,
    activation: "softmax",
  }, 0);
  return { inputs, targets };
}

Deno.test("MixUp mixes inputs and targets by the same λ with one partner that is another example", () => {
  for (let seed = 0; seed < 50; seed++) {
    const batch = 2 + seed % 7;
    const { inputs, targets } = numberedBatch(batch);
    const lambda = mixUp(inputs, targets, batch, 0.4, createRandom(seed));
    assert(lambda >= 0.5 && lambda <= 1);
    const partners = new Set<number>();
    for (let example = 0; example < batch; example++) {
      const row = [...targets.subarray(example * batch, (example + 1) * batch)];
      assert(Math.abs(row[example] - lambda) < 1e-6);
      const partner = row.findIndex((share, i) => i !== example && share > 0);
      if (lambda === 1) continue;
      assert(Math.abs(row[partner] - (1 - lambda)) < 1e-6);
      partners.add(partner);
      const mixed = lambda * example + (1 - lambda) * partner;
      for (let k = 0; k < 3; k++) assert(Math.abs(inputs[3 * example + k] - mixed) < 1e-5);
    }
    if (lambda < 1) assertStrictEquals(partners.size, batch, "every example is somebody's partner");
  }
});

Deno.test("λ follows Beta(α, α) folded at one half", () => {
  for (const alpha of [0.2, 1, 4]) {
    const draws = Array.from({ length: 4000 }, (_, i) => {
      const { inputs, targets } = numberedBatch(2);
      return mixUp(inputs, targets, 2, alpha, createRandom("beta", alpha, i));
    });
    // Var of Beta(α, α) is 1 / (4 (2α + 1)); folding at its mean keeps E[(λ − ½)²].
    const spread = draws.reduce((sum, x) => sum + (x - 0.5) ** 2, 0) / draws.length;
    assert(Math.abs(spread - 1 / (4 * (2 * alpha + 1))) < 0.008, `α ${alpha}: ${spread}`);
  }
});

Deno.test("MixUp of one example leaves it as it is", () => {
  const inputs = Float32Array.of(1, 2, 3), targets = Float32Array.of(0, 1);
  mixUp(inputs, targets, 1, 0.4, createRandom(1));
  assertSameBits(inputs, Float32Array.of(1, 2, 3));
  assert(Math.abs(targets[1] - 1) < 1e-6);
});
