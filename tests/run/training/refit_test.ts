/** What follows on all clips, once the epoch that is kept is chosen: `--refit`. */
import { assert, assertEquals, assertNotEquals, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { createEngine } from "../../../model/create_engine.ts";
import type { OptimizerState } from "../../../model/engine.ts";
import { decodeModel } from "../../../model/saved_model.ts";
import type { Weight } from "../../../model/weights.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { readModel } from "../../../run/run_folder.ts";
import { train } from "../../../run/training/train.ts";
import type { TrainEvent } from "../../../run/training/train_events.ts";
import type { TrainOptions } from "../../../run/training/train_options.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { withFolder, writeTone, writeToneDataset } from "../../fixtures.ts";
import { toneOptions } from "./tone_options.ts";

Deno.test("the kept model learns from all clips at last, and its figures are those from before", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 7);
    const optionsFor = async (
      out: string,
      epochs: number,
      refit: number,
      more: Partial<TrainOptions> = {},
    ) => {
      const options = await toneOptions(dir, out, epochs), recipe = { ...options.recipe, refit };
      return { ...options, ...more, recipe };
    };
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => events.push(event);
    const without = await train(await optionsFor("without", 4, 0));
    const { refit, epochs, ...result } = await train(
      await optionsFor("with", 6, 0.33, { onEvent }),
    );
    assertEquals([without.refit, without.epochs], [null, 4]);
    // Two epochs of six, on fourteen clips and not twelve.
    assertEquals([refit, epochs], [{ clips: 14, epochs: 2 }, 6]);
    assertEquals([result.best, result.bestEpoch], [without.best, without.bestEpoch]);
    const [before, after] = [await readModel(`${dir}/without`), await readModel(`${dir}/with`)];
    assertEquals([before.card.refitClips, after.card.refitClips], [undefined, 14]);
    const { refitClips: _, golden, ...card } = after.card,
      { golden: earlier, ...kept } = before.card;
    assertEquals(card, kept);
    assertNotEquals(golden.probabilities, earlier.probabilities);
    const read = (name: string) =>
      Promise.all(["without", "with"].map((run) => Deno.readTextFile(`${dir}/${run}/${name}`)));
    const [validated, validatedToo] = await read("validation.csv");
    assertStrictEquals(validatedToo, validated);

    const rows = parse((await read("history.csv"))[1], { skipFirstRow: true });
    assertEquals(rows.map(({ epoch }) => Number(epoch)), [1, 2, 3, 4, 5, 6]);
    assertEquals(rows.map(({ validationLoss }) => validationLoss !== ""), [
      ...[true, true, true, true],
      ...[false, false],
    ]);
    const rates = rows.map(({ learningRate }) => Number(learningRate));
    assert(rates[3] < rates[4] && rates[5] < rates[4] && rates[4] <= 0.0005, `${rates}`);
    const told = events.flatMap((event) => event.kind === "epoch" ? [event.row.epoch] : []);
    assertEquals(told, [1, 2, 3, 4, 5, 6]);
    const start = events.find((event) => event.kind === "start")!.start;
    assertEquals([start.plan.epochs, start.refit?.epochs, start.refit?.steps], [4, 2, 7]);

    const page = await Deno.readTextFile(`${dir}/with/report.html`);
    assert(page.includes("From epoch 5 on the model learned from all 14 clips"), "that is told");

    // Who builds on it has nothing left to validate on that it has not seen.
    const own = { init: `${dir}/with`, crop: "start" } as const;
    const notes: string[] = [];
    await train({
      ...await optionsFor("next", 4, 0, own),
      onEvent: (event) => event.kind === "start" && notes.push(...event.start.notes),
    });
    assert(
      notes.some((note) =>
        /trained on 2 of the 2 clips to validate on.*--refit 0, it leaves some/.test(note)
      ),
      `${notes}`,
    );
  }));

Deno.test("where nothing is validated, all clips are trained on already", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    const options = await toneOptions(dir, "run", 2);
    const { refit, epochs } = await train({ ...options, validationSplit: 0 });
    assertEquals([refit, epochs], [null, 2]);
    const { card } = await readModel(`${dir}/run`);
    assertSameBits(card.refitClips, undefined);
  }));

/** The weights that a run keeps at this moment. */
function keptIn(dir: string): readonly Weight[] {
  const modelJson = Deno.readTextFileSync(`${dir}/best_model/model.json`);
  return decodeModel({ modelJson, weightsBin: Deno.readFileSync(`${dir}/best_model/weights.bin`) })
    .weights;
}

Deno.test("the kept weights go on, not the last ones, with an optimizer that knows nothing", () =>
  withFolder(async (dir) => {
    // What is validated on says the opposite of what is trained on: an early epoch is kept.
    for (const [set, names] of [["train", ["low", "high"]], ["val", ["high", "low"]]] as const) {
      for (const [i, name] of names.entries()) {
        for (let clip = 0; clip < 6; clip++) {
          await writeTone(`${dir}/data/${set}/${name}/${clip}.wav`, [300, 1500][i], set + i + clip);
        }
      }
    }
    const dataset = await openDataset({ dir: `${dir}/data` });
    const options = await toneOptions(dir, "run", 20);
    const recipe = { ...options.recipe, patience: 3, mixup: 0, averageDecay: 0 };
    let isOver = false;
    const taken: { weights?: readonly Weight[]; optimizer?: OptimizerState } = {};
    const watched: typeof createEngine = async (network, engineOptions) => {
      const chosen = await createEngine(network, engineOptions), { engine } = chosen;
      const { importWeights, importOptimizer } = engine;
      engine.importWeights = (weights) => {
        if (isOver) taken.weights ??= structuredClone(weights);
        return importWeights.call(engine, weights);
      };
      engine.importOptimizer = (state) => {
        if (isOver) taken.optimizer ??= structuredClone(state);
        return importOptimizer.call(engine, state);
      };
      return chosen;
    };
    let kept: readonly Weight[] = [];
    const { bestEpoch, epochs, refit } = await train({
      ...{ ...options, dataset, recipe, background: undefined, createEngine: watched },
      onEvent(event) {
        if (event.kind !== "epoch") return;
        isOver = !event.isRefit;
        if (event.isRefit && kept.length === 0) kept = keptIn(options.out);
      },
    });
    assert(epochs - refit!.epochs > bestEpoch, "an earlier epoch than the last is kept");
    assertSameBits(taken.weights!.map(({ values }) => values), kept.map(({ values }) => values));
    const { steps, firstMoments, secondMoments } = taken.optimizer!;
    assertStrictEquals(steps, 0);
    const moments = [...firstMoments, ...secondMoments].flatMap(({ values }) => [...values]);
    assert(moments.every((moment) => moment === 0));
  }));
