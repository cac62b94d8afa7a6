/** The page to try a model, in a browser: what it computes is what the program says, and anyone can use it. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { Decision } from "../../model/decision.ts";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import { createWindowing } from "../../pipeline/windows.ts";
import { joinWindows } from "../../run/prediction/join_windows.ts";
import { type Labeller, openLabeller } from "../../run/prediction/labeller.ts";
import { startServer } from "../../serve/serve.ts";
import type { FromPageWorker } from "../../web/messages.ts";
import { createPageFiles } from "../../web/page_files.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { withFolder } from "../fixtures.ts";
import { readFixture } from "../pipeline/decode/fixtures.ts";
import { noise } from "../pipeline/dsp/signals.ts";
import { featuresOf, requestFor, run } from "../pipeline/run_graph.ts";
import { assertAccessible } from "../report/assert_accessible.ts";
import { type BrowserPage, findChromium, withBrowserPage } from "../report/browser.ts";
import {
  createUntrainedHead,
  createUntrainedModel,
  frontEnd,
  machine,
} from "../run/untrained_model.ts";
import { dropFiles } from "./drop_files.ts";
import { textOf } from "./elements.ts";
import { until } from "./until.ts";

const chromium = findChromium();
const models = [await createUntrainedModel(1), await createUntrainedModel(2)];
const microphone = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const softwareGpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Notes what the page's thread says, and what the page's policy forbids, before any of its scripts runs. */
const spy = `
  globalThis.told = []; globalThis.forbidden = [];
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    forbidden.push(violatedDirective + " " + blockedURI));
  globalThis.Worker = class extends Worker {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", ({ data }) => told.push(data));
    }
  };
`;

async function watch(page: BrowserPage): Promise<void> {
  await page.send("Page.setBypassCSP", { enabled: false }); // its own policy must let it work
  await page.send("Page.addScriptToEvaluateOnNewDocument", { source: spy });
}

async function openPage(page: BrowserPage, address: string): Promise<void> {
  await page.open(address);
  await until(page, `told.some(({ kind }) => kind === "ready" || kind === "broken")`);
}

/** Drops files on the page, as a person does. */
async function drop(
  page: BrowserPage,
  ...files: [name: string, bytes: Uint8Array][]
): Promise<void> {
  await page.evaluate("told.length = 0");
  await dropFiles(page, files);
  await until(page, `told.some(({ kind }) => kind === "heard" || kind === "failed")`);
  await until(page, `told.some(({ kind }) => kind === "picture" || kind === "failed")`);
}

/** What the thread told of the last sound; numbers as they crossed, bits of features as whole numbers. */
async function toldBy(page: BrowserPage) {
  const told = await page.evaluate<Record<string, never>[]>(`told.map((message) =>
    JSON.parse(JSON.stringify(message.kind === "picture"
      ? { ...message, samples: [], features: [...new Uint32Array(message.features.buffer)] }
      : message, (_, value) => ArrayBuffer.isView(value) ? [...value] : value)))`);
  return told as unknown as (FromPageWorker & { features: number[] })[];
}

/** Holds that two lists of probabilities are the same, to 1e-5 where nothing else is said. */
function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
): void {
  assertStrictEquals(actual.length, expected.length);
  for (let k = 0; k < expected.length; k++) {
    assert(Math.abs(actual[k] - expected[k]) < tolerance, `${actual[k]} is not ${expected[k]}`);
  }
}

/** Holds what the page says of a sound to what the program says of its file. */
async function assertSameAnswers(
  page: BrowserPage,
  labeller: Labeller,
  path: string,
  { labelsOf, tolerance }: { labelsOf: Decision["labelsOf"]; tolerance?: number },
): Promise<void> {
  const name = path.split("/").at(-1)!, bytes = await Deno.readFile(path);
  await drop(page, [name, bytes]);
  const windowing = createWindowing(frontEnd);
  const recordings = [{ id: name, location: { kind: "file" as const, path } }];
  const rows = await Array.fromAsync(labeller.labelWindows(recordings, windowing));
  const told = await toldBy(page), windows = told.filter(({ kind }) => kind === "window");
  assertStrictEquals(windows.length, rows.length, name);
  windows.forEach((message, i) => {
    if (message.kind !== "window") throw new Error("unreachable");
    assertStrictEquals(message.window.start, rows[i].request.clip.start);
    assertNear(message.window.answer!.probabilities, rows[i].probabilities!, tolerance);
  });
  const joined = joinWindows(ReadableStream.from(rows), "mean");
  const [{ probabilities }] = await Array.fromAsync(joined);
  const heard = told.find((message) => message.kind === "heard")!;
  assertNear(heard.mean!.probabilities, probabilities!, tolerance);
  assertEquals(heard.mean!.labels, labelsOf(probabilities!));
  const [expected] = await run({ frontEnd, seed: 1 }, [requestFor(path)]);
  const { features } = told.find(({ kind }) => kind === "picture")!;
  assertSameBits(new Float32Array(Uint32Array.from(features).buffer), featuresOf(expected), name);
  assertStrictEquals(await textOf(page, "label"), labelsOf(probabilities!).join(", "));
  assertEquals(await page.evaluate("forbidden"), []);
}

Deno.test("the page answers as the program does, wherever it comes from", {
  ignore: !chromium,
}, (t) =>
  withFolder(async (dir) => {
    const labeller = await openLabeller(models, machine), { decision } = labeller;
    const labelsOf = (probabilities: ArrayLike<number>) => decision.labelsOf(probabilities);
    const server = startServer({ labeller, port: 0, files: await createPageFiles(models) });
    await Deno.mkdir(`${dir}/page`);
    for (const [name, { content }] of await createPageFiles(models, { fromDisk: true })) {
      await Deno.writeTextFile(`${dir}/page/${name}`, content);
    }
    const long = encodeWav(noise(44_100), 16_000), short = encodeWav(noise(5000, 2), 16_000);
    const files: [string, Uint8Array][] = [["long.wav", long], ["short.wav", short]];
    for (
      const name of [
        "flac_stereo.flac",
        "mp3_joint_stereo.mp3",
        "opus_mono.opus",
        "vorbis_stereo.ogg",
      ]
    ) {
      files.push([name, readFixture(name)]);
    }
    for (const [name, bytes] of files) await Deno.writeFile(`${dir}/${name}`, bytes);
    try {
      await withBrowserPage(chromium!, async (page) => {
        await watch(page);

        await t.step("from the server: several threads, every format", async () => {
          await openPage(page, server.address);
          assertStrictEquals(await page.evaluate("crossOriginIsolated"), true);
          assertMatch(
            await textOf(page, "engine"),
            /^Model: the mean of 2 models.* Computed by \d+ threads?, /,
          );
          for (const [name] of files) {
            await assertSameAnswers(page, labeller, `${dir}/${name}`, { labelsOf });
          }
        });

        await t.step("a long sound has a timeline that keys reach, and a table", async () => {
          await drop(page, ["long.wav", long]);
          assertMatch(
            await textOf(page, "label-note"),
            /^long\.wav: [abc], .*the mean of 6 windows$/,
          );
          await page.evaluate(`document.getElementById("place").focus()`);
          await page.send("Input.dispatchKeyEvent", {
            type: "keyDown",
            key: "ArrowRight",
            windowsVirtualKeyCode: 39,
          });
          await until(
            page,
            `/^0:00.5 to 0:01.0: /.test(document.getElementById("label-note").textContent)`,
          );
          const value = await page.evaluate(
            `document.getElementById("place").getAttribute("aria-valuetext")`,
          );
          assertMatch(String(value), /^0:01: [abc], \d/);
          await page.evaluate(`document.getElementById("whole").click()`);
          await until(page, `/mean of 6/.test(document.getElementById("label-note").textContent)`);
          const seconds = (await toldBy(page)).filter((message) => message.kind === "event")
            .map(({ event }) => event.endSeconds - event.startSeconds);
          assert(Math.abs(seconds.reduce((a, b) => a + b) - 44_100 / 16_000) < 1e-3);
          assertStrictEquals(
            await page.evaluate(`document.querySelectorAll("#events tr").length`),
            seconds.length,
          );
        });

        await t.step("of several files each is heard, and can be looked at again", async () => {
          await openPage(page, server.address);
          await drop(page, ["a.txt", new Uint8Array(9)], ["short.wav", short], ["long.wav", long]);
          await until(page, `told.filter(({ kind }) => kind === "heard").length === 2`);
          const rows = await page.evaluate<string[]>(
            `[...document.querySelectorAll("#shelf button")].map((row) => row.textContent)`,
          );
          assertStrictEquals(rows[0], "a.txtcould not be read");
          assertMatch(rows[1], /^short\.wav[abc], \d/);
          assertMatch(rows[2], /^long\.wav[abc], \d/);
          assertStrictEquals(await page.evaluate(`document.getElementById("answer").hidden`), true);
          for (const [place, name] of [[2, "long.wav"], [1, "short.wav"]] as const) {
            await page.evaluate(`document.querySelectorAll("#shelf button")[${place}].click()`);
            await until(
              page,
              `document.getElementById("label-note").textContent.startsWith("${name}: ")`,
            );
            await until(page, `!document.getElementById("pictures").hidden`);
          }
          assertStrictEquals(
            await page.evaluate(`told.filter(({ kind }) => kind === "heard").length`),
            2,
          );
        });

        await t.step("what it cannot read it says, and goes on", async () => {
          await drop(page, ["notes.txt", new TextEncoder().encode("no sound")]);
          assertMatch(
            await textOf(page, "said"),
            /^Cannot decode notes\.txt at byte 0: expected one of WAV/,
          );
          assertStrictEquals(await page.evaluate(`document.getElementById("answer").hidden`), true);
          await drop(page, ["short.wav", short]);
          assertMatch(await textOf(page, "said"), /^short\.wav: [abc], .* heard in /);
        });

        await t.step("a microphone is heard", async () => {
          await page.evaluate(`told.length = 0; document.getElementById("record").click()`);
          await until(
            page,
            `/^Stop \\(0:01\\)/.test(document.getElementById("record").textContent)`,
          );
          await page.evaluate(`document.getElementById("record").click()`);
          await until(page, `told.some(({ kind }) => kind === "heard")`);
          assertMatch(
            await textOf(page, "said"),
            /^recording 1: [abc], \d+\.\d.% \(\d\.\d+.s heard in /,
          );
          assertEquals(await page.evaluate("forbidden"), []);
          // The device beeps, and is heard to: silence would be said.
          assert(!(await textOf(page, "said")).includes("silent"));
        });

        await t.step("from disk: one thread, the same answers", async () => {
          await openPage(page, `file://${dir}/page/index.html`);
          assertMatch(await textOf(page, "engine"), /Computed by this thread, /);
          for (const [name] of files.slice(1, 4)) {
            await assertSameAnswers(page, labeller, `${dir}/${name}`, { labelsOf });
          }
        });

        await t.step(
          "axe-core finds nothing, and nothing is cut off, at any width and look",
          async () => {
            await page.send("Page.setBypassCSP", { enabled: true });
            for (const [width, look] of [[390, "light"], [1280, "dark"]] as const) {
              await page.resize(width, 900, look);
              await page.open(server.address);
              await until(page, `told.some(({ kind }) => kind === "ready")`);
              for (const bytes of [undefined, long]) {
                if (bytes) {
                  await drop(page, ["long.wav", bytes], ["a.txt", new Uint8Array(9)]);
                  await until(page, `told.some(({ kind }) => kind === "failed")`);
                  await page.evaluate(`document.querySelector("details").open = true`);
                }
                await assertAccessible(page, width);
              }
            }
          },
        );
      }, microphone);
    } finally {
      await server.stop(0);
      await labeller.close();
    }
  }));

Deno.test("where a model has a backbone, its page asks the server that it comes from", {
  ignore: !chromium,
}, () =>
  withFolder(async (dir) => {
    const head = await createUntrainedHead(dir), labeller = await openLabeller(head, machine);
    const server = startServer({ labeller, port: 0, files: await createPageFiles([head]) });
    await Deno.writeFile(`${dir}/a.wav`, encodeWav(noise(20_000), 16_000));
    try {
      await withBrowserPage(chromium!, async (page) => {
        await watch(page);
        await openPage(page, server.address);
        assertMatch(await textOf(page, "engine"), / Computed by the server, by net\.$/);
        await assertSameAnswers(page, labeller, `${dir}/a.wav`, {
          labelsOf: (probabilities) => labeller.decision.labelsOf(probabilities),
        });
        await server.stop(0);
        await drop(page, ["a.wav", encodeWav(noise(5000), 16_000)]);
        assertStrictEquals(
          await textOf(page, "said"),
          "Cannot go on as the server must answer: it cannot be reached",
        );
      });
    } finally {
      await server.stop(0);
      await labeller.close();
    }
  }));

Deno.test("the page answers on a GPU, where that is asked for: here one in software", {
  ignore: !chromium,
}, () =>
  withFolder(async (dir) => {
    const wide = await createUntrainedModel(1, [32, 64]);
    const labeller = await openLabeller(wide, machine), { decision } = labeller;
    const server = startServer({ labeller, port: 0, files: await createPageFiles([wide]) });
    await Deno.writeFile(`${dir}/a.wav`, encodeWav(noise(20_000), 16_000));
    try {
      await withBrowserPage(chromium!, async (page) => {
        await watch(page);
        await openPage(page, `${server.address}?backend=webgpu`);
        assertMatch(await textOf(page, "engine"), / Computed by google swiftshader\.$/);
        await assertSameAnswers(page, labeller, `${dir}/a.wav`, {
          labelsOf: (probabilities) => decision.labelsOf(probabilities),
          tolerance: 1e-4,
        });
      }, softwareGpu);
    } finally {
      await server.stop(0);
      await labeller.close();
    }
  }));
