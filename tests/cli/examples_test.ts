/**
 * The scripts of `examples/` on a few recordings: Slurm's by a stand-in for `sbatch` (`deno task test:slurm` has the
 * real one), Kubernetes' commands by themselves, and Snakemake where it is installed.
 */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { parse } from "../../deps/std_csv.ts";
import { encodeModel } from "../../model/saved_model.ts";
import { writeModel } from "../../run/run_folder.ts";
import { createUntrainedModel } from "../run/untrained_model.ts";
import { withFolder, writeTone, writeToneDataset } from "../fixtures.ts";
import { root } from "./melstream.ts";

const examples = `${root}examples`, program = `${Deno.execPath()} task --cwd ${root} -q`;

/** Six recordings, one of them unreadable, and a model. */
async function writeJob(dir: string): Promise<void> {
  for (let i = 0; i < 5; i++) await writeTone(`${dir}/recordings/${i}.wav`, 300 + i, i);
  await Deno.writeTextFile(`${dir}/recordings/5.wav`, "no sound");
  await Deno.mkdir(`${dir}/runs/first`, { recursive: true });
  await writeModel(`${dir}/runs/first/best_model`, encodeModel(await createUntrainedModel(1)));
}

async function shell(words: string, dir: string, variables: Record<string, string> = {}) {
  const { code, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", words],
    cwd: dir,
    stdin: "null",
    env: { NO_COLOR: "1", ...variables },
  }).output();
  assertStrictEquals(code, 0, new TextDecoder().decode(stderr));
}

const rowsOf = (path: string) => Deno.readTextFileSync(path).trimEnd().split("\n").length - 1;

/** An `sbatch` that runs an array's tasks at once, one after the other, and says a job's number as Slurm does. */
const sbatch = `#!/bin/bash
set -eu
first=1 last=1
for word; do
  case $word in
    --array=*) range=\${word#*=} first=\${range%-*} last=\${range#*-} ;;
    --*) ;;
    *) break ;;
  esac
  shift
done
export SLURM_ARRAY_TASK_MIN=$first SLURM_ARRAY_TASK_MAX=$last SLURM_ARRAY_TASK_COUNT=$((last - first + 1))
for SLURM_ARRAY_TASK_ID in $(seq $first $last); do export SLURM_ARRAY_TASK_ID; bash "$@" >&2; done
echo 17
`;

/** Runs a script of Slurm's. */
async function submit(script: string, dir: string): Promise<void> {
  await Deno.mkdir(`${dir}/bin`);
  await Deno.writeTextFile(`${dir}/bin/sbatch`, sbatch, { mode: 0o755 });
  await shell(`${examples}/slurm/${script}`, dir, {
    MELSTREAM: program,
    PATH: `${dir}/bin:${Deno.env.get("PATH")}`,
  });
}

Deno.test("Slurm's script labels recordings by an array and merges what its tasks wrote", () =>
  withFolder(async (dir) => {
    await writeJob(dir);
    await submit("predict.sh 2 recordings runs/first s.csv --backend cpu", dir);
    assertStrictEquals(rowsOf(`${dir}/s.csv`), 6);
  }));

Deno.test("Slurm's script looks for a recipe by arrays, each with a merge that decides who goes on", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    const recipe = "--epochs 2 --batch-size 4 --augment-factor 0 --seconds 0.5 --mels 16";
    await submit(`tune.sh 2 2 data search --trials 2 --keep 2 --backend cpu ${recipe}`, dir);
    const rows = parse(await Deno.readTextFile(`${dir}/search/tune.csv`), { skipFirstRow: true });
    assertEquals(rows.slice(0, 2).map(({ rung, epochs }) => [rung, epochs]), [["1", "1"], [
      "1",
      "1",
    ]]);
    assertEquals([rows.at(-1)!.rung, rows.at(-1)!.epochs], ["2", "2"]);
    await Deno.stat(`${dir}/search/report.html`);
  }));

Deno.test("what Kubernetes' pods run labels all recordings, and what the last job runs merges them", () =>
  withFolder(async (dir) => {
    await writeJob(dir);
    const commandOf = async (file: string) => {
      const text = await Deno.readTextFile(`${examples}/kubernetes/${file}`);
      const [, command] = /\n *- (?:>-\n)?\s*(\/data\/melstream [^\]]*\])/.exec(text)!;
      return command.replaceAll(/\s+/g, " ").replace("/data/melstream", program)
        .replaceAll("/data/", `${dir}/`).replace("auto/8", "auto/2");
    };
    const predict = await commandOf("predict.yaml");
    for (const index of ["0", "1"]) await shell(predict, dir, { JOB_COMPLETION_INDEX: index });
    await shell(await commandOf("merge.yaml"), dir);
    assertStrictEquals(rowsOf(`${dir}/submission.csv`), 6);
  }));

const hasSnakemake = (Deno.env.get("PATH") ?? "").split(":").some((folder) => {
  try {
    return Deno.statSync(`${folder}/snakemake`).isFile;
  } catch {
    return false;
  }
});

Deno.test({
  name: "Snakemake labels recordings in parts, merges them, and does nothing twice",
  ignore: !hasSnakemake,
  fn: () =>
    withFolder(async (dir) => {
      await writeJob(dir);
      const words = `snakemake -q -s ${examples}/snakemake/Snakefile --cores 2 --config ` +
        `data=recordings model=runs/first out=out/s.csv parts=2 "melstream=${program}"`;
      await shell(words, dir);
      assertStrictEquals(rowsOf(`${dir}/out/s.csv`), 6);
      const first = (await Deno.stat(`${dir}/out/s.csv`)).mtime;
      await shell(words, dir);
      assertEquals((await Deno.stat(`${dir}/out/s.csv`)).mtime, first);
    }),
});
