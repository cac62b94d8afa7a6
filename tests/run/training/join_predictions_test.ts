import { assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { scoreOf } from "../../../model/evaluation/evaluation.ts";
import type { Clip } from "../../../pipeline/clip.ts";
import { joinPredictions, joinSkipped } from "../../../run/training/join_predictions.ts";
import { RunError } from "../../../run/run_error.ts";
import { clipAt, withFolder } from "../../fixtures.ts";

const clips: Clip[] = ["1", "2", "3", "4"].map((id) => clipAt(id, { labels: ["a"] }));
const scoreOptions = { task: "one-label", classes: ["a", "b"] } as const;
const columns = ["filename", "path", "label"];

const foldsOf = (folds: readonly number[]) => (clip: number) =>
  folds[clip] ? [folds[clip] - 1] : [];

/** Two folds' folders with these rows of `validation.csv`. */
async function writeFolds(dir: string, ...rows: readonly string[]): Promise<string[]> {
  const dirs = rows.map((_, i) => `${dir}/fold-${i + 1}`);
  for (const [i, dir] of dirs.entries()) {
    await Deno.mkdir(dir);
    await Deno.writeTextFile(`${dir}/validation.csv`, `filename,path,label,a,b\n${rows[i]}`);
    const skipped = `filename,stage,cause\n4,decode,"no, sound"\n${i},decode,none\n`;
    await Deno.writeTextFile(`${dir}/skipped.csv`, skipped);
  }
  return dirs;
}

Deno.test("folds' rows are joined in the clips' order; clips in no fold or not read have none", {
  sanitizeResources: true,
}, () =>
  withFolder(async (dir) => {
    const dirs = await writeFolds(dir, "3,3,a,0.9,0.1\n", "1,1,a,0.2,0.8\n");
    const joined = await joinPredictions({
      ...{ out: dir, dirs, columns, clips, scoreOptions },
      validatedIn: foldsOf([2, 0, 1, 1]),
    });
    const { evaluation } = joined;
    assertEquals([evaluation.examples, scoreOf(evaluation)], [2, 0.5]);
    assertStrictEquals(
      joined.scores?.perClass[0].support,
      2,
      "scores are fitted to the same clips",
    );
    const text = await Deno.readTextFile(`${dir}/validation.csv`);
    assertStrictEquals(text, "filename,path,label,a,b\n1,1,a,0.2,0.8\n3,3,a,0.9,0.1\n");
    assertStrictEquals(await joinSkipped(dir, dirs), 3);
    const skipped = await Deno.readTextFile(`${dir}/skipped.csv`);
    assertStrictEquals(
      skipped,
      'filename,stage,cause\n4,decode,"no, sound"\n0,decode,none\n1,decode,none\n',
    );
  }));

Deno.test("rows that are not those of a fold's clips are refused, and nothing is written", {
  sanitizeResources: true,
}, () =>
  withFolder(async (dir) => {
    const dirs = await writeFolds(dir, "3,3,a,0.9,0.1\n", "9,9,a,0.2,0.8\n1,1,a,0.2,0.8\n");
    const joining = joinPredictions({
      ...{ out: dir, dirs, columns, clips, scoreOptions },
      validatedIn: foldsOf([2, 0, 1, 1]),
    });
    const error = await assertRejects(() => joining, RunError);
    assertMatch(
      error.message,
      /fold-2\/validation\.csv as it must hold its run's clips: it has 9$/,
    );
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
      "fold-1",
      "fold-2",
    ]);
  }));

Deno.test("runs that were validated on the same clips: the mean, where all could read the clip", () =>
  withFolder(async (dir) => {
    const dirs = await writeFolds(dir, "1,1,a,0.25,0.75\n2,2,a,1,0\n", "1,1,a,0.75,0.25\n");
    const { evaluation } = await joinPredictions({
      ...{ out: dir, dirs, columns, clips, scoreOptions },
      validatedIn: () => [0, 1],
    });
    assertStrictEquals(evaluation.examples, 1);
    const text = await Deno.readTextFile(`${dir}/validation.csv`);
    assertStrictEquals(text, "filename,path,label,a,b\n1,1,a,0.5,0.5\n");
  }));
