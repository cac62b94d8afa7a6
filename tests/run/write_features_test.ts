import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { openRecordings } from "../../pipeline/sources/open_recordings.ts";
import { acquireLock, temporaryPath } from "../../run/lock.ts";
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
    assertEquals(namesIn(out), [`${fits}.npy`, "skipped.csv", "sub"]);
    assertEquals(namesIn(`${out}/sub`), ["c.wav.npy"]);
  }));

Deno.test("a folder of features has one writer at a time", () =>
  withFolder(async (dir) => {
    using _ = await acquireLock(`${dir}/.lock`, dir);
    const writing = writeFeatures({ recordings: [], out: dir, workers: 1 });
    await assertFails(writing, /must have one writer at a time: it is in use by process \d+/);
  }));
