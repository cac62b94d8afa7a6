/** The program in processes of its own, to be disturbed, and what they left. */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { parse } from "../../deps/std_csv.ts";
import { readModel } from "../../run/run_folder.ts";

/** How a process ended. */
export interface Ended {
  /** Its exit code; above 128 where a signal ended it. */
  readonly code: number;
  /** What it said. */
  readonly stderr: string;
}

/** How a process is disturbed. */
export interface Disturbance {
  /** Is killed after so long. */
  readonly killMs?: number;
  /** May write no file longer than so many blocks of 512 bytes: further writes fail, as on a full disk. */
  readonly fileBlocks?: number;
  /** Its feature threads end: see `shaken_main.ts`. */
  readonly threads?: string;
}

const root = new URL("../../", import.meta.url).pathname;

/** Runs a command of the program to its end. @throws {AssertionError} where it calls that a bug of its own. */
export async function run(
  args: readonly string[],
  { killMs, fileBlocks, threads }: Disturbance = {},
): Promise<Ended> {
  const entry = threads === undefined ? "main.ts" : "tests/soak/shaken_main.ts";
  const words = [Deno.execPath(), "run", "-q", "-A", `${root}${entry}`, ...args];
  const limit = fileBlocks === undefined
    ? []
    : ["sh", "-c", `trap "" XFSZ; ulimit -f ${fileBlocks}; exec "$@"`, "sh"];
  const [program, ...rest] = [...limit, ...words];
  const child = new Deno.Command(program, {
    args: rest,
    env: threads === undefined ? {} : { MELSTREAM_SOAK_THREADS: threads },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const timer = killMs === undefined ? undefined : setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch { /* it has ended */ }
  }, killMs);
  const { code, stderr: bytes } = await child.output();
  clearTimeout(timer);
  const stderr = new TextDecoder().decode(bytes);
  assertNotMatch(stderr, /This is a bug/, args.join(" "));
  return { code, stderr };
}

/** A prediction's rows: names and labels. */
export async function readRows(path: string): Promise<readonly (readonly string[])[]> {
  return parse(await Deno.readTextFile(path)).slice(1);
}

/**
 * Compares a prediction with one that was not disturbed.
 *
 * @param mayDiffer Recordings whose rows may be others, as they could not be read.
 * @throws {AssertionError} where a row is missing, is in another place, or says something else.
 */
export async function checkRows(
  path: string,
  expected: readonly (readonly string[])[],
  mayDiffer: ReadonlySet<string> = new Set(),
): Promise<void> {
  const rows = await readRows(path);
  assertEquals(rows.map(([name]) => name), expected.map(([name]) => name));
  rows.forEach((row, i) => mayDiffer.has(row[0]) || assertEquals(row, expected[i]));
}

/** Names of recordings in a `skipped.csv`; none where there is no such file. */
export async function readSkipped(path: string): Promise<ReadonlySet<string>> {
  const text = await Deno.readTextFile(path).catch(() => "filename\n");
  return new Set(parse(text).slice(1).map(([name]) => name));
}

/** The weights of a run's model, which loads. */
export async function weightsOf(run: string): Promise<readonly Float32Array[]> {
  const { weights } = await readModel(run);
  assert(weights.length > 0);
  return weights.map(({ values }) => values);
}

/** What lies in a folder, below it too, that a job which has ended should not leave. */
export async function leftoversIn(dir: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    if (/\.(unfinished|tmp|new|next|old)$|^\.tmp/.test(name)) found.push(`${dir}/${name}`);
    else if (isDirectory) found.push(...await leftoversIn(`${dir}/${name}`));
  }
  return found;
}
