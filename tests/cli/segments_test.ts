/** The real command `segments`, with no more permissions than its task gives it. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { withFolder, writeTone } from "../fixtures.ts";
import { melstream } from "./melstream.ts";

const header = "filename,start,end,label,probability,peak";

Deno.test("segments cuts events into clips for review, and says what it leaves out", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/recordings/a.wav`, 300, 1, { seconds: 5 });
    await writeTone(`${dir}/recordings/test/b.wav`, 300, 2, { seconds: 5 });
    const rows = [
      ...["b.wav,0,1,low,0.9,0.95", "b.wav,1,2,low,0.1,0.1", "b.wav,2,3,high,0.4,0.4"],
      ...["a.wav,0,1,low,0.9,0.9", "../recordings/a.wav,0,1,low,0.9,0.9", "b.wav,6,7,low,0.9,1"],
    ];
    await Deno.writeTextFile(`${dir}/events.csv`, [header, ...rows, ""].join("\n"));
    const options = ["events.csv", "--data", "recordings", "--out", "new/review"];
    const { code, stderr } = await melstream(dir, "segments", ...options);
    assertStrictEquals(code, 0, stderr);
    assertEquals(stderr.trimEnd().split("\n"), [
      "events of recordings that are not there, left out, such as a.wav: 2",
      "1 event could not be cut: new/review/skipped.csv",
      "3 segments of 4 events of 2 labels",
      "review: new/review/review.html",
    ]);
    const out = `${dir}/new/review`;
    assertEquals(Array.from(Deno.readDirSync(out), ({ name }) => name).sort(), [
      ...["clips", "review.html", "segments.csv", "skipped.csv"],
    ]);
    const table = await Deno.readTextFile(`${out}/segments.csv`);
    assertMatch(table, /^clips\/high\/b_2\.000s\.wav,b\.wav,2,3,high,0\.4,1,4$/m);

    const again = await melstream(dir, "segments", ...options);
    assertStrictEquals(again.code, 1);
    assertMatch(
      again.stderr,
      /^melstream: Cannot write new\/review as it must be a new folder or an empty one: it holds [\w.]+\n$/,
    );
    assertEquals(await Deno.readTextFile(`${out}/segments.csv`), table);
  }));

Deno.test("segments finds recordings by the columns of a manifest, as predict does", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 300, 1, { seconds: 2 });
    await Deno.writeTextFile(`${dir}/m.csv`, "sound,name\na.wav,first\n");
    await Deno.writeTextFile(`${dir}/events.csv`, `${header}\nfirst,0,1,low,0.9,0.9\n`);
    const { code, stderr } = await melstream(
      dir,
      ...["segments", "events.csv", "--data", "m.csv", "--out", "review"],
      ...["--file-column", "sound", "--id-column", "name"],
    );
    assertStrictEquals(code, 0, stderr);
    assertMatch(stderr, /^1 segment of 1 event of 1 label$/m);
  }));

Deno.test("what segments cannot use is said in one line, and nothing is written", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/data/a.wav`, 300, 1);
    await Deno.writeTextFile(`${dir}/bad.csv`, `${header}\na.wav,1,0,low,1,1\n`);
    await Deno.writeTextFile(`${dir}/gone.csv`, `${header}\nx.wav,0,1,low,1,1\n`);
    const cases: [string[], RegExp][] = [
      [["bad.csv"], /bad\.csv as end must be a number above its start, 1: line 2 has "0"/],
      [["gone.csv"], /must name recordings that are there: there is no x\.wav/],
      [["no.csv"], /no\.csv: there is no such file/],
      [["bad.csv", "--out", "data/review"], /--out must be outside the folder of the recordings/],
      [["bad.csv", "--bins", "0"], /--bins <n>.*from 1 to 100/],
      [["bad.csv", "--context", "-1"], /--context <s>.*from 0 to 30/],
      [[], /missing required argument 'events'/],
    ];
    for (const [words, message] of cases) {
      const { code, stderr } = await melstream(dir, "segments", ...words, "--data", "data");
      assertStrictEquals(code, 1);
      assertMatch(stderr, /^melstream: [^\n]*\n$/);
      assertMatch(stderr, message);
    }
    const names = Array.from(Deno.readDirSync(dir), ({ name }) => name);
    assert(!names.includes("segments"), names.join());
  }));
