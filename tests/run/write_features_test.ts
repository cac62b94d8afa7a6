import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { openRecordings } from "../../pipeline/sources/open_recordings.ts";
import { acquireLock, lockPathOf, temporaryPath } from "../../run/files/lock.ts";
import { writeFeatures } from "../../run/write_features.ts";
import { assertFails } from "../assert_failure.ts";
import { withFolder, writeTone } from "../fixtures.ts";

const namesIn = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

Deno.test("names of any length: what has no room for .npy is skipped by name, the rest is written", () =>
  withFolder(async (dir) => {
    const fits = `${"a".repeat(247)}.wav`, tooLong = `${"b".repeat(251)}.wav`;
    for (const name of [fits, tooLong, "sub/c.wav"]) {
      await writeTone(`${dir}/in/${name}`, 300, name);
    }
    const recordings = await openRecordings(`${dir}/in`), out = `${dir}/out`;
    const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 16 };
    await Deno.mkdir(`${out}/sub`, { recursive: true });
    await Deno.writeTextFile(temporaryPath(`${out}/sub`), "left by a dead one");
    const { written, skipped } = await writeFeatures({ recordings, out, frontEnd, workers: 1 });
    assertStrictEquals(written, 2);
    assertEquals(skipped.map(({ request }) => request.clip.recording.id), [tooLong]);
    assertMatch(skipped[0].message, /^Cannot write \S+bbb\.wav\.npy: File name too long/);
    assertEquals(namesIn(out), [`${fits}.npy`, "manifest.csv", "skipped.csv", "sub"]);
    assertEquals(namesIn(`${out}/sub`), ["c.wav.npy"]);
  }));

Deno.test("a folder of features has one writer at a time", () =>
  withFolder(async (dir) => {
    const out = `${dir}/out`;
    using _ = await acquireLock(lockPathOf(out), out);
    const writing = writeFeatures({ recordings: [], out, workers: 1 });
    await assertFails(writing, /must have one writer at a time: it is in use by process \d+/);
  }));

Deno.test("features that are stopped are gone on with, and too many without a file end it", () =>
  withFolder(async (dir) => {
    for (let i = 0; i < 40; i++) await writeTone(`${dir}/in/${i}.wav`, 300, i);
    for (const i of [3, 20, 25]) await Deno.writeTextFile(`${dir}/in/${i}.wav`, "no sound");
    const recordings = await openRecordings(`${dir}/in`);
    const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.1, melBands: 16 };
    const options = { recordings, frontEnd, workers: 1, out: `${dir}/out` };
    await assertFails(
      writeFeatures({ ...options, maxErrors: 1 }),
      /at most 1 of 40 .*: 2 are so far\. 2 of 2 say .* \(see \S+\/out\/skipped\.csv\)\. .* --resume$/,
    );
    await assertFails(writeFeatures(options), /must be gone on with \(--resume\) or deleted/);
    const first = (await Deno.stat(`${dir}/out/0.wav.npy`)).mtime;
    const { written, skipped } = await writeFeatures({ ...options, maxErrors: 3, resume: true });
    assertEquals([written, skipped.length], [37, 3]);
    assertEquals((await Deno.stat(`${dir}/out/0.wav.npy`)).mtime, first);
    const manifest = (await Deno.readTextFile(`${dir}/out/manifest.csv`)).trimEnd().split("\n");
    const good = recordings.map(({ id }) => id).filter((id) => !/^(3|20|25)\.wav/.test(id));
    assertEquals(manifest.slice(1), good.map((id) => `${id},${id}.npy,`));
    assertEquals(namesIn(`${dir}/out`).length, 37 + 2);
  }));
