import assert from "node:assert/strict";
import { createAtomicFile, replaceFolder, writeAtomically } from "../../run/atomic_file.ts";
import { createCsvFile } from "../../run/csv_file.ts";
import { withFolder } from "../fixtures.ts";

const namesIn = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

Deno.test("a file is old until it is committed, then new, and nothing is left beside it", () =>
  withFolder(async (dir) => {
    const path = `${dir}/a.txt`;
    await writeAtomically(path, "old");
    const file = await createAtomicFile(path);
    await file.write("ne");
    await file.write(new TextEncoder().encode("w"));
    assert.equal(await Deno.readTextFile(path), "old");
    await file.commit();
    assert.equal(await Deno.readTextFile(path), "new");
    const abandoned = await createAtomicFile(path);
    await abandoned.write("half");
    await abandoned.abort();
    assert.equal(await Deno.readTextFile(path), "new");
    assert.deepEqual(namesIn(dir), ["a.txt"]);
  }));

Deno.test("a folder that cannot be written to keeps what it had and says why", () =>
  withFolder(async (dir) => {
    await assert.rejects(writeAtomically(`${dir}/missing/a.txt`, "x"), Deno.errors.NotFound);
    // A folder in the file's place makes the last step, the rename, fail.
    await Deno.mkdir(`${dir}/a.txt/full`, { recursive: true });
    await assert.rejects(writeAtomically(`${dir}/a.txt`, "x"));
    assert.deepEqual(namesIn(dir), ["a.txt"]);
  }));

Deno.test("a CSV file quotes what needs it and appears at its end", () =>
  withFolder(async (dir) => {
    const csv = await createCsvFile(`${dir}/a.csv`, ["filename", "label"]);
    await csv.addRow(['b,"c"\n.wav', 1.5]);
    assert.ok(!namesIn(dir).includes("a.csv"));
    await csv.commit();
    const text = await Deno.readTextFile(`${dir}/a.csv`);
    assert.equal(text, 'filename,label\n"b,""c""\n.wav",1.5\n');
  }));

Deno.test("a folder is replaced whole, whatever an earlier stop left beside it", () =>
  withFolder(async (dir) => {
    await replaceFolder(`${dir}/m`, { a: "1", b: "1" });
    await Deno.mkdir(`${dir}/m.next`);
    await Deno.writeTextFile(`${dir}/m.next/half`, "");
    await replaceFolder(`${dir}/m`, { a: "2" });
    assert.deepEqual(namesIn(dir), ["m"]);
    assert.deepEqual(namesIn(`${dir}/m`), ["a"]);
    assert.equal(await Deno.readTextFile(`${dir}/m/a`), "2");
  }));
