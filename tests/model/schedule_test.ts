import { assert } from "@std/assert";
import { cosineLearningRate } from "../../model/schedule.ts";

const near = (a: number, b: number) => assert(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);

Deno.test("half a cosine from the highest rate to the floor", () => {
  near(cosineLearningRate(0, { learningRate: 2 }), 2);
  near(cosineLearningRate(0.5, { learningRate: 2 }), 1);
  near(cosineLearningRate(1, { learningRate: 2 }), 0);
  near(cosineLearningRate(1, { learningRate: 2, floor: 0.1 }), 0.2);
  near(cosineLearningRate(1.5, { learningRate: 2 }), 0);
});

Deno.test("warm-up rises from 0 and meets the cosine's top", () => {
  const options = { learningRate: 1, warmup: 0.1 };
  near(cosineLearningRate(0, options), 0);
  near(cosineLearningRate(0.05, options), 0.5);
  near(cosineLearningRate(0.1, options), 1);
  near(cosineLearningRate(0.55, options), 0.5);
});
