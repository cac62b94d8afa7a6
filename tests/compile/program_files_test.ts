/** What an executable is made of: all that the program's code finds, and nothing of what it does not. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { listProgramFiles } from "../../compile/program_files.ts";
import { dirname, join } from "../../deps/std_path.ts";
import { root } from "../cli/melstream.ts";
import { withFolder } from "../fixtures.ts";

/** Folders that hold nothing that a run of the program reads. */
const apart = ["assembly", "compile", "dist", "docs", "examples", "runs", "tests", "types"];

/** Paths below the repository's folder, whatever names them. */
async function* filesIn(dir: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(root, dir))) {
    const path = dir === "" ? name : `${dir}/${name}`;
    if (!isDirectory) yield path;
    else if (!apart.includes(name) && !name.startsWith(".")) yield* filesIn(path);
  }
}

Deno.test("every kernel, thread, page and manifest that lies in the repository is part of the program", async () => {
  const { modules, workers, assets, packages } = await listProgramFiles(root, "main.ts");
  const isRead = /\.(wasm|csv)$|^(report|web)\/([\w]+|built\/\w+)\.js$/;
  // What runs in a page is served from web/built/.
  const isThread = /^(?!web\/).*_worker\.ts$/;
  const files = await Array.fromAsync(filesIn(""));
  assertEquals(assets, files.filter((path) => isRead.test(path)).sort());
  assertEquals(workers, files.filter((path) => isThread.test(path)).sort());
  for (const path of [...workers, "main.ts", "deno.json", "cli/train_command.ts"]) {
    assert(modules.includes(path), path);
  }
  assertEquals(packages, modules.filter((path) => path.startsWith("deps/")));
  assert(packages.includes("deps/onnxruntime_web.ts"), "which a thread alone imports");
});

async function write(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(dir, name)), { recursive: true });
    await Deno.writeTextFile(join(dir, name), text);
  }
}

Deno.test("a program's files: by imports, threads of threads and names, without types", () =>
  withFolder(async (dir) => {
    await write(dir, {
      "main.ts": `
        import type { Shape } from "./shape.ts";
        import { late } from "./room/late.ts";
        export const shape: Shape = late;
        new Worker(new URL("./room/first_worker.ts", import.meta.url));
        // new URL("./nowhere.txt", import.meta.url)`,
      "shape.ts": "export type Shape = unknown;",
      "room/late.ts":
        'export const late = () => import("../data.json", { with: { type: "json" } });',
      "room/first_worker.ts":
        'new Worker(\n  new URL("./second_worker.ts", import.meta.url),\n  { type: "module" },\n);',
      "room/second_worker.ts":
        "for (const name of []) fetch(new URL(`../list/${name}.csv`, import.meta.url));",
      "data.json": "{}",
      "list/a.csv": "",
      "list/b.csv": "",
      "list/b.txt": "",
    });
    const { modules, workers, assets } = await listProgramFiles(dir, "main.ts");
    const threads = ["room/first_worker.ts", "room/second_worker.ts"];
    assertEquals(workers, threads);
    assertEquals(modules, [
      "data.json",
      "main.ts",
      ...threads.slice(0, 1),
      "room/late.ts",
      threads[1],
    ]);
    assertEquals(assets, ["list/a.csv", "list/b.csv"]);
  }));

Deno.test("a program that names what is missing, or reads what cannot be known, is refused", () =>
  withFolder(async (dir) => {
    const refused = async (code: string, message: string) => {
      await write(dir, { "main.ts": code });
      await assertRejects(() => listProgramFiles(dir, "main.ts"), Error, message);
    };
    await refused(
      'fetch(new URL("./gone.wasm", import.meta.url));',
      "gone.wasm, which the program reads",
    );
    await refused(
      'new Worker(new URL("./gone.ts", import.meta.url));',
      "gone.ts, which the program",
    );
    await refused('await import("./gone.ts");', "gone.ts");
    await refused(
      "const name = Deno.args[0]; fetch(new URL(name, import.meta.url));",
      "Cannot tell which files main.ts reads",
    );
  }));
