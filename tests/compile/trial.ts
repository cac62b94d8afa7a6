/**
 * `deno task test:compile`: makes executables and has them do the whole job, each alone in a folder, without Deno,
 * packages or a network, and compares what they write with what the program writes that was not compiled.
 *
 * With `--older` their runtime is Deno 2.4's, which npm has; where it cannot be had, that is said, and the code is 77.
 * Its V8 rounds the last digit of some exponentials otherwise, so probabilities are compared with the same program's
 * under the same Deno.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { run } from "../../compile/run.ts";
import { parse } from "../../deps/std_csv.ts";
import { join } from "../../deps/std_path.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { melstream, root } from "../cli/melstream.ts";
import { withFolder } from "../fixtures.ts";
import { leaveAlone } from "./alone.ts";
import { makeExecutable, needOlderRuntime } from "./maker.ts";
import { missingParts } from "./older_runtime.ts";
import { formatSize, step } from "./step.ts";

const machine = ["--backend", "cpu", "--threads", "2"];
/** One for each decoder. */
const sounds = [
  ...["flac_24_bit.flac", "mp3_joint_stereo.mp3", "opus_stereo.opus", "vorbis_pages.ogg"],
];

const older = Deno.args.includes("--older") ? await needOlderRuntime() : undefined;

await withFolder(async (dir) => {
  const compile = (entry: string, model?: string) => makeExecutable(dir, entry, { model, older });

  const { staged, executable } = await step("compile", () => compile("main.ts"));
  const compiled = await leaveAlone(join(dir, "compiled"), executable);
  const where = compiled.isOffline ? "without a network" : "with a proxy that nobody is";
  console.log(`  ${formatSize(compiled.size)}, from here on alone and ${where}`);
  const folders = [compiled.dir, join(dir, "uncompiled")] as const;
  for (const folder of folders) {
    await Deno.mkdir(join(folder, "sounds"), { recursive: true });
    for (const name of sounds) {
      await Deno.copyFile(
        join(root, "tests/vectors/decode", name),
        join(folder, "sounds", name),
      );
    }
  }
  /** Has both do it, under one Deno where that is asked for, and compares a file that they write. */
  const compare = async (words: readonly string[], files: readonly string[], sameDeno = false) => {
    const [command, ...rest] = words;
    await step(words.join(" "), () => compiled.run(...words));
    if (older && sameDeno) {
      const config = ["--config", join(staged, "deno.json")], path = join(staged, "older.ts");
      // Its entry point refuses a Deno that old.
      const program = 'const { main } = await import("./cli/main.ts");\nawait main(Deno.args);\n';
      await Deno.writeTextFile(path, missingParts + program);
      const command = [older.deno, "run", "--quiet", "-A", ...config, path, ...words];
      await run(command, { cwd: folders[1] });
    } else {
      const { code, stderr } = await melstream(folders[1], command, ...rest);
      assertEquals(code, 0, stderr);
    }
    for (const file of files) {
      const [a, b] = await Promise.all(folders.map((dir) => Deno.readFile(join(dir, file))));
      assertSameBits(a, b, file);
      console.log(`  ${file}: the same ${a.length} bytes`);
    }
  };

  const training = ["--out", "run", "--epochs", "2", "--seed", "1", ...machine];
  await compare(["train", ...training], ["run/best_model/weights.bin"]);
  assertMatch(
    await Deno.readTextFile(join(compiled.dir, "run/report.html")),
    /melstream report run/,
  );
  const predict = ["predict", "--model", "run", ...machine];
  await compare(predict, ["submission.csv"]);
  const all = ["--probabilities", "probabilities.csv", "--data", "sounds", "--out", "sounds.csv"];
  await compare([...predict, ...all], ["sounds.csv", "probabilities.csv"], true);
  await Deno.remove(staged, { recursive: true }); // nothing of it could be read from here on
  await compare(["features", "--data", "sounds"], sounds.map((name) => `features/${name}.npy`));
  await compare(["embed", "--data", "sounds", "--backbone", "run"], ["embeddings.npy"]);

  const [header, ...rows] = parse(await Deno.readTextFile(join(compiled.dir, "probabilities.csv")));
  const [[name, ...expected]] = rows,
    bytes = await Deno.readFile(join(compiled.dir, "sounds", name));
  const ask = async (address: string) => {
    assertMatch(await (await fetch(address)).text(), /<main>/);
    const answer = await fetch(new URL("/predict", address), { method: "POST", body: bytes });
    const { probabilities } = await answer.json();
    assertEquals(Object.keys(probabilities), header.slice(1));
    Object.values<number>(probabilities).forEach((value, i) =>
      assertEquals(value.toFixed(6), Number(expected[i]).toFixed(6))
    );
  };
  await step("serve", () => compiled.serve(["--model", "run", ...machine], ask));

  const model = join(compiled.dir, "run");
  const second = await step("compile --with-model", () => compile("with_model.ts", model));
  await Deno.remove(second.staged, { recursive: true });
  const carrier = await leaveAlone(join(dir, "carrier"), second.executable);
  console.log(`  ${formatSize(carrier.size)}`);
  await Deno.rename(join(compiled.dir, "sounds"), join(carrier.dir, "sounds"));
  await step("predict", () => carrier.run("predict", "--data", "sounds", ...machine));
  const labels = await Promise.all([
    Deno.readTextFile(join(carrier.dir, "submission.csv")),
    Deno.readTextFile(join(compiled.dir, "sounds.csv")),
  ]);
  assertEquals(labels[0], labels[1]);
  assertMatch(
    await carrier.fail("train", "--data", "sounds"),
    /^melstream: Cannot train as this program carries one model, to predict, serve, listen with/,
  );
  await step("serve", () => carrier.serve(machine, ask));
});
console.log("the executables do all of it, as the program does");
