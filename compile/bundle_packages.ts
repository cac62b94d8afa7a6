/** Packages as a program needs them: what is reached of them alone, without the rest of what they unpack to. */
import { dirname, join, resolve } from "../deps/std_path.ts";
import { run } from "./run.ts";

/** A package that code was taken from. */
export interface BundledPackage {
  /** Its name and version, such as `commander@15.1.0`. */
  readonly id: string;
  /** The folder that it lies in. */
  readonly folder: string;
}

/** Folder of the bundles, beside the modules that bring packages. */
const bundleDir = "bundled";

/**
 * Puts modules of `deps/` into a folder, each with what it reaches of its packages, and the files that those read.
 * Two that share a package share its code.
 *
 * @param root The program's folder.
 * @param modules Paths from there, such as `deps/plot.ts`.
 * @param dir The folder, which becomes like `root`.
 * @returns The packages, in the order of their names.
 */
export async function bundlePackages(
  root: string,
  modules: readonly string[],
  dir: string,
): Promise<BundledPackage[]> {
  const out = join(dir, "deps", bundleDir), packages = new Map<string, BundledPackage>();
  // Not minified: libraries look at the names of their classes, and comments say whose code it is.
  const options = ["--quiet", "--frozen", "--platform", "deno", "--code-splitting"];
  await run([Deno.execPath(), "bundle", ...options, "--outdir", out, ...modules], { cwd: root });
  for await (const { name } of Deno.readDir(out)) {
    const path = join(out, name), lines = (await Deno.readTextFile(path)).split("\n");
    let source = "";
    for (const [i, line] of lines.entries()) {
      // The bundler names sources by their way from the program's folder to the cache.
      const [, indent, from, id, file] =
        /^( *"|\/\/ )((?:\.\.\/|\/)[^"]*?\/npm\/[^"/]+\/((?:@[^/]+\/)?[^/]+\/[^/]+))\/([^"]*)/
          .exec(line) ?? [];
      if (from) {
        const folder = resolve(root, from), version = id.lastIndexOf("/");
        const spoken = `${id.slice(0, version)}@${id.slice(version + 1)}`;
        packages.set(spoken, { id: spoken, folder });
        source = join(folder, file.replace(/".*/, ""));
        lines[i] = `${indent}npm:${line.slice(line.indexOf(id))}`;
      }
      // What a package loads from beside itself.
      for (const [, read] of line.matchAll(/"([\w.-]+\.(?:wasm|mjs))"/g)) {
        const from = join(dirname(source), read);
        if (await isFile(from)) await Deno.copyFile(from, join(out, read));
      }
    }
    await Deno.writeTextFile(path, lines.join("\n"));
  }
  for (const module of modules) {
    const name = module.slice("deps/".length);
    const bundle = `./${bundleDir}/${name.replace(/\.ts$/, ".js")}`;
    await Deno.writeTextFile(join(dir, module), `export * from "${bundle}";\n`);
  }
  return [...packages.values()].sort((a, b) => a.id < b.id ? -1 : 1);
}

/** The licences of packages, as what holds their code has to bring along. */
export async function readLicences(packages: readonly BundledPackage[]): Promise<string> {
  const parts = await Promise.all(packages.map(async ({ id, folder }) => {
    const { license = "not named", author }: { license?: string; author?: unknown } = JSON.parse(
      await Deno.readTextFile(join(folder, "package.json")),
    );
    const texts: string[] = [];
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && /^(licen[cs]e|copying|notice)/i.test(name)) {
        texts.push(await Deno.readTextFile(join(folder, name)));
      }
    }
    const by = author === undefined ? "" : ` by ${describeAuthor(author)}`;
    return `${id}${by}: ${license}\n\n${texts.join("\n") || "(no text comes with it)\n"}`;
  }));
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

function describeAuthor(author: unknown): string {
  return typeof author === "string" ? author : String((author as { name?: string }).name);
}
