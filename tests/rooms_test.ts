/** The rooms of the house import what CONTRIBUTING.md's table says, and no file imports itself by a circle. */
import { assert, assertEquals } from "@std/assert";

/** Values that `model/` takes from `pipeline/` beyond types: what is nobody's insides. */
const sharedValues = [
  ...["pipeline/random.ts", "pipeline/stage_ms.ts", "pipeline/clip.ts", "pipeline/front_end.ts"],
];

const root = new URL("..", import.meta.url).pathname;

/** What each room may import beside itself and packages, by the table: `all` is not looked at. */
async function readTable(): Promise<Map<string, readonly string[]>> {
  const text = await Deno.readTextFile(`${root}CONTRIBUTING.md`);
  const names = (cell: string) => [...cell.matchAll(/`([a-z.]+)\/?`/g)].map(([, name]) => name);
  const rooms = new Map<string, readonly string[]>();
  for (const line of text.split("\n").filter((line) => line.startsWith("| `"))) {
    const [, room, , imports] = line.split("|").map((cell) => cell.trim());
    if (imports === "all") continue;
    for (const name of names(room)) rooms.set(name, names(imports));
  }
  return rooms;
}

async function* sourceFiles(dir: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${root}${dir}`)) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory && entry.name !== "assembly") yield* sourceFiles(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

interface Import {
  readonly target: string;
  /** Nothing of it is there when the program runs. */
  readonly onlyTypes: boolean;
  /** Loaded when it is needed, which no circle can come of. */
  readonly isDynamic: boolean;
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await Deno.readTextFile(`${root}${file}`);
  const targetOf = (path: string) =>
    new URL(path, `file://${root}${file}`).pathname.slice(root.length);
  const found: Import[] = [];
  for (
    const [statement, path] of text.matchAll(/^(?:import|export)\b[^;]*?from "(\.[^"]+)"/gms)
  ) {
    const onlyTypes = /^(import|export) type/.test(statement) ||
      /^[^{]*\{([^}]*)\}/.exec(statement)?.[1].split(",").every((name) =>
          /^\s*(type\s|$)/.test(name)
        ) === true;
    found.push({ target: targetOf(path), onlyTypes, isDynamic: false });
  }
  for (const [, path] of text.matchAll(/^import "(\.[^"]+)"/gm)) {
    found.push({ target: targetOf(path), onlyTypes: false, isDynamic: false });
  }
  // `import(…)` of a value, and workers; `typeof import(…)` is a type.
  const dynamic = /(?<!typeof )\bimport\("(\.[^"]+)"|new Worker\(new URL\("(\.[^"]+)"/g;
  for (const [, path, worker] of text.matchAll(dynamic)) {
    found.push({ target: targetOf(path ?? worker), onlyTypes: false, isDynamic: true });
  }
  for (const [, path] of text.matchAll(/typeof import\("(\.[^"]+)"/g)) {
    found.push({ target: targetOf(path), onlyTypes: true, isDynamic: true });
  }
  return found;
}

const roomOf = (path: string) => path.split("/")[0];

Deno.test("every room imports just the rooms that CONTRIBUTING.md's table says", async () => {
  const table = await readTable();
  assert(table.size >= 6, `rooms in the table: ${[...table.keys()].join(", ")}`);
  for (const [room, allowed] of table) {
    const seen = new Set<string>();
    for await (const file of sourceFiles(room)) {
      for (const { target, onlyTypes } of await importsOf(file)) {
        if ([room, "deps"].includes(roomOf(target))) continue;
        assert(allowed.includes(roomOf(target)), `${file} must not import ${target}`);
        seen.add(roomOf(target));
        if (room === "model" && roomOf(target) === "pipeline" && !sharedValues.includes(target)) {
          assert(onlyTypes, `${file} must import nothing but types from ${target}`);
        }
      }
    }
    assertEquals([...seen].sort(), [...allowed].sort(), `what ${room} imports`);
  }
});

Deno.test("no file imports itself by way of others, types included", async () => {
  const edges = new Map<string, string[]>();
  for (const room of (await readTable()).keys()) {
    for await (const file of sourceFiles(room)) {
      const loaded = (await importsOf(file)).filter(({ isDynamic }) => !isDynamic);
      edges.set(file, loaded.map(({ target }) => target));
    }
  }
  const done = new Set<string>();
  const visit = (file: string, above: readonly string[]): void => {
    assert(!above.includes(file), `a circle: ${[...above, file].join(" > ")}`);
    if (done.has(file)) return;
    for (const target of edges.get(file) ?? []) visit(target, [...above, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  assert(done.size > 100, `files seen: ${done.size}`);
});
