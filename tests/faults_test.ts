/** Every test that docs/faults.md names is there: `file: name`, several with ` · ` between them. */
import assert from "node:assert/strict";

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
  assert.ok(rows.length > 0);
  for (const row of rows) {
    const tests = row.split("|").at(-2)!.trim();
    for (
      const [, file, name] of tests.split(" · ").map((test) => /^(\w+): (.+)$/.exec(test) ?? [])
    ) {
      assert.ok(sources.get(file)?.includes(name), `docs/faults.md: no test ${file}: ${name}`);
    }
  }
});
