/** `deno task compile`: executables that need no Deno, no packages and no network. */
import { Command, InvalidArgumentError, Option } from "../deps/commander.ts";
import { basename, dirname, join } from "../deps/std_path.ts";
import { createHash } from "node:crypto";
import { readLicences } from "./bundle_packages.ts";
import { createExecutable, type Target, targets } from "./executable.ts";
import { root } from "./run.ts";
import { stageProgram } from "./stage_program.ts";

const targetNames = Object.keys(targets) as Target[];

interface CompileOptions {
  readonly all?: true;
  readonly target?: Target;
  readonly withModel?: string;
  readonly output: string;
}

async function compile({ all, target, withModel, output }: CompileOptions): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "melstream-compile-" });
  try {
    const entry = withModel === undefined ? "main.ts" : "with_model.ts";
    const program = await stageProgram(dir, { root, entry, model: withModel });
    const wanted = all ? targetNames : [target];
    const sums: string[] = [], folder = dirname(output);
    for (const target of wanted) {
      const named = all ? `${output}-${target}` : output;
      const path = await createExecutable(dir, program, { output: named, target });
      const { size, sha256 } = await measure(path);
      sums.push(`${sha256}  ${basename(path)}\n`);
      console.log(`${join(folder, basename(path))}  ${formatSize(size)}`);
    }
    await Deno.writeTextFile(join(folder, "SHA256SUMS"), sums.join(""));
    await Deno.writeTextFile(join(folder, "LICENCES.txt"), await readLicences(program.packages));
    const own = formatSize(await sizeOf(dir));
    console.log(`${own} of it are the program; beside it in ${folder}: SHA256SUMS, LICENCES.txt`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function measure(path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const piece of file.readable) hash.update(piece);
  return { size: (await Deno.stat(path)).size, sha256: hash.digest("hex") };
}

/** Bytes of all files in a folder. */
async function sizeOf(dir: string): Promise<number> {
  let sum = 0;
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    const path = join(dir, name);
    sum += isDirectory ? await sizeOf(path) : (await Deno.stat(path)).size;
  }
  return sum;
}

function formatSize(numBytes: number): string {
  return `${(numBytes / 1e6).toFixed(0)} MB`;
}

/** Does it, or says in one line why not. */
async function run(options: CompileOptions): Promise<void> {
  try {
    await compile(options);
  } catch (error) {
    console.error(`compile: ${(error as Error).message}`);
    Deno.exitCode = 1;
  }
}

await new Command("deno task compile")
  .description("Make executables that need no Deno, no packages and no network")
  .addOption(
    new Option("--target <name>", "machine to make it for, by default one like this").argParser(
      (name) => {
        if (Object.hasOwn(targets, name)) return name;
        throw new InvalidArgumentError(`Allowed choices are ${targetNames.join(", ")}.`);
      },
    ),
  )
  .addOption(new Option("--all", "one for each machine").conflicts("target"))
  .option("--with-model <run>", "one that only predicts, serves and listens, with that model")
  .option("--output <path>", "file to write", "dist/melstream")
  .allowExcessArguments(false)
  .action(run)
  .parseAsync(Deno.args, { from: "user" });
