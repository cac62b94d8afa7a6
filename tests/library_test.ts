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
