/** The rooms of the house import only what they may: see the table in CONTRIBUTING.md. */
import assert from "node:assert/strict";

/** What each room may import, beside itself and packages. */
const mayImport: Record<string, readonly string[]> = {
  wasm: [],
  pipeline: ["wasm"],
  workers: ["pipeline"],
  model: ["pipeline", "wasm"],
  report: ["model", "pipeline"],
  run: ["report", "model", "workers", "pipeline", "deno.json"],
  cli: ["run", "report", "model", "pipeline"],
};
/** What `model/` may take from `pipeline/` beyond types: random numbers and the front end's rules, which are nobody's insides. */
const sharedValues = ["pipeline/random.ts", "pipeline/front_end.ts"];

const root = new URL("..", import.meta.url).pathname;

async function* sourceFiles(dir: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${root}${dir}`)) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory && entry.name !== "assembly") yield* sourceFiles(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

Deno.test("no room imports from a room it must not know", async () => {
  let imports = 0;
  for (const [room, allowed] of Object.entries(mayImport)) {
    for await (const file of sourceFiles(room)) {
      const text = await Deno.readTextFile(`${root}${file}`);
      for (
        const [statement, path] of text.matchAll(/^(?:import|export)[^;]*?from "(\.[^"]+)"/gms)
      ) {
        const target = new URL(path, `file://${root}${file}`).pathname.slice(root.length);
        const targetRoom = target.split("/")[0];
        imports++;
        if (targetRoom === room) continue;
        assert.ok(allowed.includes(targetRoom), `${file} must not import ${target}`);
        if (room === "model" && targetRoom === "pipeline" && !sharedValues.includes(target)) {
          const onlyTypes = /^import type/.test(statement) ||
            /\{([^}]*)\}/.exec(statement)![1].split(",").every((name) =>
              /^\s*(type\s|$)/.test(name)
            );
          assert.ok(onlyTypes, `${file} must import nothing but types from ${target}`);
        }
      }
    }
  }
  assert.ok(imports > 100, `only ${imports} imports were found`);
});
