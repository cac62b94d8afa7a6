/**
 * Every test that docs/faults.md names is there: `file: name`, or a file alone; further ones behind ` · `, where the
 * file may be left out.
 */
import { assert } from "@std/assert";

const root = new URL("..", import.meta.url).pathname;

async function* testFiles(dir: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    if (isDirectory) yield* testFiles(`${dir}/${name}`);
    else if (name.endsWith("_test.ts")) yield `${dir}/${name}`;
  }
}

Deno.test("the table of faults names tests that are there", async () => {
  const sources = new Map<string, string>();
  for await (const path of testFiles(`${root}tests`)) {
    sources.set(
      path.slice(path.lastIndexOf("/") + 1, -".ts".length),
      await Deno.readTextFile(path),
    );
  }
  const text = await Deno.readTextFile(`${root}docs/faults.md`);
  const rows = text.split("\n").filter((line) => /^\| (?!What|-)/.test(line));
  assert(rows.length > 0);
  for (const row of rows) {
    let file = "";
    for (const test of row.split("|").at(-2)!.trim().split(" · ")) {
      const [, named, name] = /^(?:(\w+_test)(?:: |$))?(.*)$/.exec(test)!;
      file = named ?? file;
      assert(sources.get(file)?.includes(name), `docs/faults.md: no test ${file}: ${name}`);
    }
  }
});
