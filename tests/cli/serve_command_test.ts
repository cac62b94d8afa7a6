/** `serve` with no more permissions than its task gives it: it answers what `predict` does, and ends in good order. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { parse } from "../../deps/std_csv.ts";
import { encodeModel } from "../../model/saved_model.ts";
import { writeModel } from "../../run/run_folder.ts";
import { withFolder, writeTone } from "../fixtures.ts";
import { createUntrainedModel } from "../run/untrained_model.ts";
import { melstream } from "./melstream.ts";
import { withServer } from "./serve_process.ts";

Deno.test("serve: predict's answers and the page; a signal ends it when all is answered", () =>
  withFolder(async (dir) => {
    await Deno.mkdir(`${dir}/runs/a`, { recursive: true });
    await writeModel(`${dir}/runs/a/best_model`, encodeModel(await createUntrainedModel(1)));
    await writeTone(`${dir}/clips/1.wav`, 300, 1);
    await Deno.writeTextFile(`${dir}/token`, "0123456789abcdef\n");
    const predicted = await melstream(
      dir,
      "predict",
      ...["--data", "clips", "--backend", "cpu", "--probabilities", "p.csv"],
    );
    assertStrictEquals(predicted.code, 0, predicted.stderr);
    const [[, ...classes], [, ...expected]] = parse(await Deno.readTextFile(`${dir}/p.csv`));
    const options = [
      "--model",
      "runs/a",
      "--port",
      "0",
      "--backend",
      "cpu",
      "--token-file",
      "token",
    ];
    const { code, said } = await withServer(dir, options, async (address) => {
      assertMatch(address, /^http:\/\/127\.0\.0\.1:\d+\/\?token=0123456789abcdef$/);
      const headers = { authorization: "Bearer 0123456789abcdef" }, { origin } = new URL(address);
      const body = await Deno.readFile(`${dir}/clips/1.wav`);
      const answer = await fetch(`${origin}/predict`, { method: "POST", headers, body });
      const { probabilities } = await answer.json();
      assertEquals(
        probabilities,
        Object.fromEntries(classes.map((name, k) => [name, Number(expected[k])])),
      );
      const page = await fetch(`${origin}/`, { headers });
      const policy = page.headers.get("content-security-policy")!, html = await page.text();
      assertMatch(
        policy,
        /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self';/,
      );
      assert(!html.includes("/train/"));
      const training = await fetch(`${origin}/train/`, { headers });
      assertStrictEquals(training.status, 404); // not beside a model that is named
      await training.body?.cancel();
      const [...scripts] = html.matchAll(/<script([^>]*)>([^<]*)/g);
      assertEquals(scripts.map(([, where, inline]) => [where, inline]), [
        [' src="model.js"', ""],
        [' src="app.js"', ""],
      ]);
      assert(!/ style=| on\w+=/.test(html));
      for (
        const name of ["style.css", "model.js", "app.js", "worker.js", "gpu.js", "recorder.js"]
      ) {
        const file = await fetch(`${origin}/${name}`, { headers });
        assertStrictEquals(file.status, 200, name);
        assertStrictEquals(file.headers.get("cross-origin-embedder-policy"), "require-corp");
        await file.body?.cancel();
      }
    });
    assertStrictEquals(code, 0, said);
    assertMatch(
      said,
      /^model {6}runs\/a \(3 classes\)\nengine {5}cpu .*\naddress .*\nstopping when all is answered.*\n$/,
    );
  }));

Deno.test("serve: one line says what it cannot do", () =>
  withFolder(async (dir) => {
    await Deno.mkdir(`${dir}/runs/a`, { recursive: true });
    await writeModel(`${dir}/runs/a/best_model`, encodeModel(await createUntrainedModel(1)));
    await Deno.writeTextFile(`${dir}/short`, "abc\n");
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    for (
      const [words, message] of [
        [
          ["--port", String(taken.addr.port)],
          /^Cannot listen at 127\.0\.0\.1, port \d+: .*[Aa]ddress already in use/,
        ],
        [
          ["--port", "70000"],
          /--port <n>' argument '70000' is invalid\. It must be a whole number from 0 to 65535\.$/,
        ],
        [
          ["--token-file", "short"],
          /^Cannot serve as --token-file must be a file with one line, of at least 16/,
        ],
        [
          ["--root", "nothing"],
          /^Cannot serve as --root must be a folder: current value is nothing$/,
        ],
        [["--model", "nothing"], /^Cannot find a model in nothing/],
        [
          ["--host", "no.such.name.invalid", "--port", "0"],
          /^Cannot listen at no\.such\.name\.invalid, port 0: /,
        ],
      ] as const
    ) {
      const { code, stdout, stderr } = await melstream(dir, "serve", ...words);
      assertEquals([code, stdout], [1, ""], stderr);
      const lines = stderr.trimEnd().split("\n").filter((line) => line.startsWith("melstream: "));
      assertStrictEquals(lines.length, 1, stderr);
      assertMatch(lines[0].replace("melstream: ", ""), message);
    }
  }));
