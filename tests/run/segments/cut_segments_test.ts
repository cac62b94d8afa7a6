/** Segments cut from events: the sound, the tables, and what cannot be cut. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { decode } from "../../../deps/fast_png.ts";
import { decodeFile } from "../../../pipeline/decode/decode_file.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { openRecordings } from "../../../pipeline/sources/open_recordings.ts";
import { acquireLock, lockPathOf } from "../../../run/files/lock.ts";
import { cutSegments, type SegmentsOptions } from "../../../run/segments/cut_segments.ts";
import { cutStretch } from "../../../run/segments/cut_stretch.ts";
import { assertFails } from "../../assert_failure.ts";
import { encodeWav, withFolder } from "../../fixtures.ts";
import { noise } from "../../pipeline/dsp/signals.ts";

const rate = 8000, header = "filename,start,end,label,probability";

/** Ten seconds of noise, a second of it at another rate, a file that is no sound; and what lies beside them. */
async function writeData(dir: string): Promise<void> {
  await Deno.mkdir(`${dir}/data/deep`, { recursive: true });
  await Deno.writeFile(`${dir}/data/long.wav`, encodeWav(noise(10 * rate, 1), rate));
  await Deno.writeFile(`${dir}/data/deep/short.wav`, encodeWav(noise(44_100, 2), 44_100));
  await Deno.writeTextFile(`${dir}/data/broken.wav`, "no sound");
  await Deno.writeFile(`${dir}/secret.wav`, encodeWav(noise(rate, 3), rate));
}

async function cut(dir: string, rows: readonly string[], more: Partial<SegmentsOptions> = {}) {
  const events = `${dir}/events.csv`;
  await Deno.writeTextFile(events, [header, ...rows, ""].join("\n"));
  return await cutSegments({
    ...{ events, recordings: await openRecordings(`${dir}/data`), out: `${dir}/out` },
    ...{ bins: 5, perBin: 10, seed: 1, contextSeconds: 1, longestSeconds: 3 },
    ...more,
  });
}

async function readRows(path: string) {
  return parse(await Deno.readTextFile(path), { skipFirstRow: true });
}

Deno.test("the page asks about the highest score first, where that is asked for", () =>
  withFolder(async (dir) => {
    await writeData(dir);
    const scores = [0.2, 0.9, 0.6, 0.95, 0.1, 0.7];
    const rows = scores.map((score, i) => `long.wav,${i},${i + 0.5},near,${score}`);
    await cut(dir, rows, { order: "score", contextSeconds: 0 });
    const asked = (await readRows(`${dir}/out/segments.csv`)).map(({ probability }) => probability);
    assertEquals(asked.map(Number), [0.95, 0.9, 0.7, 0.6, 0.2, 0.1]);
  }));

Deno.test("clips are the recordings' own samples, with context as far as these reach", () =>
  withFolder(async (dir) => {
    await writeData(dir);
    const result = await cut(dir, [
      "long.wav,0.25,0.5,begin,0.9",
      "long.wav,4,4.75,middle,0.9",
      "long.wav,9.5,10,end,0.9",
      "long.wav,2,9,longer,0.9",
      "deep/short.wav,0.1234567,0.2,rate,0.9",
      "long.wav,9.99,12,beyond,0.9",
    ]);
    assertEquals([result.segments, result.events, result.labels, result.skipped], [6, 6, 6, 0]);
    const stretches: Record<string, [number, number]> = {
      ...{ begin: [0, 1.5], middle: [3, 5.75], end: [8.5, 10], longer: [1, 6] },
      ...{ rate: [0, 1], beyond: [8.99, 10] },
    };
    const rows = await readRows(`${dir}/out/segments.csv`);
    assertStrictEquals(rows.length, 6);
    for (const { clip, filename, label, clip_start, clip_end } of rows) {
      const [start, end] = stretches[label];
      assertEquals([Number(clip_start), Number(clip_end)], [start, end], label);
      const whole = await decodeFile(`${dir}/data/${filename}`);
      const { samples, sampleRateHz } = await decodeFile(`${dir}/out/${clip}`);
      const from = Math.round(start * sampleRateHz), to = Math.round(end * sampleRateHz);
      assertStrictEquals(sampleRateHz, whole.sampleRateHz);
      assertStrictEquals(samples.length, to - from, label);
      // Decoded from 16 bits and encoded to them again: no more than one step between.
      samples.forEach((x, i) => assert(Math.abs(x - whole.samples[from + i]) < 1.1 / 32768));
      const png = decode(await Deno.readFile(`${dir}/out/${clip.replace(/wav$/, "png")}`));
      assert(png.height > 60 && png.width > 20, `${png.width} × ${png.height}`);
    }
    assertEquals(await readRows(`${dir}/out/skipped.csv`), []);
  }));

Deno.test("a part of a recording is cut as far as the part reaches, on both sides", async () => {
  const samples = Float32Array.from({ length: 16000 }, (_, i) => i / 16000);
  const source = bytesSource("day.wav", encodeWav(samples, 8000));
  const part = { startSeconds: 1, endSeconds: 1.5 };
  const options = { contextSeconds: 1, longestSeconds: 5 };
  const cut = await cutStretch({ start: 0.125, end: 0.25 }, source, options, part);
  assertEquals([cut.startSeconds, cut.samples.length], [0, 4000]);
});

Deno.test("what cannot be cut is named with its cause, and nothing outside the recordings is read", () =>
  withFolder(async (dir) => {
    await writeData(dir);
    const rows = [
      ...["../secret.wav,0,1,a,0.5", `${dir}/secret.wav,0,1,a,0.5`, "gone.wav,0,1,a,0.5"],
      ...["long.wav,0,1,a,0.5", "broken.wav,0,1,a,0.5", "long.wav,10,11,a,0.5"],
      ...["long.wav,10.5,11,b,0.5", "long.wav,1e12,2e12,b,0.5"],
    ];
    const result = await cut(dir, rows);
    assertEquals([result.segments, result.events, result.skipped], [1, 5, 4]);
    assertEquals(result.elsewhere, { count: 3, example: "../secret.wav" });
    const causes = Object.fromEntries(
      (await readRows(`${dir}/out/skipped.csv`)).map((
        row,
      ) => [row.filename + row.start, row.cause]),
    );
    assertMatch(causes["broken.wav0"], /^Cannot decode .*broken\.wav/);
    assertMatch(
      causes["long.wav10"],
      /must begin before the recording ends: it ends at 10\.000 s$/,
    );
    assertMatch(causes["long.wav10.5"], /must begin before the recording ends/);
    assertMatch(causes["long.wav1000000000000"], /must begin before the recording ends/);
  }));

Deno.test("where nothing can be cut, or the place is taken, nothing is made", () =>
  withFolder(async (dir) => {
    await writeData(dir);
    const good = "long.wav,0,1,a,0.5";
    await assertFails(
      cut(dir, ["../secret.wav,0,1,a,1"]),
      /there is no \.\.\/secret\.wav \(--data/,
    );
    await assertFails(cut(dir, []), /must name recordings that are there: it names none/);
    await assertFails(
      cut(dir, ["broken.wav,0,1,a,1"]),
      /Cannot cut any of 1 events: Cannot decode/,
    );
    await assertFails(cut(dir, [good, "long.wav,3,2,a,1"]), /events\.csv as end must .* line 3/);
    {
      using _ = await acquireLock(lockPathOf(`${dir}/out`), "it");
      await assertFails(cut(dir, [good]), /must have one writer at a time/);
    }
    assertEquals(Array.from(Deno.readDirSync(dir), ({ name }) => name).sort(), [
      ...["data", "events.csv", "secret.wav"],
    ]);
    await Deno.mkdir(`${dir}/out`);
    await cut(dir, [good]); // an empty folder is as good as none
    await assertFails(cut(dir, [good]), /must be a new folder or an empty one: it holds/);
  }));

Deno.test("what a writer that was killed left is taken away; a folder appears only when it is whole", () =>
  withFolder(async (dir) => {
    await writeData(dir);
    const left = lockPathOf(`${dir}/out`).replace(/lock$/, "new");
    await Deno.mkdir(`${left}/clips`, { recursive: true });
    await Deno.writeTextFile(`${left}/clips/half.wav`, "RIFF");
    await cut(dir, ["long.wav,0,1,a,0.5", "long.wav,1,2,a,0.5"], {
      onSegment: () =>
        assert(!Array.from(Deno.readDirSync(dir)).some(({ name }) => name === "out")),
    });
    assertEquals(
      Array.from(Deno.readDirSync(dir), ({ name }) => name).filter((name) => name.startsWith(".")),
      [],
    );
    const clips = Array.from(Deno.readDirSync(`${dir}/out/clips/a`), ({ name }) => name).sort();
    const stems = ["long_0.000s", "long_1.000s"];
    assertEquals(clips, stems.flatMap((stem) => [`${stem}.png`, `${stem}.wav`]));
  }));

Deno.test("the same events and seed make the same folder", () =>
  withFolder(async (dir) => {
    await writeData(dir);
    const rows = Array.from({ length: 40 }, (_, i) =>
      `long.wav,${i / 5},${i / 5 + 0.2},${"ab"[i % 2]},${i / 40}`);
    const files = async (out: string, seed: number) => {
      await cut(dir, rows, { out: `${dir}/${out}`, perBin: 2, seed });
      return await Promise.all(
        ["segments.csv", "review.html"].map((name) =>
          Deno.readTextFile(`${dir}/${out}/${name}`)
        ),
      );
    };
    const first = await files("one", 1);
    assertEquals(await files("two", 1), first);
    assert((await files("three", 2))[0] !== first[0]);
  }));
