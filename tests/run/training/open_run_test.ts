/** A run's folder has one owner, and what goes wrong with it is one line. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { RunError } from "../../../run/run_error.ts";
import { createRunFolder } from "../../../run/run_folder.ts";
import { train } from "../../../run/training/train.ts";
import type { TrainEvent } from "../../../run/training/train_events.ts";
import { Interrupted, type TrainOptions } from "../../../run/training/train_options.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";
import { toneOptions } from "./tone_options.ts";

const namesIn = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

/** Expects an error of one line that has these words. */
async function assertRefused(action: Promise<unknown>, words: RegExp): Promise<void> {
  const error = await assertRejects(() => action, RunError);
  assertMatch(error.message, words);
  assert(!error.message.includes("\n"));
}

/** Begins a run and does something in its first epoch's steps; the run has three. */
async function trainWith(
  options: TrainOptions,
  act: (epoch: number) => void | Promise<void>,
): Promise<void> {
  let acting: void | Promise<void>;
  await train({
    ...options,
    saveMinutes: 0,
    onEvent: (event) => {
      if (event.kind === "progress") acting = act(event.epoch);
    },
  }).finally(() => acting);
}

Deno.test("runs that begin in the same second get a folder each", () =>
  withFolder(async (dir) => {
    const now = new Date("2026-11-28T08:00:00.5Z"), runs = `${dir}/runs`;
    const dirs = await Promise.all(Array.from({ length: 20 }, () => createRunFolder(runs, now)));
    assertStrictEquals(new Set(dirs).size, 20);
    assert(dirs.includes(`${runs}/2026-11-28T08-00-00`));
    assert(dirs.includes(`${runs}/2026-11-28T08-00-00-20`));
  }));

Deno.test("a second run in the same folder, begun or gone on with, is told who has it", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const options = await toneOptions(dir, "run", 2);
    const refused: unknown[] = [];
    await trainWith(options, async () => {
      if (refused.push(0) > 1) return;
      for (const mode of ["new", "resume"] as const) {
        await assertRefused(
          train({ ...options, mode }),
          /^Cannot write to \S+run as it must have one writer at a time: it is in use by/,
        );
      }
    });
    assert(refused.length > 0);
    assert(!namesIn(options.out).includes(".lock"));
  }));

Deno.test("a run whose folder is deleted or replaced under it ends, and writes nothing there", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    for (const replaced of [false, true]) {
      const options = await toneOptions(dir, `run ${replaced}`, 3);
      const deleted = trainWith(options, async (epoch) => {
        if (epoch !== 2) return;
        await Deno.remove(options.out, { recursive: true }).catch(() => {});
        if (replaced) await Deno.mkdir(options.out, { recursive: true });
      });
      await assertRefused(deleted, /^Cannot (go on in|write) \S+run (true|false)/);
      if (replaced) assertEquals(namesIn(options.out), []);
      else await assertRejects(() => Deno.stat(options.out), Deno.errors.NotFound);
    }
  }));

Deno.test("a run that ended without its report is gone on with to make it, once", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const options = await toneOptions(dir, "run", 1);
    const result = await train(options), { out } = options;
    for (const lost of [["report.html"], ["report.html", "metrics.json"]]) {
      const before = namesIn(out);
      for (const name of lost) await Deno.remove(`${out}/${name}`);
      const events: TrainEvent[] = [];
      const again = await train({ ...options, mode: "resume", onEvent: (e) => events.push(e) });
      assert(!events.some(({ kind }) => kind === "progress"), "nothing is trained again");
      assertEquals({ ...again, seconds: 0 }, { ...result, seconds: 0 });
      assertEquals(namesIn(out), before);
    }
    await assertRefused(train({ ...options, mode: "resume" }), /it has ended/);
  }));

/** Mounts a small disk; undefined where that is not allowed. */
async function mountDisk(dir: string): Promise<boolean> {
  await Deno.mkdir(dir);
  try {
    const args = ["-t", "tmpfs", "-o", "size=32m", "tmpfs", dir];
    return (await new Deno.Command("mount", { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

const canMount = await (async () => {
  const dir = await Deno.makeTempDir();
  const mounted = await mountDisk(`${dir}/disk`);
  if (mounted) await new Deno.Command("umount", { args: [`${dir}/disk`] }).output();
  await Deno.remove(dir, { recursive: true });
  return mounted;
})();

Deno.test({
  name:
    "a full disk ends a run in one line, the state before stays whole, and it goes on with room",
  ignore: !canMount,
  fn: () =>
    withFolder(async (dir) => {
      await writeToneDataset(`${dir}/data`, 4);
      const disk = `${dir}/disk`, filler = `${disk}/filler`;
      assert(await mountDisk(disk));
      try {
        const options = await toneOptions(dir, "disk/run", 3);
        let filled = false;
        const full = trainWith(options, (epoch) => {
          if (epoch !== 2 || filled) return;
          filled = true;
          const file = Deno.openSync(filler, { write: true, create: true });
          try {
            for (;;) file.writeSync(new Uint8Array(4096));
          } catch {
            /* full */
          } finally {
            file.close();
          }
        });
        const error = await assertRejects(() => full, RunError);
        assertMatch(
          error.message,
          /^Cannot write \S+disk\/run\/\S+: No space left on device \(os error 28\) \(the run is/,
        );
        assertStrictEquals(error.resumable, options.out);
        assert(filled);
        assertEquals(namesIn(options.out).filter((name) => /^\.|\.new$/.test(name)), []);
        await Deno.remove(filler);
        const resumed = await train({ ...options, mode: "resume" });
        await train({ ...options, out: `${dir}/whole` });
        assertSameBits(
          await Deno.readFile(`${options.out}/last/weights.bin`),
          await Deno.readFile(`${dir}/whole/last/weights.bin`),
        );
        assertStrictEquals(resumed.epochs, 3);
      } finally {
        await new Deno.Command("umount", { args: [disk] }).output();
      }
    }),
});

Deno.test("a run that is stopped can be begun in no folder but gone on with in its own", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const { out: _, ...unnamed } = await toneOptions(dir, "run", 2);
    await assertRefused(train({ ...unnamed, mode: "resume" }), /folder must be named/);
    const signal = AbortSignal.abort(), out = `${dir}/run`;
    const error = await assertRejects(() => train({ ...unnamed, out, signal }), Interrupted);
    assertEquals([error.message, error.resumable], ["Stopped; all is saved", out]);
  }));
