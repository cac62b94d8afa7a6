/**
 * Packs `gpu.ts` with all it needs, for a machine that has a GPU and its driver but neither Deno nor a
 * network:
 *
 *     deno task bench:gpu:pack gpu.tar.gz        # or .tar.xz: smaller, for a machine that has xz
 *     tar -xf gpu.tar.gz && gpu/run.sh           # there; run.sh takes the options of gpu.ts
 *
 * The pack holds the Deno that runs this, the bench and its workers each bundled into one file, the
 * kernels, the default recordings, and the Vulkan loader where this machine has one (Debian:
 * `libvulkan1`). So it is for machines of this one's kind: pack on x86-64 Linux for x86-64 Linux.
 */
import { basename, dirname, join, resolve } from "../../deps/std_path.ts";
import { fileURLToPath } from "node:url";
import { run as runIn } from "../../compile/run.ts";
import { stageRecordings } from "../../compile/stage_program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Two folders deep, as the bench itself is: from there the data set's manifests are looked for. */
const programDir = "program/bench";
/** What finds a GPU's Vulkan driver, by their names in `ldconfig -p`. */
const loaderLibraries = ["libvulkan.so.1", "libGLdispatch.so.0", "libEGL.so.1", "libGLX.so.0"];

/** Runs a program in the repository's root; returns its stdout. */
async function run(...words: string[]): Promise<string> {
  return await runIn(words, { cwd: root });
}

/** The files that the modules behind an entry point find beside themselves: kernels, workers, scripts. */
async function assetsOf(entry: string): Promise<Set<string>> {
  const { modules } = JSON.parse(await run(Deno.execPath(), "info", "--json", entry));
  const assets = new Set<string>();
  for (const { local } of modules as { local?: string }[]) {
    if (!local?.startsWith(root) || !local.endsWith(".ts")) continue;
    const text = (await Deno.readTextFile(local)).replaceAll(/^ *\*.*/gm, ""); // without comments
    for (const [, path] of text.matchAll(/new URL\("\.\/([^"]+\.\w+)", import\.meta\.url\)/g)) {
      assets.add(join(dirname(local), path));
    }
  }
  return assets;
}

/** Puts a program into `dir`: itself in one file, and what it finds beside itself, its workers likewise. */
async function packProgram(entry: string, dir: string, packed = new Set<string>()): Promise<void> {
  if (packed.has(entry)) return;
  packed.add(entry);
  const out = join(dir, basename(entry).replace(/\.ts$/, ".js"));
  await run(Deno.execPath(), "bundle", "--quiet", "--platform", "deno", "-o", out, entry);
  const text = await Deno.readTextFile(out);
  await Deno.writeTextFile(
    out,
    text.replaceAll(
      /new URL\("(\.\/\w+)\.ts", import\.meta\.url\)/g,
      'new URL("$1.js", import.meta.url)',
    ),
  );
  for (const asset of await assetsOf(entry)) {
    if (asset.endsWith(".ts")) await packProgram(asset, dir, packed);
    else await Deno.copyFile(asset, join(dir, basename(asset)));
  }
}

/** Puts the Vulkan loader into `dir`, as far as it is here. */
async function packLoader(dir: string): Promise<void> {
  await Deno.mkdir(dir, { recursive: true });
  const known = await run("/sbin/ldconfig", "-p").catch(() => "");
  for (const library of loaderLibraries) {
    const path = known.match(new RegExp(`^\\s*${library.replaceAll(".", "\\.")} .*=> (.+)$`, "m"));
    if (path) await Deno.copyFile(path[1], `${dir}/${library}`);
  }
}

const [archive] = Deno.args;
if (!archive) throw new Error("Cannot pack as a name is missing, such as gpu.tar.gz");
const temporary = await Deno.makeTempDir({ prefix: "melstream-pack-" });
try {
  const pack = `${temporary}/gpu`;
  await Deno.mkdir(`${pack}/${programDir}`, { recursive: true });
  await packProgram(join(root, "tests/bench/gpu.ts"), `${pack}/${programDir}`);
  await Deno.mkdir(`${pack}/data`);
  for (const name of ["train.csv", "test.csv"]) {
    await Deno.copyFile(join(root, "data", name), `${pack}/data/${name}`);
  }
  await stageRecordings(`${pack}/recordings`);
  await packLoader(`${pack}/lib`);
  await Deno.copyFile(Deno.execPath(), `${pack}/deno`);
  await Deno.copyFile(join(root, "tests/bench/run_gpu.sh"), `${pack}/run.sh`);
  const config = { imports: { "supersonic-scsynth-samples/": "./recordings/" }, lock: false };
  await Deno.writeTextFile(`${pack}/deno.json`, JSON.stringify(config));
  for (const name of ["deno", "run.sh"]) await Deno.chmod(`${pack}/${name}`, 0o755);
  const path = resolve(archive);
  await Deno.mkdir(dirname(path), { recursive: true });
  await run("tar", "--auto-compress", "-cf", path, "-C", temporary, "gpu");
  console.log(`${archive}: ${((await Deno.stat(path)).size / 1e6).toFixed(0)} MB`);
} finally {
  await Deno.remove(temporary, { recursive: true });
}
