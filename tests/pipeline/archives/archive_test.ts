/** Archives as data sets: the same recordings as in a folder, whatever holds them. */
import { assert, assertEquals } from "@std/assert";
import { dirname } from "../../../deps/std_path.ts";
import fc from "fast-check";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { recogniseArchive } from "../../../pipeline/archives/recognise_archive.ts";
import { decompress } from "../../../pipeline/archives/decompress.ts";
import { describeLocation, fileLocation } from "../../../pipeline/locations/location.ts";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import type { Recording } from "../../../pipeline/recording.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { openRecordings, openTestFolder } from "../../../pipeline/sources/open_recordings.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { concat, createTar, createZip, type Member, membersBelow, utf8 } from "../../archives.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

/** Every kind of archive of the same members, by the name that its file gets. */
const archives: Readonly<Record<string, (members: readonly Member[]) => Uint8Array>> = {
  "deflated.zip": createZip,
  "stored.zip": (members) => createZip(members.map((each) => ({ ...each, method: 0 }))),
  "large.zip": (members) => createZip(members, { isZip64: true }),
  "a.tar": createTar,
  "a.tar.gz": (members) => gzipSync(createTar(members)),
  "a.tar.zst": (members) => zstdCompressSync(createTar(members)),
};

async function write(dir: string, members: readonly Member[]): Promise<void> {
  for (const { name, bytes = new Uint8Array() } of members) {
    await Deno.mkdir(dirname(`${dir}/${name}`), { recursive: true });
    await Deno.writeFile(`${dir}/${name}`, bytes);
  }
}

async function readAll(recordings: readonly Recording[]): Promise<[string, Uint8Array][]> {
  const read = async ({ id, location }: Recording): Promise<[string, Uint8Array]> => {
    using source = await openLocation(location);
    return [id, Uint8Array.from(await source.read(0, source.size))];
  };
  return await Promise.all(recordings.map(read));
}

Deno.test("an archive holds the recordings that its folder does, byte for byte, in the same order", () =>
  withFolder(async (dir) => {
    const name = fc.constantFrom("a", "B", "c10", "c9", "é", "e\u0301", "日本", "x y", "test");
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
    const members = fc.uniqueArray(
      fc.record({ name: path.map((path) => `${path}.wav`), bytes: fc.uint8Array() }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 12 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(members, async (members) => {
        const root = `${dir}/${++run}`;
        await write(`${root}/folder`, members);
        const expected = await readAll(await openRecordings(`${root}/folder`));
        for (const [file, create] of Object.entries(archives)) {
          await Deno.writeFile(`${root}/${file}`, create(members));
          assertEquals(await readAll(await openRecordings(`${root}/${file}`)), expected, file);
        }
      }),
      { numRuns: 30 },
    );
  }));

/** A data set with all that is said of one: sets, leftovers, files that are no audio, equal recordings. */
const dataset: readonly Member[] = [
  ...["train/dog/2.wav", "train/dog/10.wav", "train/cat/1.wav", "train/cat/Thumbs.db"],
  ...["train/cat/notes.txt", "train/.git/x.wav", "val/dog/3.wav", "val/fox/4.wav"],
  ...["test/dog/5.wav", "test/6.wav", "__MACOSX/train/dog/._2.wav", "readme.md", "loose.wav"],
].map((name) => ({ name, bytes: utf8(`RIFF ${name.replace("test/6", "train/cat/1")}`) }));

Deno.test("a data set in an archive is the folder's: classes, sets, labels and what is said of it", () =>
  withFolder(async (dir) => {
    await write(`${dir}/folder`, dataset);
    await Deno.writeTextFile(
      `${dir}/labels.csv`,
      "filename,label\n2,low\ncat/1.wav,high\ngone,low\n",
    );
    const inWords = async (path: string, labelsFile?: string) => {
      const { dir, origin, ...opened } = await openDataset({ dir: path, labelsFile });
      assert(origin.startsWith(path) && dir);
      return JSON.parse(JSON.stringify(opened, (key, value) => key === "location" ? "" : value));
    };
    for (const labelsFile of [undefined, `${dir}/labels.csv`]) {
      const expected = await inWords(`${dir}/folder`, labelsFile);
      for (const [file, create] of Object.entries(archives)) {
        await Deno.writeFile(`${dir}/${file}`, create(dataset));
        assertEquals(await inWords(`${dir}/${file}`, labelsFile), expected, file);
      }
    }
    const { train } = await openFolder(`${dir}/a.tar`);
    assertEquals(describeLocation(train[0].location), `${dir}/a.tar/train/cat/1.wav`);
  }));

Deno.test("a path may lead into an archive: to a folder in it, or to one recording", () =>
  withFolder(async (dir) => {
    for (const [file, create] of Object.entries(archives)) {
      await Deno.writeFile(`${dir}/${file}`, create(dataset));
      const path = `${dir}/${file}`;
      assertEquals((await openFolder(`${path}/train/`)).classes, ["cat", "dog"]);
      assertEquals((await openRecordings(`${path}/train/dog`)).map(({ id }) => id), [
        ...["2.wav", "10.wav"],
      ]);
      const [one] = await openTestFolder(`${path}/test/dog/5.wav`, []);
      assertEquals(await readAll([one]), [["5.wav", utf8("RIFF test/dog/5.wav")]]);
      const missing = openRecordings(`${path}/train/fox`);
      await assertFails(missing, /Cannot read .*fox: expected a folder .*, saw nothing there$/);
      await assertFails(openRecordings(`${path}/readme.md/x`), /saw nothing there$/);
    }
  }));

Deno.test("what is no archive that is read is refused in one line that says the way out", () =>
  withFolder(async (dir) => {
    const zip = createZip(dataset), tar = createTar(dataset);
    const cases: readonly [string, Uint8Array, RegExp][] = [
      [
        "a.tar.bz2",
        utf8("BZh91AY&SY"),
        /saw a file compressed by bzip2: decompress it \(bunzip2\)/,
      ],
      ["a.7z", Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), /saw a 7z archive: unpack it/],
      ["a.rar", utf8("Rar!\x1a\x07\x01\x00"), /saw a RAR archive/],
      ["a.xz", Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /compressed by xz/],
      ["text.gz", gzipSync(utf8("no tar")), /expected a tar in the gzip file, saw something else/],
      ["cut.tar.gz", gzipSync(tar).subarray(0, 200), /expected a whole gzip file, saw one that is/],
      ["bad.tar.zst", zstdCompressSync(tar).fill(0, 8, 20), /expected a whole zstd file, saw/],
      ["cut.zip", zip.subarray(0, zip.length - 30), /expected a whole zip, saw one that is broken/],
      ["head.zip", zip.subarray(0, 60), /expected a whole zip, saw one that is broken/],
      ["a.tar", concat(tar.subarray(0, 1024), utf8("x".repeat(600))), /header at byte 1024, saw/],
    ];
    for (const [name, bytes, words] of cases) {
      await Deno.writeFile(`${dir}/${name}`, bytes);
      for (const open of [openFolder, openRecordings]) {
        const failure = { name: "DatasetError", message: words };
        await assertFails(open(`${dir}/${name}`), failure, name);
        await assertFails(open(`${dir}/${name}`), /: Cannot read [^\n]+$/, name);
      }
    }
  }));

Deno.test("a compressed tar that holds more than is kept in memory is given up there", () =>
  withFolder(async (dir) => {
    await Deno.writeFile(`${dir}/bomb.tar.gz`, gzipSync(new Uint8Array(3e6)));
    assertEquals((await decompress(fileLocation(`${dir}/bomb.tar.gz`), "gzip", 3e6)).length, 3e6);
    const over = decompress(fileLocation(`${dir}/bomb.tar.gz`), "gzip", 3e6 - 1);
    await assertFails(over, { name: "RangeError", message: /more than 2999999 bytes/ });
  }));

Deno.test("damaged archives are refused in words, or their members are, one by one", () =>
  withFolder(async (dir) => {
    await write(`${dir}/folder`, dataset);
    const members = await membersBelow(`${dir}/folder`);
    for (const create of [createZip, createTar]) {
      const whole = create(members), path = `${dir}/damaged`;
      const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1 });
      await fc.assert(
        fc.asyncProperty(
          damage,
          fc.integer({ min: 1, max: whole.length }),
          async (changes, end) => {
            const bytes = Uint8Array.from(whole);
            for (const [at, byte] of changes) bytes[at] = byte;
            await Deno.writeFile(path, bytes.subarray(0, end % 2 === 0 ? whole.length : end));
            if (!recogniseArchive(bytes)) return;
            try {
              for (const { location } of await openRecordings(path)) {
                try {
                  await readAll([{ id: "", location }]);
                } catch (error) {
                  assertEquals((error as Error).name, "DecodeError", String(error));
                }
              }
            } catch (error) {
              assertEquals((error as Error).name, "DatasetError", String(error));
            }
          },
        ),
        { numRuns: 300 },
      );
    }
  }));
