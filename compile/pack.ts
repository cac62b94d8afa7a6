/** `deno task pack`: the package for npm. It holds what runs in Node and in pages: `portable.ts`, with its types. */
import { join, relative } from "../deps/std_path.ts";
import { listProgramFiles } from "./program_files.ts";
import { root, run } from "./run.ts";
import { copyInto } from "./stage_program.ts";

const entry = "portable.ts";

/**
 * Writes the package.
 *
 * @param output The file to write, a `.tgz`.
 */
export async function packPortable(output: string): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "melstream-pack-" });
  try {
    const { assets } = await listProgramFiles(root, entry);
    for (const path of [...assets, ...await modulesAndTypes(), "LICENSE"]) {
      await copyInto(join(dir, path), join(root, path));
    }
    await copyInto(join(dir, "README.md"), join(root, "docs", "node.md"));
    const { name, version, license } = JSON.parse(
      await Deno.readTextFile(join(root, "deno.json")),
    );
    const config = { name, version, license, exports: `./${entry}`, lock: false };
    await Deno.writeTextFile(join(dir, "deno.json"), JSON.stringify(config));
    const words = [Deno.execPath(), "pack", "--quiet", "--allow-dirty", "--output", "package.tgz"];
    await run(words, { cwd: dir });
    await copyInto(output, join(dir, "package.tgz"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** The repository's files that code or types are taken from, as paths from its folder. */
async function modulesAndTypes(): Promise<string[]> {
  const info = [Deno.execPath(), "info", "--json", "--quiet", entry];
  const { modules }: { modules: { specifier: string; local?: string }[] } = JSON.parse(
    await run(info, { cwd: root }),
  );
  const own = modules.filter(({ specifier }) => specifier.startsWith("file:"));
  return own.map(({ local }) => relative(root, local!).replaceAll("\\", "/"));
}

if (import.meta.main) {
  const { version } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const path = join("dist", `melstream-${version}.tgz`);
  await packPortable(path);
  console.log(`${path}  ${((await Deno.stat(path)).size / 1e3).toFixed(0)} kB`);
}
