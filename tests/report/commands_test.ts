/** The two commands, each in a process of its own with no more permissions than its task gives it. */
import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { withFolder, writeTone } from "../fixtures.ts";
import { checkPage } from "./page_checks.ts";
import { writeFakeRun } from "./run_fixture.ts";

const root = new URL("../..", import.meta.url).pathname;

async function melstream(cwd: string, command: "report" | "inspect", ...args: string[]) {
  const config = ["--config", `${root}deno.json`];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      ...config,
      "--allow-read",
      "--allow-write",
      `${root}main.ts`,
      command,
      ...args,
    ],
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("report: one run into its folder, several beside each other, and what is no run", () =>
  withFolder(async (dir) => {
    const run = { classes: ["a", "b"], validation: [["1", "gone", "a", 0.2, 0.8]] };
    await writeFakeRun(`${dir}/runs/one`, run);
    await writeFakeRun(`${dir}/runs/two`, run);
    const one = await melstream(dir, "report", "runs/one");
    assertEquals(one, { code: 0, text: "report: runs/one/report.html\n" });
    checkPage(await Deno.readTextFile(`${dir}/runs/one/report.html`));
    const both = await melstream(dir, "report", "runs/one", "runs/two", "--out", "both.html");
    assertEquals(both, { code: 0, text: "report: both.html\n" });
    checkPage(await Deno.readTextFile(`${dir}/both.html`));
    const none = await melstream(dir, "report", "runs");
    assertStrictEquals(none.code, 1);
    assertMatch(none.text, /^melstream: Cannot report on runs as [^\n]*\n$/);
  }));

Deno.test("inspect: a recording, a folder, and what is neither", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/data/a/1.wav`, 440, 1);
    const clip = await melstream(dir, "inspect", "data/a/1.wav", "--augment", "gain,reverb");
    assertEquals(clip, { code: 0, text: "report: inspect.html\n" });
    checkPage(await Deno.readTextFile(`${dir}/inspect.html`));
    const folder = await melstream(dir, "inspect", "data", "--out", "folder.html");
    assertEquals(folder, { code: 0, text: "report: folder.html\n" });
    checkPage(await Deno.readTextFile(`${dir}/folder.html`));
    const none = await melstream(dir, "inspect", "nothing");
    assertStrictEquals(none.code, 1);
    assertMatch(none.text, /^melstream: Cannot read nothing: [^\n]*\n$/);
  }));
