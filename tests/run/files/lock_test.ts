/** One writer at a time, seen from real processes. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { createAtomicFile } from "../../../run/files/atomic_file.ts";
import { createCsvFile } from "../../../run/files/csv_file.ts";
import { acquireLock, lockPathOf, sweepFolder, temporaryPath } from "../../../run/files/lock.ts";
import { RunError } from "../../../run/run_error.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

const namesIn = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

function startHolder(path: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", new URL("./lock_holder.ts", import.meta.url).pathname, path],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
}

async function firstWords(child: Deno.ChildProcess): Promise<string> {
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return new TextDecoder().decode(value).trim();
}

Deno.test("of twenty processes that want a lock at once one has it, and the others are told which", () =>
  withFolder(async (dir) => {
    const children = Array.from({ length: 20 }, () => startHolder(`${dir}/.lock`));
    const words = await Promise.all(children.map(firstWords));
    const holders = children.filter((_, i) => words[i] === "held");
    assertStrictEquals(holders.length, 1, words.join("\n"));
    const told = words.filter((text) => text !== "held");
    for (const text of told) {
      assertMatch(text, /^Cannot write to the test's folder as it must have one writer at a time/);
      assertMatch(text, new RegExp(`in use by process ${holders[0].pid} on \\S+, begun at 20`));
    }
    for (const child of children) {
      await child.stdin.close();
      await child.stdout.cancel();
      await child.status;
    }
    assertEquals(namesIn(dir), [], "it leaves no file behind");
  }));

Deno.test("a lock left by a process that was killed is taken over at once", () =>
  withFolder(async (dir) => {
    const path = `${dir}/.lock`;
    const child = startHolder(path);
    assertStrictEquals(await firstWords(child), "held");
    await assertRejects(() => acquireLock(path, "it"), RunError);
    child.kill("SIGKILL");
    await Promise.all([child.stdin.abort().catch(() => {}), child.stdout.cancel()]);
    await child.status;
    assertEquals(namesIn(dir), [".lock"]);
    using lock = await acquireLock(path, "it");
    assert(lock.isHeld());
    assertStrictEquals(JSON.parse(await Deno.readTextFile(path)).pid, Deno.pid);
  }));

Deno.test("another host's lock is respected while it gives signs of life", () =>
  withFolder(async (dir) => {
    const path = `${dir}/.lock`, started = new Date().toISOString();
    await Deno.writeTextFile(path, `${JSON.stringify({ pid: 7, host: "elsewhere", started })}\n`);
    const error = await assertRejects(() => acquireLock(path, "it"), RunError);
    assertMatch(error.message, /process 7 on elsewhere, .*\.lock, counts for 5 minutes/);
    const old = new Date(Date.now() - 301_000);
    await Deno.utime(path, old, old);
    using lock = await acquireLock(path, "it");
    assert(lock.isHeld());
    // The other way round: slept through by this process, and taken over.
    await Deno.writeTextFile(path, `${JSON.stringify({ pid: 8, host: "elsewhere", started })}\n`);
    assert(!lock.isHeld());
    lock[Symbol.dispose]();
    assertMatch(await Deno.readTextFile(path), /elsewhere/, "the next owner keeps it");
  }));

Deno.test("a lock is not held any more where its folder was deleted or replaced", () =>
  withFolder(async (dir) => {
    const path = `${dir}/run/.lock`;
    await Deno.mkdir(`${dir}/run`);
    using lock = await acquireLock(path, "it");
    await Deno.remove(`${dir}/run`, { recursive: true });
    assert(!lock.isHeld());
    await Deno.mkdir(`${dir}/run`);
    using other = await acquireLock(path, "it");
    lock[Symbol.dispose]();
    assert(!lock.isHeld() && other.isHeld(), "giving it back does no harm to the next owner");
  }));

Deno.test("a CSV file has one writer at a time, whose rows are the file's", () =>
  withFolder(async (dir) => {
    const path = `${dir}/${"ä".repeat(125)}.csv`; // 254 bytes: as long as a name may be
    const first = await createCsvFile(path, ["a"]);
    await assertFails(createCsvFile(path, ["b"]), /must have one writer at a time/);
    await first.addRow(["1"]);
    await first.commit();
    const second = await createCsvFile(path, ["b"]);
    await second.abort();
    assertStrictEquals(await Deno.readTextFile(path), "a\n1\n");
    assertStrictEquals(namesIn(dir).length, 1);
  }));

Deno.test("what dead writers left is taken away, what living ones write and others' files stay", () =>
  withFolder(async (dir) => {
    const key = "0123456789abcdef", other = `.melstream-${key}.txt`;
    const foreign = `.melstream-${key}.tmp`; // of another host, which may be alive
    const left = [temporaryPath(dir), `${dir}/.melstream-${key}.lock`];
    for (const path of [...left, ...[other, foreign, "a.tmp"].map((name) => `${dir}/${name}`)]) {
      await Deno.writeTextFile(path, "left");
    }
    const living = await createAtomicFile(`${dir}/a`);
    await living.write("alive");
    await sweepFolder(dir);
    await living.commit();
    assertEquals(namesIn(dir), [foreign, other, "a", "a.tmp"]);
    const old = new Date(Date.now() - 86_401_000);
    await Deno.utime(`${dir}/${foreign}`, old, old);
    await sweepFolder(dir);
    assertEquals(namesIn(dir), [other, "a", "a.tmp"]);
    // The first file that a process writes in a folder has it swept.
    await Deno.mkdir(`${dir}/next`);
    await Deno.writeTextFile(lockPathOf(`${dir}/next/gone.csv`), "left");
    await (await createCsvFile(`${dir}/next/b.csv`, ["a"])).commit();
    assertEquals(namesIn(`${dir}/next`), ["b.csv"]);
  }));

Deno.test("on a file system without locks signs of life decide", () =>
  withFolder(async (dir) => {
    const { tryLock } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.tryLock = () => Promise.reject(new Error("no locks here"));
    try {
      const path = `${dir}/.lock`;
      using lock = await acquireLock(path, "it");
      await assertFails(acquireLock(path, "it"), /in use by process \d+.* counts for 5 minutes/);
      const file = await createAtomicFile(`${dir}/a`);
      await sweepFolder(dir);
      await file.commit(); // it was not taken for a dead writer's
      const old = new Date(Date.now() - 301_000);
      await Deno.utime(path, old, old);
      using next = await acquireLock(path, "it");
      assert(next.isHeld() && lock.isHeld(), "one process is one owner");
    } finally {
      Deno.FsFile.prototype.tryLock = tryLock;
    }
  }));
