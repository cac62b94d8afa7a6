import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import {
  createAtomicFile,
  replaceFolder,
  writeAtomically,
} from "../../../run/files/atomic_file.ts";
import { createCsvFile } from "../../../run/files/csv_file.ts";
import { RunError } from "../../../run/run_error.ts";
import { withFolder } from "../../fixtures.ts";

const namesIn = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

Deno.test("a file is old until it is committed, then new, and nothing is left beside it", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.txt`;
    await writeAtomically(path, "old");
    const file = await createAtomicFile(path);
    await file.write("ne");
    await file.write(new TextEncoder().encode("w"));
    assertStrictEquals(await Deno.readTextFile(path), "old");
    await file.commit();
    assertStrictEquals(await Deno.readTextFile(path), "new");
    const abandoned = await createAtomicFile(path);
    await abandoned.write("half");
    await abandoned.abort();
    assertStrictEquals(await Deno.readTextFile(path), "new");
    assertEquals(namesIn(dir), ["a.txt"]);
  }));

Deno.test("a file that cannot be written is named with the cause, and what was there stays", () =>
  withFolder(async (dir) => {
    const assertRefused = async (action: Promise<unknown>, words: RegExp) => {
      const error = await assertRejects(() => action, RunError);
      assertMatch(error.message, words);
    };
    const missing = `${dir}/missing/a.txt`;
    await assertRefused(
      writeAtomically(missing, "x"),
      /^Cannot write \S+missing\/a.txt: No such file or directory \(os error 2\)$/,
    );
    const long = `${dir}/${"x".repeat(256)}`;
    await assertRefused(createAtomicFile(long), /^Cannot write .*xxx: File name too long/);
    await Deno.mkdir(`${dir}/a.txt/full`, { recursive: true });
    await assertRefused(createAtomicFile(`${dir}/a.txt`), /it must be a file/);
    assertEquals(namesIn(dir), ["a.txt"]);
  }));

Deno.test("a name may be as long as the file system lets it", () =>
  withFolder(async (dir) => {
    const name = "x".repeat(255);
    await writeAtomically(`${dir}/${name}`, "x");
    assertEquals(namesIn(dir), [name]);
  }));

/** Runs a program that has a file and a folder under way; returns what is left in its folder. */
async function leftBy(dir: string, ending: string): Promise<string[]> {
  const code = `
    import { createCsvFile } from "${new URL("../../../run/files/csv_file.ts", import.meta.url)}";
    import { exitOnSignals } from "${new URL("../../../cli/exit_on_signals.ts", import.meta.url)}";
    exitOnSignals();
    const file = await createCsvFile("${dir}/a.csv", ["a"]);
    await file.addRow(["x".repeat(1e5)]);
    const left = [...Deno.readDirSync("${dir}")].length;
    if (left !== 2) console.log("under way: " + left);
    ${ending}`;
  const child = new Deno.Command(Deno.execPath(), { args: ["eval", code], stderr: "null" }).spawn();
  assert(!(await child.status).success);
  return namesIn(dir);
}

Deno.test("temporary files and locks go with an exit and with signals; after a kill the next writer takes them", () =>
  withFolder(async (dir) => {
    assertEquals(await leftBy(dir, `Deno.exit(3)`), []);
    for (const signal of ["SIGINT", "SIGTERM"]) {
      const waits = `setInterval(() => {}, 1000); Deno.kill(Deno.pid, "${signal}");`;
      assertEquals(await leftBy(dir, waits), [], signal);
    }
    assertStrictEquals((await leftBy(dir, `Deno.kill(Deno.pid, "SIGKILL")`)).length, 2);
    await (await createCsvFile(`${dir}/a.csv`, ["a"])).commit();
    assertEquals(namesIn(dir), ["a.csv"]);
  }));

Deno.test("a CSV file quotes what needs it and appears at its end", () =>
  withFolder(async (dir) => {
    const csv = await createCsvFile(`${dir}/a.csv`, ["filename", "label"]);
    await csv.addRow(['b,"c"\n.wav', 1.5]);
    assert(!namesIn(dir).includes("a.csv"));
    await csv.commit();
    const text = await Deno.readTextFile(`${dir}/a.csv`);
    assertStrictEquals(text, 'filename,label\n"b,""c""\n.wav",1.5\n');
  }));

Deno.test("a folder is replaced whole, whatever an earlier stop left beside it", () =>
  withFolder(async (dir) => {
    await replaceFolder(`${dir}/m`, { a: "1", b: "1" });
    await Deno.mkdir(`${dir}/m.next`);
    await Deno.writeTextFile(`${dir}/m.next/half`, "");
    await replaceFolder(`${dir}/m`, { a: "2" });
    assertEquals(namesIn(dir), ["m"]);
    assertEquals(namesIn(`${dir}/m`), ["a"]);
    assertStrictEquals(await Deno.readTextFile(`${dir}/m/a`), "2");
  }));
