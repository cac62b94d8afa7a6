/** A program that carries a model, as a folder of its own: what an executable is made of, but for the runtime. */
import { assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { readLicences } from "../../compile/bundle_packages.ts";
import { stageProgram } from "../../compile/stage_program.ts";
import { encodeModel } from "../../model/saved_model.ts";
import { writeModel } from "../../run/run_folder.ts";
import { melstream, root } from "../cli/melstream.ts";
import { withFolder } from "../fixtures.ts";
import { fixturePath } from "../pipeline/decode/fixtures.ts";
import { createUntrainedModel } from "../run/untrained_model.ts";

Deno.test("a program with a model labels as predict does, without packages, and does nothing else", () =>
  withFolder(async (dir) => {
    await Deno.mkdir(`${dir}/runs/a`, { recursive: true });
    await writeModel(`${dir}/runs/a/best_model`, encodeModel(await createUntrainedModel(1)));
    await Deno.mkdir(`${dir}/sounds`);
    for (const name of ["mp3_joint_stereo.mp3", "opus_mono.opus", "wav_s16.wav"]) {
      await Deno.copyFile(fixturePath(name), `${dir}/sounds/${name}`);
    }
    const words = ["--data", "sounds", "--backend", "cpu", "--threads", "1"];
    const usual = await melstream(dir, "predict", ...words, "--probabilities", "usual.csv");
    assertStrictEquals(usual.code, 0, usual.stderr);

    const options = { root, entry: "with_model.ts", model: `${dir}/runs/a` };
    const { packages } = await stageProgram(`${dir}/program`, options);
    await Deno.rename(`${dir}/runs`, `${dir}/gone`);
    const run = async (...words: string[]) => {
      const alone = ["--no-npm", "--no-remote", "--config", `${dir}/program/deno.json`];
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "-A", ...alone, `${dir}/program/with_model.ts`, ...words],
        ...{ cwd: dir, clearEnv: true, env: { DENO_DIR: `${dir}/empty` } },
      }).output();
      const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: decode(stdout), stderr: decode(stderr) };
    };
    const own = await run("predict", ...words, "--probabilities", "own.csv");
    assertStrictEquals(own.code, 0, own.stderr);
    assertMatch(own.stderr, /^model {6}the one in this program /m);
    assertEquals(
      await Deno.readTextFile(`${dir}/own.csv`),
      await Deno.readTextFile(`${dir}/usual.csv`),
    );

    for (
      const [asked, message] of [
        [
          ["train", "--data", "sounds"],
          /^melstream: Cannot train as this program carries one model/,
        ],
        [["export", "--help"], /^melstream: Cannot export as this program carries one model/],
        [["predict", ...words, "--model", "gone/a"], /This program brings its own model/],
        [["predict"], /required option '--data <path>'/],
      ] as const
    ) {
      const { code, stderr } = await run(...asked);
      assertMatch(stderr, message);
      assertStrictEquals(code, 1);
    }
    const { stdout } = await run("--help");
    assertMatch(stdout, /predict \[.*serve \[.*listen \[/s);
    assertNotMatch(stdout, /^ +(train|export|completions)/m);

    const licences = await readLicences(packages);
    assertMatch(licences, /^commander@[\d.]+ by .*: MIT\n\n.*Permission is hereby granted/ms);
    assertNotMatch(licences, /^onnxruntime-web@/m);
  }));
