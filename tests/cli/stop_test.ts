/** Runs that are stopped from outside: by Ctrl-C in a terminal, or as nobody reads what they tell. */
import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { createSignalHandler } from "../../cli/run_stoppable.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";

const root = new URL("../..", import.meta.url).pathname;
const shape = "--seconds 0.5 --sample-rate 8000 --mels 16 --fft 256 --hop 128";
const endless = `${shape} --epochs 9999 --patience 9999 --batch-size 4 --backend cpu`;

/** The path of a program, or undefined where there is none. */
function find(name: string): string | undefined {
  const paths = (Deno.env.get("PATH") ?? "").split(":").map((folder) => `${folder}/${name}`);
  return paths.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Reads text until it holds the words, or ends. */
async function readUntil(reader: ReadableStreamDefaultReader<string>, words?: string) {
  let text = "";
  while (words === undefined || !text.includes(words)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  return text;
}

Deno.test("a second signal within a second is the first one's echo, a later one ends at once", () => {
  const said: string[] = [];
  let nowMs = 5000;
  const handle = createSignalHandler(
    { stop: () => said.push("stop"), end: () => said.push("end") },
    () => nowMs,
  );
  for (const ms of [5000, 5000, 5003, 5990]) {
    nowMs = ms;
    handle();
  }
  assertEquals(said, ["stop"]);
  nowMs = 6100;
  handle();
  assertEquals(said, ["stop", "end"]);
});

const script = find("script"), shell = find("sh");

Deno.test({
  name: "Ctrl-C under deno task, which passes it on, stops once, saves, and can be gone on from",
  ignore: script === undefined,
  fn: () =>
    withFolder(async (dir) => {
      await writeToneDataset(`${dir}/data`, 4);
      const task = `${Deno.execPath()} task -q --cwd ${root} train`;
      const run = `--data ${dir}/data --out ${dir}/run --epochs 99 --batch-size 16 --backend cpu`;
      // A terminal of its own: what is written to its input is what a person types.
      const child = new Deno.Command(script!, {
        args: ["-qec", `${task} ${run}`, "/dev/null"],
        cwd: root,
        env: { NO_COLOR: "1" },
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const typist = child.stdin.getWriter();
      const before = await readUntil(reader, "2/99 ");
      await typist.write(Uint8Array.of(3));
      // What the task runner passes on comes some time after, or merges with the terminal's own.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await typist.write(Uint8Array.of(3)).catch(() => {});
      const after = await readUntil(reader);
      await typist.close().catch(() => {});
      assertStrictEquals((await child.status).code, 130, before + after);
      assertStrictEquals(after.match(/stopping after this step/g)?.length, 1, after);
      assertMatch(after, /Stopped; all is saved\. Go on with: .*--resume/);
      await Deno.stat(`${dir}/run/last/state.json`);
    }),
});

Deno.test({
  name: "a run that a scheduler ends says so by its code, and all is saved",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (dir) => {
      await writeToneDataset(`${dir}/data`, 4);
      const run = `train --data ${dir}/data --out ${dir}/run ${endless}`;
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-q",
          "-A",
          "--config",
          `${root}deno.json`,
          `${root}main.ts`,
          ...run.split(" "),
        ],
        env: { NO_COLOR: "1" },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
      const before = await readUntil(reader, "2/9999 ");
      child.kill("SIGTERM");
      const after = await readUntil(reader);
      assertStrictEquals((await child.status).code, 143, before + after);
      assertMatch(after, /Stopped; all is saved\. Go on with: .*--resume/);
    }),
});

for (const [stream, redirect] of [["stderr", "2>&1"], ["stdout", "--log json"]]) {
  Deno.test({
    name: `a run whose ${stream} nobody reads any more saves, and ends in one line with code 1`,
    ignore: shell === undefined,
    fn: () =>
      withFolder(async (dir) => {
        await writeToneDataset(`${dir}/data`, 4);
        const program = `${Deno.execPath()} run -q -A --config ${root}deno.json ${root}main.ts`;
        const run = `train --data ${dir}/data --out ${dir}/run ${endless} ${redirect}`;
        const { stdout, stderr } = await new Deno.Command(shell!, {
          args: ["-c", `{ ${program} ${run}; echo "code $?" >&3; } 3>${dir}/code | head -n 3`],
          stdin: "null",
          env: { NO_COLOR: "1" },
        }).output();
        const said = new TextDecoder().decode(stderr);
        assertStrictEquals(new TextDecoder().decode(stdout).split("\n").length, 4);
        assertStrictEquals(await Deno.readTextFile(`${dir}/code`), "code 1\n", said);
        if (stream === "stdout") {
          assertMatch(said, /^melstream: Cannot go on as the program that reads.*saved.*\n$/);
        } else assertStrictEquals(said, "");
        await Deno.stat(`${dir}/run/last/state.json`);
      }),
  });
}
