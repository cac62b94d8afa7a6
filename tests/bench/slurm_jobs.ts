/**
 * The scripts of `examples/slurm/` on a Slurm that runs: `deno task test:slurm`. An array of eight labels 15,000
 * recordings, with one of its tasks requeued while it runs; an array of five cross-validates; two arrays look for a
 * recipe, a rung each; dependent jobs merge.
 * Ends with code 1 where anything differs from what one process writes.
 */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { withFolder, writeToneDataset } from "../fixtures.ts";

const root = new URL("../..", import.meta.url).pathname;
const deno = Deno.execPath();
const recipe = "--epochs 2 --batch-size 8 --augment-factor 0 --seconds 0.5 --mels 16 --backend cpu";
/** Hard links of each of the test recordings. */
const numLinks = 2500;

async function run(command: string, args: readonly string[], codes = [0]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: root,
    stdin: "null",
    // The program of the jobs: this Deno, wherever it lies.
    env: { MELSTREAM: `${deno} task`, NO_COLOR: "1" },
  }).output();
  const words = new TextDecoder();
  if (!codes.includes(code)) throw new Error(`${command} ${args[0]}: ${words.decode(stderr)}`);
  return words.decode(stdout).trim();
}

const melstream = (args: readonly string[], codes?: number[]) =>
  run(deno, ["task", ...args], codes);

function existsSync(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Waits until no job is left; `look` sees them ten times a second. */
async function wait(look: (jobs: string) => Promise<void> = async () => {}): Promise<void> {
  for (;;) {
    const jobs = await run("squeue", ["-h", "-r", "-o", "%i %T", "-n", "predict,train,tune,merge"]);
    if (jobs === "") return;
    await look(jobs);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function sameFiles(a: string, b: string): Promise<void> {
  assertEquals(await Deno.readFile(a), await Deno.readFile(b), `${a} and ${b}`);
}

async function train(dir: string): Promise<void> {
  await melstream([
    "train",
    "--data",
    `${dir}/data`,
    "--folds",
    "5",
    "--out",
    `${dir}/one`,
    ...recipe.split(" "),
  ]);
  await run("examples/slurm/train_folds.sh", [
    "5",
    `${dir}/data`,
    `${dir}/cv`,
    ...recipe.split(" "),
  ]);
  await wait();
  await sameFiles(`${dir}/cv/validation.csv`, `${dir}/one/validation.csv`);
  for (let fold = 1; fold <= 5; fold++) {
    const weights = `fold-${fold}/best_model/weights.bin`;
    await sameFiles(`${dir}/cv/${weights}`, `${dir}/one/${weights}`);
  }
  console.log("five folds by an array: weights and validation.csv are those of one process");
}

async function tune(dir: string): Promise<void> {
  const options = ["--trials", "4", ...recipe.split(" ")];
  await melstream(["tune", "--data", `${dir}/data`, "--out", `${dir}/one-search`, ...options]);
  await run("examples/slurm/tune.sh", ["3", "2", `${dir}/data`, `${dir}/search`, ...options]);
  await wait();
  await sameFiles(`${dir}/search/tune.csv`, `${dir}/one-search/tune.csv`);
  console.log("two rungs by arrays of three: tune.csv is that of one process");
}

async function predict(dir: string): Promise<void> {
  for (const label of ["low", "high"]) {
    for (let i = 1; i <= 3; i++) {
      const path = `${dir}/data/test/${label}/${i}.wav`;
      for (let k = 0; k < numLinks; k++) await Deno.link(path, `${path.slice(0, -4)}-${k}.wav`);
    }
  }
  await Deno.writeTextFile(`${dir}/data/test/low/broken.wav`, "no sound");
  const options = ["--probabilities", `${dir}/p.csv`, "--backend", "cpu"], model = `${dir}/cv`;
  const own = ["--data", `${dir}/data`, "--model", model, "--out", `${dir}/one.csv`];
  await melstream(["predict", ...own, "--probabilities", `${dir}/one-p.csv`, "--backend", "cpu"], [
    2,
  ]);
  const script = ["8", `${dir}/data`, model, `${dir}/s.csv`, ...options];
  await run("examples/slurm/predict.sh", script);
  let requeued: string | undefined;
  await wait(async (jobs) => {
    const found = /^(\d+_3) RUNNING$/m.exec(jobs)?.[1];
    // Some rows are to be there, so that it goes on behind them.
    const state = `${dir}/s.csv.parts/3-of-8.unfinished/state.json`;
    if (requeued !== undefined || found === undefined || !existsSync(state)) return;
    await run("scontrol", ["requeue", found]);
    requeued = found;
  });
  await sameFiles(`${dir}/s.csv`, `${dir}/one.csv`);
  await sameFiles(`${dir}/p.csv`, `${dir}/one-p.csv`);
  const log = await Deno.readTextFile(`${dir}/s.csv.logs/3.log`);
  console.log(
    `eight tasks, ${requeued ? `${requeued} requeued` : "none requeued: too quick"}: ${
      /going on behind .*/.exec(log)?.[0] ?? "nothing was left to go on with"
    }`,
  );
  console.log("an array's submission and probabilities, merged, are those of one process");
}

assertStrictEquals(
  (await run("sinfo", ["-h", "-o", "%a"])).split("\n")[0],
  "up",
  "a partition is up",
);
await withFolder(async (dir) => {
  await writeToneDataset(`${dir}/data`, 10);
  await train(dir);
  await tune(dir);
  await predict(dir);
});
