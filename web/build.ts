/**
 * Bundles what runs in the page's window and in its threads, to be served as it is: a server has no compiler
 * beside it, least of all in a compiled program.
 *
 * `deno task page` writes the bundles; `deno task page --check` writes nothing and fails when a committed one is
 * not what its sources make. The bundles are the same, byte for byte, each time and in every folder.
 */
import * as esbuild from "esbuild";

const bundles: Readonly<Record<string, string>> = {
  "web/built/app.js": "web/app/app.ts",
  "web/built/gpu.js": "web/worker/gpu_engine.ts",
  "web/built/train.js": "web/train/app.ts",
  "web/built/worker.js": "web/worker/page_worker.ts",
};

/** Browsers of 2023 and later: the first of each that compute with SIMD and run module syntax as it is here. */
const target = ["chrome111", "edge111", "firefox113", "safari16.4"];

/** Older than the syntax that needs them. */
const symbols = ["dispose", "asyncDispose"];

/** One classic script, which a page that is opened from disk can run, too. */
async function bundle(entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--frozen", "--platform", "browser", entry],
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Cannot bundle ${entry}: ${decode(stderr)}`);
  // A script has no address of its own: what it loads by one, `readAssetsWith` gives it by its name.
  const text = decode(stdout).replaceAll("import.meta.url", '"file:///melstream/"')
    // The bundler names packages by their way from this folder to its cache.
    .replaceAll(/^( *"|\/\/ )(?:\.\.\/|\/)[^"\n]*?\/npm\/[^"\/\n]+\//gm, "$1npm:")
    .replace(/^export \{[^}]*\};\s*$/m, ""); // nobody imports a script
  const missing = symbols.map((name) => `Symbol.${name} ??= Symbol("Symbol.${name}");`).join("");
  const { code } = await esbuild.transform(`(() => {${missing}${text}})();`, {
    ...{ target, minify: true, legalComments: "eof" },
  });
  return `// Made from ${entry} by \`deno task page\`: change that instead.\n${code}`;
}

let stale = 0;
for (const [output, entry] of Object.entries(bundles)) {
  const text = await bundle(entry);
  if (!Deno.args.includes("--check")) {
    await Deno.mkdir("web/built", { recursive: true });
    await Deno.writeTextFile(output, text);
    console.log(`${output} (${(text.length / 1000).toFixed(0)} kB)`);
  } else if (text !== await Deno.readTextFile(output).catch(() => "")) {
    console.error(`${output} is not what ${entry} makes: run \`deno task page\``);
    stale++;
  }
}
await esbuild.stop();
if (stale > 0) Deno.exit(1);
