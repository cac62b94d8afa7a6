/**
 * How long it takes from the command to the first batch of features, and where the time goes:
 * `deno task bench:cold [--data DIR] [--runs N]`, on Linux. Each run is a process of its own that loads what the
 * command line loads, lists, makes an engine, starts its threads, and ends with the first batch. It prints the clock
 * and, which hardly knows of other programs, the time of processors that all its threads have had.
 */
import { parseArgs } from "node:util";
import { v8Flags } from "../../wasm/v8_flags.ts";
import { quantile } from "../../model/evaluation/interval.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    runs: { type: "string", default: "9" },
    child: { type: "boolean", default: false },
  },
});

/** How far a process is. */
interface Mark {
  readonly name: string;
  /** Milliseconds since the process was asked for. */
  readonly clockMs: number;
  /** Of processors, all threads together, in milliseconds. */
  readonly processorMs: number;
}

/** Milliseconds that the threads of this process have had a processor. */
function processorMs(): number {
  let sum = 0;
  for (const { name } of Deno.readDirSync("/proc/self/task")) {
    const [ns] = Deno.readTextFileSync(`/proc/self/task/${name}/schedstat`).split(" ");
    sum += Number(ns) / 1e6;
  }
  return sum;
}

async function runOnce(): Promise<void> {
  const marks: Mark[] = [], askedMs = Number(Deno.env.get("ASKED_MS"));
  const mark = (name: string) =>
    marks.push({ name, clockMs: Date.now() - askedMs, processorMs: processorMs() });
  mark("runtime");
  await import("../../cli/main.ts");
  mark("modules");
  const { chooseRun } = await import("../../run/config/choose_run.ts");
  const choices = await chooseRun({ words: { data: values.data } });
  mark("listing");
  const { createEngine } = await import("../../model/create_engine.ts");
  const { train } = await import("../../run/training/train.ts");
  const out = await Deno.makeTempDir();
  await train({
    ...{ ...choices, out, backend: "cpu" },
    async createEngine(...asked) {
      mark("run begun");
      const made = await createEngine(...asked);
      made.engine.step = () => {
        mark("first batch");
        console.log(JSON.stringify(marks));
        Deno.removeSync(out, { recursive: true });
        return Deno.exit(0);
      };
      mark("engine");
      return made;
    },
    onEvent: (event) => event.kind === "start" && mark("ready to train"),
  });
}

async function measure(): Promise<readonly Mark[]> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", v8Flags, "-A", import.meta.filename!, "--child", ...Deno.args],
    env: { ASKED_MS: `${Date.now()}` },
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`a run ended with code ${code}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (values.child) await runOnce();
else {
  await measure(); // fills the caches
  const runs: (readonly Mark[])[] = [];
  for (let i = 0; i < Number(values.runs); i++) runs.push(await measure());
  const show = (figures: readonly number[]) => {
    const sorted = Float64Array.from(figures).sort();
    return [sorted[0], quantile(sorted, 0.5)].map((ms) => ms.toFixed(0).padStart(6)).join(" ");
  };
  console.log("ms until        clock: min median   processors: min median");
  runs[0].forEach(({ name }, i) => {
    const clock = show(runs.map((marks) => marks[i].clockMs));
    const processors = show(runs.map((marks) => marks[i].processorMs));
    console.log(`${name.padEnd(17)}${clock.padStart(16)}${processors.padStart(24)}`);
  });
}
