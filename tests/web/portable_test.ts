/** The part of the library that runs everywhere: how large it is in a page, and what it says in Node. */
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { bundlePackages } from "../../compile/bundle_packages.ts";
import { packPortable } from "../../compile/pack.ts";
import { dirname, join } from "../../deps/std_path.ts";
import { encodeModel } from "../../model/saved_model.ts";
import { createWindowing } from "../../pipeline/windows.ts";
import { openModel } from "../../portable.ts";
import { openLabeller } from "../../run/prediction/labeller.ts";
import { root } from "../cli/melstream.ts";
import { withFolder } from "../fixtures.ts";
import { fixturePath, readFixture } from "../pipeline/decode/fixtures.ts";
import { featuresOf, requestFor, run } from "../pipeline/run_graph.ts";
import { createUntrainedModel, frontEnd, machine } from "../run/untrained_model.ts";

const model = await createUntrainedModel(1), files = encodeModel(model);
const sounds = ["wav_s24_extensible.wav", "flac_stereo.flac", "vorbis_stereo.ogg", "aiff_s24.aiff"];
/** For these Node needs packages; what a page has of them starts threads in a page's way. */
const packaged = ["mp3_joint_stereo.mp3", "opus_mono.opus"];

const kernels = [
  ...["pipeline/dsp/dsp.wasm", "pipeline/decode/flac.wasm", "pipeline/decode/vorbis.wasm"],
  ...["model/cpu/kernels_relaxed_single.wasm", "model/cpu/kernels_plain_single.wasm"],
];

/** What Node is given: it tells of each sound its features, as digits, and its probabilities. */
const nodeProgram = `
import { readFileSync } from "node:fs";
const [address, modelJson, weightsBin, ...sounds] = process.argv.slice(2);
const { openModel } = await import(address);
const model = await openModel({
  modelJson: readFileSync(modelJson, "utf8"),
  weightsBin: new Uint8Array(readFileSync(weightsBin)),
});
for (const path of sounds) {
  const bytes = new Uint8Array(readFileSync(path));
  const features = await model.features(bytes), { probabilities } = await model.predict(bytes);
  const digits = Buffer.from(features.buffer, features.byteOffset, features.byteLength).toString("hex");
  console.log(JSON.stringify({ digits, probabilities: Object.values(probabilities) }));
}`;

async function output(program: string, args: readonly string[], cwd = root): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], cwd, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, `${program} ${args[0]}: ${decode(stderr)}`);
  return decode(stdout).trim();
}

function toHex(values: Float32Array): string {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).toHex();
}

/** A Node of version 22 or later; nothing where none is to be had. */
async function findNode(): Promise<string | undefined> {
  for (const [program, ...args] of [["node"], ["npx", "-y", "node@22"]]) {
    const words = [...args, "-p", "[parseInt(process.versions.node), process.execPath].join()"];
    const said = await output(program, words).catch(() => "");
    const [version, path] = said.split(",");
    if (Number(version) >= 22) return path;
  }
}

/** Bundles the library for a page into a folder, its kernels beside it. */
async function bundle(dir: string): Promise<void> {
  const options = ["--quiet", "--frozen", "--platform", "browser", "--minify", "--code-splitting"];
  await output(Deno.execPath(), ["bundle", ...options, "--outdir", dir, "portable.ts"]);
  for (const path of kernels) {
    await Deno.copyFile(`${root}${path}`, `${dir}/${path.split("/").at(-1)}`);
  }
}

/** What the program itself makes of the beginning of a sound. */
async function expected(name: string) {
  const path = fixturePath(name),
    recording = { id: name, location: { kind: "file" as const, path } };
  const labeller = await openLabeller([model], machine);
  const rows = labeller.labelWindows([recording], createWindowing(frontEnd));
  const [{ probabilities }] = await Array.fromAsync(rows);
  await labeller.close();
  const [result] = await run({ frontEnd, seed: 0 }, [requestFor(path)]);
  const features = featuresOf(result);
  return { digits: toHex(features), probabilities: [...probabilities!] };
}

async function assertSameInNode(node: string, address: string, dir: string, names: string[]) {
  await Deno.writeTextFile(`${dir}/model.json`, files.modelJson);
  await Deno.writeFile(`${dir}/weights.bin`, files.weightsBin);
  await Deno.writeTextFile(`${dir}/program.mjs`, nodeProgram);
  const words = [address, "model.json", "weights.bin", ...names.map(fixturePath)];
  const lines = (await output(node, ["--preserve-symlinks", "program.mjs", ...words], dir)).split(
    "\n",
  );
  assertStrictEquals(lines.length, names.length);
  for (const [i, name] of names.entries()) {
    const told = JSON.parse(lines[i]), own = await expected(name);
    assertStrictEquals(told.digits, own.digits, `features of ${name}`);
    told.probabilities.forEach((value: number, k: number) =>
      assert(Math.abs(value - own.probabilities[k]) < 1e-5, `${name}: ${value}`)
    );
  }
}

/** Holds that a package has all types that its own refer to. */
async function assertTyped(dir: string, entry: string): Promise<void> {
  const found = new Set([entry]);
  for (const path of found) {
    const text = await Deno.readTextFile(`${dir}/${path}`);
    for (const [, name] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g)) {
      found.add(join(dirname(path), `${name}.d.ts`));
    }
  }
  assert(found.size > 5, [...found].join());
}

/** Holds that the program in docs/node.md says of files what the program says. */
async function assertPageHolds(node: string, dir: string): Promise<void> {
  const page = await Deno.readTextFile(`${root}docs/node.md`);
  const [, program] = /```js\n(.*?)```/s.exec(page)!;
  await Deno.writeTextFile(`${dir}/label.mjs`, program);
  await Deno.mkdir(`${dir}/best_model`);
  for (const name of ["model.json", "weights.bin"]) {
    await Deno.rename(`${dir}/${name}`, `${dir}/best_model/${name}`);
  }
  const pattern = fixturePath("wav_s24*"),
    words = ["--preserve-symlinks", "label.mjs", ".", pattern];
  const lines = (await output(node, words, dir)).split("\n");
  assert(lines.length > 0);
  const portable = await openModel(files);
  for (const line of lines) {
    const [path, labels] = line.split(",");
    assertEquals(labels, (await portable.predict(await Deno.readFile(path))).labels.join(" "));
  }
}

const node = await findNode();

Deno.test({
  name: "features and predict in Node 22: the package's bits, and the page's bundle below 300 kB",
  ignore: node === undefined,
  fn: () =>
    withFolder(async (dir) => {
      await bundle(`${dir}/bundle`);
      let sum = 0;
      for await (const { name } of Deno.readDir(`${dir}/bundle`)) {
        const text = await Deno.readTextFile(`${dir}/bundle/${name}`);
        // What a page loads for any sound; the other pieces come with the first MP3 or Opus file.
        const isLate = /_decoder-/.test(name);
        if (!isLate) sum += (await Deno.stat(`${dir}/bundle/${name}`)).size;
        assertEquals(name.endsWith(".js") ? text.match(/\bDeno\.\w+/g) ?? [] : [], [], name);
      }
      assert(sum < 300_000, `${sum} bytes`);
      await assertSameInNode(node!, "./bundle/portable.js", dir, sounds);

      // As npm has it, beside the packages that it needs for some formats.
      await packPortable(`${dir}/package.tgz`);
      await output("tar", ["-xzf", "package.tgz"], dir);
      await Deno.mkdir(`${dir}/node_modules/@melstream`, { recursive: true });
      await Deno.rename(`${dir}/package`, `${dir}/node_modules/@melstream/melstream`);
      const decoders = ["deps/mpg123_decoder.ts", "deps/opus_decoder.ts"];
      for (const { id, folder } of await bundlePackages(root, decoders, `${dir}/decoders`)) {
        const link = `${dir}/node_modules/${id.replace(/@[^@]*$/, "")}`;
        await Deno.mkdir(dirname(link), { recursive: true });
        await Deno.symlink(folder, link);
      }
      await assertSameInNode(node!, "@melstream/melstream", dir, [...sounds, ...packaged]);
      await assertTyped(`${dir}/node_modules/@melstream/melstream`, "portable.d.ts");
      await assertPageHolds(node!, dir);
    }),
});

Deno.test("a portable model refuses what is no sound, by its name", async () => {
  const portable = await openModel(files), bytes = readFixture("wav_s16.wav");
  const { labels, notes } = await portable.predict(new Blob([bytes]));
  assertEquals([labels.length, notes.length], [1, 0]);
  await assertRejects(
    () => portable.predict(new TextEncoder().encode("no sound"), "letter.txt"),
    Error,
    "letter.txt",
  );
});
