/** The README's example, as a program in a folder of its own, where no configuration leads to the packages. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { parse } from "../deps/std_csv.ts";
import { withFolder, writeToneDataset } from "./fixtures.ts";

Deno.test("the README's example is checked and runs from another folder, without this one's deno.json", () =>
  withFolder(async (dir) => {
    const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
    const [, example] = /## As a library\n\n```ts\n(.*?)```/s.exec(readme)!;
    const library = new URL("../mod.ts", import.meta.url).href;
    const shorter = example.replace("epochs: 10", "epochs: 1");
    await Deno.writeTextFile(`${dir}/job.ts`, shorter.replace("./mod.ts", library));
    await writeToneDataset(`${dir}/recordings`, 4);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--check", "-A", "job.ts"],
      cwd: dir,
    }).output();
    assertStrictEquals(success, true, new TextDecoder().decode(stderr));
    const rows = parse(await Deno.readTextFile(`${dir}/submission.csv`));
    assertEquals(rows[0], ["filename", "label"]);
    assertStrictEquals(rows.length, 1 + 6);
  }));

/** The examples of a text, in their order. */
function examplesOf(text: string): string[] {
  return [...text.matchAll(/^( \* )?```ts\n(.*?)^( \* )?```/gms)].map(([, , example]) => example);
}

Deno.test("every value of the library has an example, and those of docs/library.md run in their order", () =>
  withFolder(async (dir) => {
    const read = (path: string) => Deno.readTextFile(new URL(`../${path}`, import.meta.url));
    const examples = examplesOf(await read("docs/library.md"));
    const others = [
      ...examplesOf(await read("mod.ts")),
      ...examplesOf(await read("docs/serve.md")),
    ];
    const all = [...examples, ...others].join("\n");
    const without = Object.keys(await import("../mod.ts")).filter((name) =>
      !new RegExp(`\\b${name}\\b`).test(all)
    );
    assertEquals(without, []);
    const library = new URL("../mod.ts", import.meta.url).href;
    for (const [i, example] of examples.entries()) {
      await Deno.writeTextFile(`${dir}/${i}.ts`, example.replaceAll("../mod.ts", library));
    }
    const lines = examples.map((_, i) => `await import("./${i}.ts");`);
    await Deno.writeTextFile(`${dir}/main.ts`, lines.join("\n"));
    await writeToneDataset(`${dir}/recordings`, 4);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", "main.ts"], // the gate checks their types
      cwd: dir,
    }).output();
    assertStrictEquals(success, true, new TextDecoder().decode(stderr));
  }));
