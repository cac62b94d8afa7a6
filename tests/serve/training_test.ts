/** Training over HTTP: who may ask for it, and what may be looked at. */
import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { openFolder } from "../../pipeline/sources/folder.ts";
import { resolveConfig } from "../../run/config/config.ts";
import { writeConfig } from "../../run/config/config_file.ts";
import { startServer } from "../../serve/serve.ts";
import { FolderTree } from "../../serve/training/folder_tree.ts";
import { TrainingDesk } from "../../serve/training/training_desk.ts";
import type { TrainingState } from "../../web/training_messages.ts";
import { assertFails } from "../assert_failure.ts";
import { withFolder, writeTone, writeToneDataset } from "../fixtures.ts";

Deno.test("folders are listed below the one that is allowed, and nowhere else", () =>
  withFolder(async (dir) => {
    for (const name of ["root/b/10", "root/b/9", "root/.hidden", "secret"]) {
      await Deno.mkdir(`${dir}/${name}`, { recursive: true });
    }
    await writeTone(`${dir}/root/b/x.WAV`, 300, 1);
    await Deno.writeTextFile(`${dir}/root/b/notes.txt`, "");
    await Deno.symlink(`${dir}/secret`, `${dir}/root/out`);
    await Deno.symlink(`${dir}/root/b`, `${dir}/root/in`);
    const tree = new FolderTree(`${dir}/root`);
    assertEquals(await tree.list("."), {
      ...{ path: ".", parent: undefined, folders: ["b", "in"], numMore: 0, numSounds: 0 },
    });
    const { path, parent, folders, numSounds } = await tree.list("b/");
    assertEquals([path, parent, folders, numSounds], ["b", ".", ["9", "10"], 1]);
    const root = await Deno.realPath(`${dir}/root`);
    assertStrictEquals((await tree.list(`${root}/b`)).path, "b");
    assertStrictEquals(await tree.resolve("b/../b/9"), `${dir}/root/b/9`);
    for (const outside of ["..", "b/../..", "/", `${dir}/secret`, "out", "../nothing"]) {
      await assertFails(tree.resolve(outside), /Cannot look into .* as it must lie in /);
    }
    for (const missing of ["c", "b/x.WAV"]) {
      await assertFails(tree.list(missing), /Cannot find a folder /);
    }
  }));

Deno.test("what trains is asked for by its own page alone", () =>
  withFolder(async (dir) => {
    const token = "0123456789abcdef";
    const server = startServer({ port: 0, token, training: { root: dir, runs: `${dir}/runs` } });
    const { origin } = new URL(server.address), authorization = `Bearer ${token}`;
    const ask = async (path: string, init: RequestInit, own = true) => {
      const headers = { ...own && { authorization }, ...init.headers };
      const answer = await fetch(origin + path, { ...init, headers });
      return [answer.status, await answer.text()] as const;
    };
    try {
      for (
        const [status, message, path, init, own] of [
          [401, /token/, "/train/folders", {}, false],
          [401, /token/, "/train/start", { method: "POST", headers: { origin } }, false],
          [403, /the page that trains must ask/, "/train/start", { method: "POST" }],
          [403, /pages of other sites/, "/train/start", {
            ...{ method: "POST", headers: { origin: "http://example.org" } },
          }],
          [405, /must be POST/, "/train/start", {}],
          [400, /epochs must be a whole number/, "/train/start?epochs=0", {
            ...{ method: "POST", headers: { origin } },
          }],
          [400, /may name epochs, folder, recipe, seconds/, "/train/start?out=x", {
            ...{ method: "POST", headers: { origin } },
          }],
          [403, /must lie in/, "/train/start?folder=..", { method: "POST", headers: { origin } }],
          [409, /no run is under way/, "/train/stop", { method: "POST", headers: { origin } }],
          [404, /has none/, "/train/resume", { method: "POST", headers: { origin } }],
          [404, /none is looked at/, "/train/inspect.html", {}],
          [404, /Cannot find \/predict/, "/predict", { method: "POST", body: "x" }],
        ] as const
      ) {
        const [seen, said] = await ask(path, init, own);
        assertStrictEquals(seen, status, `${path}: ${said}`);
        assertMatch(said, message);
      }
      const page = await fetch(`${origin}/train/`, { headers: { authorization } });
      assertMatch(
        page.headers.get("content-security-policy")!,
        /^default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; .*frame-ancestors 'none'/,
      );
      assertEquals(/ style=| on\w+=|<script>/.exec(await page.text()), null);
    } finally {
      await server.stop(0);
    }
  }));

Deno.test("runs that the page cannot go on with are named with the reason", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/tones`, 2);
    await Deno.mkdir(`${dir}/other`);
    const desk = new TrainingDesk({ root: `${dir}/other`, runs: `${dir}/runs` });
    assertStrictEquals(await desk.newest(), undefined);
    const config = await resolveConfig({ dataset: await openFolder(`${dir}/tones`) });
    await Deno.mkdir(`${dir}/runs/a`, { recursive: true });
    for (
      const [changes, reason] of [
        [{}, /^its recordings, .*tones, are not in the folder that this server may train on$/],
        [
          { folds: 5 },
          /^it is a cross-validation, which melstream train --resume .* goes on with$/,
        ],
        [{ ensemble: 3 }, /^it is an ensemble, /],
        [{ data: null }, undefined],
        [{ data: `${dir}/other` }, undefined],
      ] as const
    ) {
      await writeConfig(`${dir}/runs/a`, { ...config, ...changes });
      const { name, hasEnded, cannotResume } = (await desk.newest())!;
      assertEquals([name, hasEnded], ["a", false]);
      if (reason) assertMatch(cannotResume!, reason);
      else assertStrictEquals(cannotResume, undefined);
    }
    await Deno.writeTextFile(`${dir}/runs/a/config.json`, "{");
    await assertFails(desk.resume(), /Cannot go on with a: Cannot read .*config\.json/);
  }));

Deno.test("a server that is being stopped answers nothing new while a run is saved", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/tones`, 5);
    const machine = { backend: "cpu" as const, workers: 1, threads: 1 };
    const server = startServer({ port: 0, training: { root: dir, runs: `${dir}/runs`, machine } });
    const { origin } = new URL(server.address), init = { method: "POST", headers: { origin } };
    const begun = await fetch(`${origin}/train/start?folder=tones&epochs=9&seconds=0.5`, init);
    assertStrictEquals(begun.status, 202, await begun.text());
    const stopped = server.stop();
    const late = await fetch(`${origin}/healthz`);
    assertEquals([late.status, await late.json()], [503, {
      error: "Cannot answer as the server is being stopped",
    }]);
    await stopped;
  }));

Deno.test("a run that cannot begin says why, and leaves no folder", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/tones`, 2);
    const server = startServer({ port: 0, training: { root: dir, runs: `${dir}/runs` } });
    const { origin } = new URL(server.address);
    try {
      const order = async (path: string) => {
        const answer = await fetch(origin + path, { method: "POST", headers: { origin } });
        await answer.body?.cancel();
        return answer.status;
      };
      const until = async <T>(find: (state: TrainingState) => T | undefined): Promise<T> => {
        for (;;) {
          const found = find(await (await fetch(`${origin}/train/state`)).json());
          if (found !== undefined) return found;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      };
      assertStrictEquals(await order("/train/start?folder=tones&seconds=0.02"), 202);
      assertMatch(
        await until(({ run }) => run?.failure),
        /durationSeconds must be at least /,
      );
      assertEquals([...Deno.readDirSync(`${dir}/runs`)], []);
      await Deno.writeTextFile(`${dir}/tones/train/high/1.wav`, "RIFF");
      assertStrictEquals(await order("/train/look?folder=tones"), 202);
      const { figures, classes, skipped } = await until(({ survey }) => survey?.held);
      assertEquals(figures.map(({ figure }) => figure).filter((word) => /^\d+$/.test(word)), [
        ...["9", "1"],
      ]);
      assertEquals(classes, [["low", 5], ["high", 4]]);
      assertMatch(skipped[0].join(": "), /^train\/high\/1\.wav: Cannot decode/);
      assertMatch(await (await fetch(`${origin}/train/inspect.html`)).text(), /Would be skipped/);
      assertStrictEquals(await order("/train/look?folder=runs"), 202);
      assertMatch(await until(({ survey }) => survey?.failure), /^Cannot find a recording in/);
    } finally {
      await server.stop(0);
    }
  }));
