import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { type CacheFolder, openCacheFolder } from "../../../pipeline/cache/cache_folder.ts";
import type { FeatureGraphOptions } from "../../../pipeline/graph_options.ts";
import { defaultFrontEnd, type FrontEnd } from "../../../pipeline/front_end.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { plainRequests } from "../../../pipeline/requests.ts";
import { createBatchStream } from "../../../workers/batch_stream.ts";
import { FeaturePool } from "../../../workers/feature_pool.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { clipAt, withFolder, writeTone } from "../../fixtures.ts";
import { featuresOf, openGraph, requestFor, run } from "../run_graph.ts";

const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 16 };
const plain: FeatureGraphOptions = { frontEnd, seed: 1 };
const noLimit = 1e9;

/** Recordings at other rates than the front end's, shorter, as long and longer than a clip. */
async function writeClips(dir: string, count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => `${dir}/${i}.wav`);
  for (const [i, path] of paths.entries()) {
    await writeTone(path, 300 + 40 * i, i, {
      seconds: [0.2, 0.5, 1.7][i % 3],
      sampleRateHz: [8000, 22050, 44100][i % 3],
    });
  }
  return paths;
}

/** Features of some files through a cache, how each fared, and what there was to say. */
async function runCached(paths: readonly string[], cache: CacheFolder) {
  const notices: string[] = [];
  const results = await run({ ...plain, cache }, paths.map((path) => requestFor(path)), notices);
  return {
    features: results.map(featuresOf),
    outcomes: results.map(({ trace }) => trace.cache),
    notices,
  };
}

async function runPlain(paths: readonly string[]): Promise<Float32Array[]> {
  return (await run(plain, paths.map((path) => requestFor(path)))).map(featuresOf);
}

/** Names of a cache's entries. */
function entriesOf(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map(({ name }) => name)
    .filter((name) => name.endsWith(".audio")).sort();
}

/** Bytes of all entries, and what the ledger has of them. */
function sizesOf(dir: string): { total: number; ledger: number } {
  const total = entriesOf(dir).reduce((sum, name) => sum + Deno.statSync(`${dir}/${name}`).size, 0);
  const ledger = new Float64Array(Deno.readFileSync(`${dir}/melstream-ledger`).buffer)[0];
  return { total, ledger };
}

const all = <Outcome extends string>(outcome: Outcome, count: number) =>
  Array.from({ length: count }, () => outcome);

Deno.test("features are bit-equal without a cache, with an empty one and with a full one", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(dir, 6), expected = await runPlain(paths);
    const cache = openCacheFolder(`${dir}/deep/cache`, noLimit);
    for (const outcome of ["added", "hit", "hit"] as const) {
      const { features, outcomes } = await runCached(paths, cache);
      assertSameBits(features, expected);
      assertEquals(outcomes, all(outcome, 6));
    }
    const later = await runCached(paths, openCacheFolder(`${dir}/deep/cache`, noLimit));
    assertEquals(later.outcomes, all("hit", 6));
  }));

Deno.test("a hit does not decode; a file that has changed is decoded again", () =>
  withFolder(async (dir) => {
    const [path] = await writeClips(dir, 1), cache = openCacheFolder(`${dir}/cache`, noLimit);
    const { features: [before] } = await runCached([path], cache);
    const open = () => {
      throw new Error("a hit opens nothing");
    };
    const graph = openGraph({ ...plain, cache }, { open });
    const [hit] = await Array.fromAsync(
      ReadableStream.from([{ request: requestFor(path) }]).pipeThrough(graph),
    );
    assertSameBits(featuresOf(hit), before);
    const { mtime } = await Deno.stat(path);

    await writeTone(path, 1234, "other", { seconds: 0.2 });
    await Deno.utime(path, new Date(mtime!.getTime() + 1000), new Date(mtime!.getTime() + 1000));
    const { features, outcomes } = await runCached([path], cache);
    assertEquals(outcomes, ["added"]);
    assertSameBits(features, await runPlain([path]));
    assertNotEquals(features[0], before);
  }));

Deno.test("two files of equal size and time that change places are told apart", () =>
  withFolder(async (dir) => {
    const [a, b] = [`${dir}/a.wav`, `${dir}/b.wav`], time = new Date(1e12);
    for (const [i, path] of [a, b].entries()) {
      await writeTone(path, 400 + 900 * i, path);
      await Deno.utime(path, time, time);
    }
    const cache = openCacheFolder(`${dir}/cache`, noLimit);
    const [ofA, ofB] = (await runCached([a, b], cache)).features;
    await Deno.rename(a, `${dir}/c.wav`);
    await Deno.rename(b, a);
    await Deno.rename(`${dir}/c.wav`, b);
    assertSameBits((await runCached([a, b], cache)).features, [ofB, ofA]);
  }));

Deno.test("another rate or length is another entry", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(dir, 3), cache = openCacheFolder(`${dir}/cache`, noLimit);
    await runCached(paths, cache);
    for (const other of [{ sampleRateHz: 16000, maxHz: 8000 }, { durationSeconds: 0.4 }]) {
      const options = { ...plain, frontEnd: { ...frontEnd, ...other } };
      const requests = paths.map((path) => requestFor(path));
      const cached = await run({ ...options, cache }, requests);
      assertEquals(cached.map(({ trace }) => trace.cache), all("added", 3));
      assertSameBits(cached.map(featuresOf), (await run(options, requests)).map(featuresOf));
    }
  }));

Deno.test("random crop: starts are kept, a short recording's copies too, drawn parts are not", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(dir, 3), cache = openCacheFolder(`${dir}/cache`, noLimit);
    const options: FeatureGraphOptions = { ...plain, crop: "random" };
    const requests = paths.flatMap((path) => [0, 1, 2].map((copy) => requestFor(path, { copy })));
    const expected = (await run(options, requests)).map(featuresOf);
    for (const first of ["added", "hit"] as const) {
      const results = await run({ ...options, cache }, requests);
      assertSameBits(results.map(featuresOf), expected);
      assertEquals(results.map(({ trace }) => trace.cache), [
        ...[first, "hit", "hit", first, "hit", "hit", first, "missed", "missed"] as const,
      ]);
    }
  }));

Deno.test("an entry that is cut short, changed in any bit, or another recording's is rebuilt", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(dir, 2), cache = openCacheFolder(`${dir}/cache`, noLimit);
    const { features: expected } = await runCached(paths, cache);
    const entries = entriesOf(`${dir}/cache`).map((name) => `${dir}/cache/${name}`);
    const [good, other] = await Promise.all(entries.map((path) => Deno.readFile(path)));
    const random = createRandom("faults"), faults: Uint8Array[] = [other];
    for (let i = 0; i < 40; i++) {
      const flipped = good.slice();
      // The header and the key, then anywhere.
      flipped[i < 20 ? 5 * i : random.integer(good.length)] ^= 1 << random.integer(8);
      faults.push(good.subarray(0, random.integer(good.length)), flipped);
    }
    faults.push(new Uint8Array(0), new Uint8Array([...good, 0, 0, 0, 0]));
    for (const fault of faults) {
      await Deno.writeFile(entries[0], fault);
      const { features, outcomes, notices } = await runCached(paths, cache);
      assertSameBits(features, expected);
      assertEquals(outcomes.toSorted(), ["hit", "rebuilt"]);
      assertEquals(notices, []);
      assertSameBits(await Deno.readFile(entries[0]), good);
    }
    openCacheFolder(`${dir}/cache`, noLimit);
    assertStrictEquals(sizesOf(`${dir}/cache`).ledger, good.length + other.length);
  }));

Deno.test("the limit holds: what was used longest ago gives way, what this run has used does not", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(dir, 12), cacheDir = `${dir}/cache`;
    const long = paths.filter((_, i) => i % 3 > 0); // eight entries of one size, but for their key
    await runCached([long[0]], openCacheFolder(cacheDir, noLimit));
    const limit = 5.5 * sizesOf(cacheDir).total;

    const first = await runCached(long, openCacheFolder(cacheDir, limit));
    assertEquals(first.outcomes, ["hit", ...all("added", 4), ...all("missed", 3)]);
    assertSameBits(first.features, await runPlain(long));

    // A later run takes the others first: they push out what the first one left, oldest first.
    const old = new Date(Date.now() - 60_000);
    for (const name of entriesOf(cacheDir)) await Deno.utime(`${cacheDir}/${name}`, old, old);
    const later = openCacheFolder(cacheDir, limit);
    const second = await runCached(long.toReversed(), later);
    assertSameBits(second.features, first.features.toReversed());
    assertStrictEquals(entriesOf(cacheDir).length, 5);
    assert(second.outcomes.slice(0, 3).every((outcome) => outcome === "added"));
    const { total, ledger } = sizesOf(cacheDir);
    assert(total === ledger && total <= limit, `${total} ${ledger} ${limit}`);
    const again = await runCached(long.toReversed(), later);
    assertEquals(again.outcomes, second.outcomes.map((o) => o === "missed" ? o : "hit"));

    const smaller = openCacheFolder(cacheDir, limit / 2);
    assert(sizesOf(cacheDir).total <= limit / 2);
    assertStrictEquals((await runCached(long, smaller)).notices.length, 0);
  }));

Deno.test("what a dead writer left is swept away, and its sum is corrected", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(dir, 2), cacheDir = `${dir}/cache`;
    await runCached(paths, openCacheFolder(cacheDir, noLimit));
    const { total } = sizesOf(cacheDir);
    const dead = `${entriesOf(cacheDir)[0].slice(0, 32)}-${crypto.randomUUID()}.tmp`;
    await Deno.writeFile(`${cacheDir}/${dead}`, new Uint8Array(1000));
    await Deno.writeFile(`${cacheDir}/melstream-ledger`, new Uint8Array(3));
    openCacheFolder(cacheDir, noLimit);
    assertEquals(sizesOf(cacheDir), { total, ledger: total });
    assertStrictEquals([...Deno.readDirSync(cacheDir)].length, 3);
  }));

Deno.test("files of others in the folder are not touched", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(`${dir}/data`, 3), others = ["my.tmp", "my.audio", "ledger"];
    for (const name of others) await Deno.writeTextFile(`${dir}/${name}`, "mine");
    for (let i = 0; i < 2; i++) await runCached(paths, openCacheFolder(dir, 1));
    for (const name of others) {
      assertStrictEquals(await Deno.readTextFile(`${dir}/${name}`), "mine");
    }
  }));

/** Runs `fill_cache.ts`, perhaps through a shell that sets limits. */
async function fillCache(args: string[], shell?: string) {
  const command = [
    ...[Deno.execPath(), "run", "-q", "-A", new URL("./fill_cache.ts", import.meta.url).pathname],
    ...args,
  ];
  const [program, ...rest] = shell
    ? ["bash", "-c", `${shell}; exec "$@"`, "bash", ...command]
    : command;
  const { stdout, stderr, success } = await new Deno.Command(program, { args: rest }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)) as { outcomes: string[]; notices: string[] };
}

Deno.test("processes and workers that fill one cache at a time keep to its limit together", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(`${dir}/data`, 40), cacheDir = `${dir}/cache`;
    const limit = 700_000; // 40 take 1.1 MB
    const cache = openCacheFolder(cacheDir, limit);
    const pool = new FeaturePool({ workers: 3 });
    const inWorkers = async () => {
      const clips = paths.map((path) => clipAt(path, { id: path }));
      const options = { graph: plain, cache, batchSize: 8 };
      const features: number[] = [];
      for await (const batch of createBatchStream(pool, plainRequests(clips), options)) {
        features.push(...batch.inputs);
        batch.release();
      }
      return features;
    };
    try {
      const [features, ...others] = await Promise.all([
        inWorkers(),
        fillCache([`${dir}/data`, cacheDir, `${limit}`]),
        fillCache([`${dir}/data`, cacheDir, `${limit}`]),
      ]);
      assertSameBits(features, (await runPlain(paths)).flatMap((row) => [...row]));
      for (const { outcomes, notices } of others) {
        assert(outcomes.every((outcome) => outcome.startsWith("features")));
        assertEquals(notices, []);
      }
      const { hit, added, missed, rebuilt } = pool.cacheCounts;
      assertStrictEquals(hit + added + missed, 40);
      assertStrictEquals(rebuilt, 0);
    } finally {
      pool.close();
    }
    const { total, ledger } = sizesOf(cacheDir);
    assertStrictEquals(total, ledger);
    assert(total <= limit && total > limit / 2, `${total}`);
  }));

Deno.test({
  name:
    "a disk that is full in the middle of an entry: said once, nothing left of it, features whole",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (dir) => {
      const paths = await writeClips(`${dir}/data`, 6);
      // A file may have 20 kB: entries of 18 kB fit, those of 44 kB fail when they are half written.
      const { outcomes, notices } = await fillCache(
        [`${dir}/data`, `${dir}/cache`, "1e9"],
        "trap '' XFSZ; ulimit -f 20",
      );
      assertStrictEquals(outcomes[0], "features added");
      assertEquals(outcomes.slice(1), all("features missed", paths.length - 1));
      assertStrictEquals(notices.length, 1);
      assertMatch(
        notices[0],
        /^the audio cache .*\/cache cannot be written to, only read: [^/]*too large[^/]*$/i, // no path
      );
      assertEquals(entriesOf(`${dir}/cache`).length, 1);
      assertStrictEquals([...Deno.readDirSync(`${dir}/cache`)].length, 2);
    }),
});

Deno.test("a cache that cannot be written to is said once and read from all the same", () =>
  withFolder(async (dir) => {
    const paths = await writeClips(dir, 4), expected = await runPlain(paths);
    const cacheDir = `${dir}/cache`;
    await runCached(paths.slice(0, 2), openCacheFolder(cacheDir, noLimit));
    await Deno.remove(`${cacheDir}/melstream-ledger`);
    await Deno.mkdir(`${cacheDir}/melstream-ledger`); // nobody can take its lock now
    const { features, outcomes, notices } = await runCached(
      paths,
      openCacheFolder(cacheDir, noLimit),
    );
    assertSameBits(features, expected);
    assertEquals(outcomes, ["hit", "hit", "missed", "missed"]);
    assertStrictEquals(notices.length, 1);
    assertMatch(notices[0], /cache cannot be written to, only read: /);

    await Deno.writeTextFile(`${dir}/file`, "");
    for (const place of [`${dir}/file`, `${dir}/file/below`]) {
      const nowhere = await runCached(paths, openCacheFolder(place, noLimit));
      assertSameBits(nowhere.features, expected);
      assertEquals(nowhere.outcomes, all("missed", 4));
      assertStrictEquals(nowhere.notices.length, 1);
    }
  }));

Deno.test("a limit that is none is refused", () => {
  for (const limit of [0, -1, NaN]) {
    assertThrows(() => openCacheFolder("nowhere", limit), RangeError);
  }
});
