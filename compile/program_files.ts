/**
 * What a program is made of: the modules that its code imports, the threads that it starts, and the files that it
 * names by `new URL(…, import.meta.url)`. Nothing of it is a list that is kept by hand.
 */
import { dirname, join, relative, resolve } from "../deps/std_path.ts";
import { run } from "./run.ts";

/** A program's files, as paths from its root, each in its order of the alphabet. */
export interface ProgramFiles {
  /** Modules that code imports; those of packages are not followed. */
  readonly modules: readonly string[];
  /** Of the modules, the ones in `deps/`, which bring packages. */
  readonly packages: readonly string[];
  /** Entry points of threads, which are modules too. */
  readonly workers: readonly string[];
  /** Files that are read while the program runs. */
  readonly assets: readonly string[];
}

/** A module as `deno info --json` tells it. */
interface ModuleInfo {
  readonly specifier: string;
  readonly local?: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    /** Absent where only types are imported. */
    readonly code?: { readonly specifier?: string; readonly error?: string };
  }[];
}

/**
 * Lists what a program is made of.
 *
 * @param root The folder with its `deno.json`.
 * @param entry Its entry point, as a path from there.
 * @throws {Error} where a file that it names is missing, or code finds one in a way that cannot be followed.
 */
export async function listProgramFiles(root: string, entry: string): Promise<ProgramFiles> {
  const modules = new Set<string>(), workers = new Set<string>(), assets = new Set<string>();
  const entries = [entry];
  for (const at of entries) {
    for (const module of await readModules(root, at)) {
      if (modules.has(module)) continue;
      modules.add(module);
      if (!module.endsWith(".ts") || isPackage(module)) continue;
      for (const named of await filesNamedIn(root, module)) {
        if (!named.endsWith(".ts")) assets.add(named);
        else if (!workers.has(named)) {
          workers.add(named);
          entries.push(named);
        }
      }
    }
  }
  const sorted = (paths: Iterable<string>) => [...paths].sort();
  return {
    modules: sorted(modules),
    packages: sorted(modules).filter(isPackage),
    workers: sorted(workers),
    assets: sorted(assets),
  };
}

/** With slashes on every system. */
function pathFrom(root: string, path: string): string {
  return relative(root, path).replaceAll("\\", "/");
}

function isPackage(module: string): boolean {
  return module.startsWith("deps/");
}

/** The modules behind an entry point, itself among them, without what packages and types bring. */
async function readModules(root: string, entry: string): Promise<string[]> {
  const { modules }: { modules: ModuleInfo[] } = JSON.parse(
    await run([Deno.execPath(), "info", "--json", "--quiet", entry], { cwd: root }),
  );
  const infos = new Map(modules.map((info) => [info.specifier, info]));
  const start = modules.find(({ local }) => local && pathFrom(root, local) === entry);
  if (!start) throw new Error(`Cannot list the files of ${entry} as it must be in ${root}`);
  const found = new Set<string>(), waiting = [start];
  for (const { local, error, specifier, dependencies = [] } of waiting) {
    if (error || !local) {
      throw new Error(`Cannot list the files of ${entry}: ${error ?? specifier}`);
    }
    const module = pathFrom(root, local);
    if (found.has(module)) continue;
    found.add(module);
    if (isPackage(module)) continue;
    for (const { code, specifier: name } of dependencies) {
      if (!code) continue;
      const isOwn = name.startsWith(".");
      const info = infos.get(code.specifier ?? "");
      if (isOwn && !info) throw new Error(`Cannot find ${name}, which ${module} imports`);
      if (isOwn) waiting.push(info!);
    }
  }
  return [...found];
}

/** The files that a module finds beside itself. @throws {Error} where it does so in another way than by a name. */
async function filesNamedIn(root: string, module: string): Promise<string[]> {
  const text = (await Deno.readTextFile(join(root, module)))
    .replaceAll(/^ *(?:\/\*)?\*.*|^ *\/\/.*/gm, ""); // without comments
  const found: string[] = [], dir = dirname(join(root, module));
  const rest = text.replaceAll(
    /new URL\(\s*(?:"(\.[^"]+)"|`(\.[^`]+)`),\s*import\.meta\.url,?\s*\)/g,
    (_, name: string | undefined, template: string) => {
      found.push(name ?? template.replaceAll(/\$\{[^}]*\}/g, "*"));
      return "";
    },
  );
  if (rest.includes("import.meta.url")) {
    throw new Error(
      `Cannot tell which files ${module} reads: ` +
        'each must be named in place, as in new URL("./name.wasm", import.meta.url)',
    );
  }
  const paths = await Promise.all(found.map((name) => filesLike(resolve(dir, name))));
  return paths.flat().map((path) => pathFrom(root, path));
}

/** The file at a path, or all whose names fit one with stars. @throws {Error} where there is none. */
async function filesLike(path: string): Promise<string[]> {
  const dir = dirname(path), name = path.slice(dir.length + 1);
  const pattern = new RegExp(`^${name.split("*").map(RegExp.escape).join(".+")}$`);
  const fitting: string[] = [];
  for await (const entry of Deno.readDir(dir)) {
    if (entry.isFile && pattern.test(entry.name)) fitting.push(join(dir, entry.name));
  }
  if (fitting.length === 0) throw new Error(`Cannot find ${path}, which the program reads`);
  return fitting;
}
