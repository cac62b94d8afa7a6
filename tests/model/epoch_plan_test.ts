import { assert, assertEquals } from "@std/assert";
import { planEpochs, planRun } from "../../model/epoch_plan.ts";
import { defaultRecipe, saidOf } from "../../model/recipe.ts";

Deno.test("epochs that have the steps already are as the recipe says", () => {
  const plan = { epochs: 60, passes: 1, steps: 13, patience: 20 };
  assertEquals(planEpochs({ ...defaultRecipe, steps: 0 }, 100), plan);
  assertEquals(planEpochs({ ...defaultRecipe, steps: 750 }, 100), plan);
});

Deno.test("few clips: more epochs of a pass each, then epochs of several passes", () => {
  // 200 rows of a pass are 12.5 steps.
  assertEquals(planEpochs({ ...defaultRecipe, steps: 751 }, 100), {
    ...{ epochs: 61, passes: 1, steps: 13, patience: 20 },
  });
  assertEquals(planEpochs({ ...defaultRecipe, steps: 1400 }, 100), {
    ...{ epochs: 112, passes: 1, steps: 13, patience: 37 },
  });
  assertEquals(planEpochs({ ...defaultRecipe, steps: 4000 }, 100), {
    ...{ epochs: 64, passes: 5, steps: 63, patience: 21 },
  });
});

Deno.test("a thousand steps by default, however few the clips; who says epochs means those alone", () => {
  assertEquals(planEpochs(defaultRecipe, 100), { epochs: 80, passes: 1, steps: 13, patience: 27 });
  assertEquals(planEpochs({ ...defaultRecipe, ...saidOf({ epochs: 3 }) }, 100).epochs, 3);
  assertEquals(saidOf({ epochs: 3, steps: 50 }), { epochs: 3, steps: 50 });
  assertEquals(saidOf({ mixup: 0.2 }), { mixup: 0.2 });
});

Deno.test("however many clips, the steps are reached and not passed by more than an epoch", () => {
  for (const steps of [1, 100, 4000, 12_345]) {
    for (let numClips = 2; numClips < 3000; numClips += 7) {
      const recipe = { ...defaultRecipe, epochs: 20, patience: 5, steps };
      const plan = planEpochs(recipe, numClips), all = plan.epochs * plan.steps;
      assert(all >= steps, `${numClips} clips: ${all} steps`);
      assert(plan.epochs >= 20 && plan.epochs <= 40, `${numClips} clips: ${plan.epochs} epochs`);
      // The last batch of an epoch may be a part of one.
      const rest = all - plan.steps - plan.epochs;
      assert(plan.epochs === 20 && plan.passes === 1 || rest < steps, `${numClips}: ${all} steps`);
    }
  }
});

Deno.test("the last epochs are on all clips, in as many passes, where there are others", () => {
  const recipe = { ...defaultRecipe, steps: 4800 }, whole = planEpochs(recipe, 100);
  assertEquals(whole, { epochs: 64, passes: 6, steps: 75, patience: 21 });
  assertEquals(planRun(recipe, 100, 25), {
    plan: { ...whole, epochs: 51 },
    refit: { epochs: 13, passes: 6, steps: 94 },
  });
  assertEquals(planRun(recipe, 100, 0), { plan: whole });
  assertEquals(planRun({ ...recipe, refit: 0 }, 100, 25), { plan: whole });
  const epochsOf = (epochs: number, refit = 0.2) => {
    const { plan, refit: last } = planRun({ ...defaultRecipe, steps: 0, epochs, refit }, 100, 25);
    return [plan.epochs, last?.epochs];
  };
  assertEquals([1, 2, 3, 5, 20].map((epochs) => epochsOf(epochs)), [
    ...[[1, undefined], [2, undefined], [2, 1], [4, 1], [16, 4]],
  ]);
  assertEquals(epochsOf(2, 0.99), [1, 1]);
});
