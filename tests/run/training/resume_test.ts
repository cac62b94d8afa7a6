/** A run that is stopped and resumed ends as one that never was. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { createEngine } from "../../../model/create_engine.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { openCacheFolder } from "../../../pipeline/cache/cache_folder.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { readModel } from "../../../run/run_folder.ts";
import { RunError } from "../../../run/run_error.ts";
import { train } from "../../../run/training/train.ts";
import { Interrupted, type TrainOptions } from "../../../run/training/train_options.ts";
import type { TrainEvent } from "../../../run/training/train_events.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";
import { toneOptions } from "./tone_options.ts";

/** What a run leaves that does not depend on the clock. */
async function traceOf(dir: string) {
  const { weights, card } = await readModel(dir);
  const validation = await Deno.readTextFile(`${dir}/validation.csv`);
  const history = (await Deno.readTextFile(`${dir}/history.csv`)).split("\n")
    // Sums of losses are read at other steps in a run of many parts: they round differently.
    .map((line) => line.split(",").slice(0, 7).map((x) => Number(x).toPrecision(10)));
  const last = await Deno.readFile(`${dir}/last/weights.bin`);
  const moments = await Deno.readFile(`${dir}/last/moments.bin`);
  return { weights, card, validation, history, last, moments };
}

Deno.test("a run that is asked to stop at any step resumes bit for bit", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 7);
    await Deno.writeTextFile(`${dir}/data/train/low/broken.wav`, "no sound");
    // Epochs of two passes, so that it is stopped in a later one too.
    const optionsFor = async (out: string) => {
      const options = await toneOptions(dir, out, 4);
      return { ...options, recipe: { ...options.recipe, steps: 52 } };
    };
    const { passes } = await train(await optionsFor("whole"));
    assertStrictEquals(passes, 2);
    const whole = await traceOf(`${dir}/whole`);

    // With a cache, which must not change a bit.
    const cache = openCacheFolder(`${dir}/cache`, 1e9);
    const options = { ...await optionsFor("parts"), cache };
    const random = createRandom("stops");
    let sittings = 0, mode: TrainOptions["mode"] = "new";
    for (let ended = false; !ended; sittings++) {
      const abort = new AbortController();
      // Asked in the middle of an epoch, at its end, or a little later: while it validates.
      let steps = 1 + random.integer(14);
      const onEvent = (event: TrainEvent) => {
        if (event.kind === "progress" && --steps === 0) {
          setTimeout(() => abort.abort(), 2 * random.integer(5));
        }
      };
      try {
        await train({ ...options, mode, saveMinutes: 0, signal: abort.signal, onEvent });
        ended = true;
      } catch (error) {
        assert(error instanceof Interrupted, `${error}`);
        assertStrictEquals(error.resumable, options.out);
      }
      mode = "resume";
    }
    assert(sittings >= 4, `it was stopped ${sittings - 1} times`);
    assertSameBits(await traceOf(`${dir}/parts`), whole);
  }));

/** @param kill Where it kills itself: see `tone_run.ts`. */
function startToneRun(dir: string, ...kill: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", new URL("./tone_run.ts", import.meta.url).pathname, dir, ...kill],
    stdout: "piped",
  }).spawn();
}

/** Operations on files before which a run is killed: each leaves the folder in another way. */
const killPoints = [
  ...[/writeSync/, /rename .*config\.json$/, /tryLock/, /mkdir \S+last\.new/], // in its first sitting
  ...[/rename \S+best_model\.new/, /rename \S+best_model\.next/, /rename .*validation\.csv$/],
  ...[/rename .*history\.csv$/, /rename \S+last\.new/, /rename \S+last \S+last\.old$/],
  ...[/rename \S+last\.next \S+last$/, /remove \S+last\.old/],
];
/** The same at its end. */
const lastKillPoints = [/rename .*metrics\.json$/, /rename .*report\.html$/];

Deno.test("a process killed at any moment resumes bit for bit from its last whole state", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 7);
    await train(await toneOptions(dir, "whole", 12));
    const whole = await traceOf(`${dir}/whole`);

    const killed = async (child: Deno.ChildProcess, where: string | RegExp) => {
      await child.stdout.cancel();
      assertStrictEquals((await child.status).signal, "SIGKILL", `${where}`);
    };
    for (const point of killPoints) await killed(startToneRun(dir, point.source, "1"), point);
    const random = createRandom("kills");
    for (let kills = 0; kills < 5; kills++) {
      const count = 1 + random.integer(60);
      await killed(startToneRun(dir, ".", `${count}`), `operation ${count}`);
    }
    for (let kills = 0; kills < 5; kills++) {
      const child = startToneRun(dir);
      // It says every step that is done; the kill comes within the next one, or while its state is saved.
      const reader = child.stdout.getReader();
      for (let lines = random.integer(3); lines >= 0; lines--) {
        assert(!(await reader.read()).done, "it ended before it was killed");
      }
      await new Promise((resolve) => setTimeout(resolve, random.integer(30)));
      child.kill("SIGKILL");
      reader.releaseLock();
      await killed(child, "some time");
    }
    for (const point of lastKillPoints) await killed(startToneRun(dir, point.source, "1"), point);
    const child = startToneRun(dir);
    await child.stdout.cancel();
    assert((await child.status).success);
    assertSameBits(await traceOf(`${dir}/killed`), whole);
    const names = (run: string) => [...Deno.readDirSync(`${dir}/${run}`)].map(({ name }) => name);
    assertEquals(names("killed").sort(), names("whole").sort(), "nothing is left of the kills");
  }));

Deno.test("an engine that fails on the way costs what was not saved, and the error says what is saved", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 7);
    await train(await toneOptions(dir, "whole", 4));
    const options = await toneOptions(dir, "lost", 4);
    let steps = 0;
    const failing: typeof createEngine = async (network, engineOptions) => {
      const chosen = await createEngine(network, engineOptions), { engine } = chosen;
      const step = engine.step.bind(engine);
      engine.step = (...args) => {
        if (++steps === 9) throw new Error("Cannot go on as the device was lost");
        return step(...args);
      };
      return chosen;
    };
    const error = await assertRejects(() => train({ ...options, createEngine: failing }), RunError);
    assertMatch(error.message, /device was lost \(the run is saved as of [\d:]+\)$/);
    assertStrictEquals(error.resumable, options.out);
    await train({ ...options, mode: "resume" });
    assertSameBits(await traceOf(`${dir}/lost`), await traceOf(`${dir}/whole`));
  }));

Deno.test("only a stopped run is resumed, and only on what it began with", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 5);
    const options = await toneOptions(dir, "run", 4);
    await assertRejects(() => train({ ...options, mode: "resume" }), RunError);
    const abort = new AbortController();
    const stopAfterFirstEpoch = (event: TrainEvent) => event.kind === "epoch" && abort.abort();
    const stopped = train({ ...options, signal: abort.signal, onEvent: stopAfterFirstEpoch });
    await assertRejects(() => stopped, Interrupted);

    const again: TrainOptions = { ...options, mode: "resume" };
    const other = { ...again, recipe: { ...options.recipe, learningRate: 0.1 } };
    await assertFails(train(other), /its recipe must be as they were/);
    const half = { ...again, precision: "float16", backend: "webgpu" } as const;
    await assertFails(train(half), /its precision must be as/);
    await assertFails(train({ ...again, crop: "start" }), /its crop must be as/);
    await assertFails(train({ ...again, specAugment: false }), /its specAugment must be as/);
    await assertFails(
      train({ ...again, background: `${dir}/data/test/high` }),
      /its background must be as/,
    );
    await Deno.copyFile(`${dir}/data/train/low/1.wav`, `${dir}/data/train/low/new.wav`);
    const grown = { ...again, dataset: await openFolder(`${dir}/data`) };
    await assertFails(train(grown), /its recordings must be as they were/);

    const state = await Deno.readTextFile(`${dir}/run/last/state.json`);
    await Deno.writeTextFile(`${dir}/run/last/state.json`, state.slice(0, 20));
    await assertFails(train(again), /Cannot go on from .*last\/state\.json as its checksum/);
    await Deno.writeTextFile(`${dir}/run/last/state.json`, state);
    await train(again);
    await assertFails(train(again), /it has ended/);
  }));
