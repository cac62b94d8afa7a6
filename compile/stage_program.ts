/**
 * A program as a folder of its own: its modules and files where they lie in the repository, its packages reduced to
 * what is reached of them. It runs without a cache of packages, and an executable is made of it.
 */
import { basename, dirname, join, relative } from "../deps/std_path.ts";
import { describeLocation } from "../pipeline/locations/location.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { readModels } from "../run/run_folder.ts";
import { type BundledPackage, bundlePackages } from "./bundle_packages.ts";
import { listProgramFiles } from "./program_files.ts";

/** What a program's folder is made of. */
export interface StageOptions {
  /** The repository's folder. */
  readonly root: string;
  /** The program's entry point, as a path from there. */
  readonly entry: string;
  /** The model that it carries: as for `readModels`. By default it carries the default recordings instead. */
  readonly model?: string;
}

/** A program's folder. */
export interface StagedProgram {
  /** The program's entry point, as a path from the folder. */
  readonly entry: string;
  /** Entry points of its threads. */
  readonly workers: readonly string[];
  /** Packages that it holds code of. */
  readonly packages: readonly BundledPackage[];
}

/** What computes backbones, and is larger than the rest of the program: a carried model has none. */
const backboneRuntime = "deps/onnxruntime_web.ts";
/** Where a carried model lies in a program's folder: `with_model.ts` looks there. */
const carriedDir = "carried_model";
/** Where the default recordings lie in a program's folder, as their package has them. */
const recordingsDir = "recordings";

/** Puts a program into a folder. @throws {Error} where a part of it is missing. */
export async function stageProgram(
  dir: string,
  { root, entry, model }: StageOptions,
): Promise<StagedProgram> {
  const { modules, packages, workers, assets } = await listProgramFiles(root, entry);
  const copied = [...modules, ...assets].filter((path) => !packages.includes(path));
  for (const path of copied) await copyInto(join(dir, path), join(root, path));
  const used = packages.filter((path) => model === undefined || path !== backboneRuntime);
  const bundled = await bundlePackages(root, used, dir);
  for (const path of packages.filter((path) => !used.includes(path))) {
    await Deno.writeTextFile(join(dir, path), "export {};\n");
  }
  await stageRecordings(join(dir, recordingsDir), model === undefined);
  if (model !== undefined) await stageModel(join(dir, carriedDir), model);
  const { name, version, unstable } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const imports = {
    "supersonic-scsynth-samples/": `./${recordingsDir}/`,
    ...await nothingFor(dir),
  };
  await Deno.writeTextFile(
    join(dir, "deno.json"),
    JSON.stringify({ name, version, exports: `./${entry}`, unstable, imports, lock: false }),
  );
  return { entry, workers, packages: bundled };
}

/**
 * Empty modules for the names by which kernels import what they are given where they run: `deno compile` looks
 * them up as if it was to load kernels by itself.
 */
async function nothingFor(dir: string): Promise<Record<string, string>> {
  const names = new Set<string>();
  for await (const path of filesIn(dir)) {
    if (!path.endsWith(".wasm")) continue;
    const kernels = await WebAssembly.compile(await Deno.readFile(path));
    for (const { module } of WebAssembly.Module.imports(kernels)) names.add(module);
  }
  return Object.fromEntries([...names].sort().map((name) => [name, "data:text/javascript,"]));
}

/**
 * Puts the default recordings into a folder, as their package has them.
 *
 * @param isWhole False for the package's name alone, which the program asks for before it looks for a file.
 */
export async function stageRecordings(dir: string, isWhole = true): Promise<void> {
  const { train, test } = await openDefaultDataset();
  const samples = dirname(describeLocation(train[0].location));
  for (const name of ["package.json", "LICENSE"]) {
    await copyInto(join(dir, name), join(samples, "..", name));
  }
  for (const { location } of isWhole ? [...train, ...test] : []) {
    const path = describeLocation(location);
    await copyInto(join(dir, "samples", basename(path)), path);
  }
}

/** @throws {RangeError} where the model needs more than its weights. */
async function stageModel(dir: string, path: string): Promise<void> {
  const models = await readModels(path), [{ card: { backbone } }] = models;
  if (backbone) {
    throw new RangeError(
      "Cannot put this model into a program as it must hear log-mel features: " +
        `it hears by a backbone, ${backbone.card.name}`,
    );
  }
  const isAlone = models.length === 1;
  for (const { folder } of models) {
    const to = isAlone ? dir : join(dir, relative(path, folder!));
    for (const name of ["model.json", "weights.bin"]) {
      await copyInto(join(to, name), join(folder!, name));
    }
  }
  if (isAlone) return;
  for (const name of ["config.json", "metrics.json"]) {
    await copyInto(join(dir, name), join(path, name));
  }
}

/** Copies a file, into folders that need not be there yet. */
export async function copyInto(to: string, from: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.copyFile(from, to);
}

async function* filesIn(dir: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    const path = join(dir, name);
    if (isDirectory) yield* filesIn(path);
    else yield path;
  }
}
