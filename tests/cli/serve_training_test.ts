/** `serve` without a model: a page to train one, with no more permissions than the task gives. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { TrainingState } from "../../web/training_messages.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";
import { withServer } from "./serve_process.ts";

/** What the page asks its server. */
function pageAt(address: string) {
  const { origin } = new URL(address);
  const get = async <T>(path: string): Promise<T> => await (await fetch(origin + path)).json();
  return {
    get,
    post: (path: string, from = origin) =>
      fetch(origin + path, { method: "POST", headers: { origin: from } }),
    text: async (path: string) => await (await fetch(origin + path)).text(),
    /** Waits until the run stands so. */
    async until(status: string): Promise<NonNullable<TrainingState["run"]>> {
      for (;;) {
        const { run } = await get<TrainingState>("/train/state");
        if (run?.status === status) return run;
        assert(run && run.status !== "failed" && run.status !== "ended", JSON.stringify(run));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

Deno.test("serve: a run is begun, stopped, gone on with by another server, and its pages are given", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/sounds/tones`, 5);
    const options = ["--root", "sounds", "--port", "0", "--backend", "cpu"];
    let name = "";
    const first = await withServer(dir, options, async (address) => {
      const page = pageAt(address);
      assertStrictEquals((await fetch(address, { redirect: "manual" })).status, 303);
      assertMatch(await page.text("/"), /<h1>Train a model<\/h1>/);
      assertStrictEquals(await page.get("/train/newest"), null);
      const begin = "/train/start?folder=tones&epochs=6&seconds=auto";
      const begun = await page.post(begin);
      assertStrictEquals(begun.status, 202, await begun.text());
      const again = await page.post(begin);
      assertStrictEquals(again.status, 409);
      assertMatch((await again.json()).error, /^Cannot train now as one run is under way/);
      await page.until("training");
      assertStrictEquals((await page.post("/train/stop")).status, 202);
      const stopped = await page.until("stopped");
      assertEquals(stopped.begun?.numTrain, 8);
      name = stopped.name!;
    });
    assertStrictEquals(first.code, 0, first.said);
    assertMatch(first.said, /^training {3}from the page, on what lies in sounds\naddress /);
    const second = await withServer(dir, options, async (address) => {
      const page = pageAt(address);
      assertEquals(await page.get("/train/newest"), { name, hasEnded: false });
      const resumed = await page.post("/train/resume");
      assertStrictEquals(resumed.status, 202, await resumed.text());
      const ended = await page.until("ended");
      assertEquals(ended.rows.map(({ epoch }) => epoch), [1, 2, 3, 4, 5, 6]);
      assertStrictEquals(ended.result?.examples, 2);
      assertEquals(await page.get("/train/newest"), { name, hasEnded: true });
      assertMatch(await page.text(`/runs/${name}/report.html`), /<h1>/);
      assertMatch(await page.text(`/runs/${name}/`), /It tells 2 classes apart.*href="\/train\/"/s);
      assertMatch(await page.text(`/runs/${name}/model.js`), /^globalThis\.melstreamData = /);
      for (const other of ["config.json", "last/state.json", "..%2f..%2fdeno.json", "nothing.js"]) {
        const answer = await fetch(new URL(`/runs/${name}/${other}`, address));
        assertStrictEquals(answer.status, 404, other);
        await answer.body?.cancel();
      }
    });
    assertStrictEquals(second.code, 0, second.said);
  }));
