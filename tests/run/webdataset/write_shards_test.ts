/** Shards that are written, and shards that others wrote, are the data sets that they were made of. */
import { assert, assertEquals } from "@std/assert";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import type { Recording } from "../../../pipeline/recording.ts";
import { expandBraces } from "../../../pipeline/sources/braces.ts";
import type { Dataset } from "../../../pipeline/sources/dataset.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { openRecordings, openTestFolder } from "../../../pipeline/sources/open_recordings.ts";
import type { ShardSample } from "../../../run/webdataset/shard_writer.ts";
import { writeShards, type WriteShardsOptions } from "../../../run/webdataset/write_shards.ts";
import { concat, createTar, utf8 } from "../../archives.ts";
import { assertFails } from "../../assert_failure.ts";
import { serveFiles } from "../../file_server.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";

function samplesOf({ train, validation = [], test }: Dataset): ShardSample[] {
  return [
    ...train.map((recording) => ({ recording, split: "train" } as const)),
    ...validation.map((recording) => ({ recording, split: "val" } as const)),
    ...test.map((recording) => ({ recording, split: "test" } as const)),
  ];
}

function write(dataset: Dataset, out: string, more: Partial<WriteShardsOptions> = {}) {
  const { classes } = dataset, samples = samplesOf(dataset);
  return writeShards({ classes, samples, out, shardSize: 30_000, seed: 1, ...more });
}

async function contentsOf(recordings: readonly Recording[] = []) {
  return await Promise.all(recordings.map(async ({ location, ...recording }) => {
    using source = await openLocation(location);
    return { ...recording, bytes: Uint8Array.from(await source.read(0, source.size)) };
  }));
}

Deno.test("a data set as shards is the same: sets, ids, labels, groups, annotations and bytes", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const opened = await openDataset({ dir: `${dir}/data` });
    const [first, second, ...others] = opened.train, { test } = opened;
    const annotations = [{ startSeconds: 0.1, endSeconds: 0.2, label: "low" }];
    const dataset: Dataset = {
      ...opened,
      classes: ["high", "high; low", "low"],
      train: [
        { ...first, group: "a", annotations },
        { ...second, group: "b", labels: [] },
        ...others,
        { ...second, id: "train/more.wav", labels: ["high; low"] }, // one, in a folder of that name
      ],
      validation: [{ ...test[0], id: "val/ü.x.wav", labels: ["high", "low"] }],
      test: test.slice(1),
    };
    const { shards, written, skipped } = await write(dataset, `${dir}/out/s-%03d.tar`);
    assertEquals([written, skipped], [dataset.train.length + test.length, 0]);
    assert(shards.length > 2);
    for await (const { name } of Deno.readDir(`${dir}/out`)) {
      if (name.startsWith(".")) continue;
      assert((await Deno.stat(`${dir}/out/${name}`)).size <= 30_000, name);
    }
    const path = `${dir}/out/s-{000..${`${shards.length - 1}`.padStart(3, "0")}}.tar`;
    const inFolder = await openDataset({ dir: `${dir}/out/` });
    assertEquals(await contentsOf(inFolder.test), await contentsOf(dataset.test));
    const read = await openDataset({ dir: path, groups: "group" });
    assertEquals(read.dir, path.replace(dir, await Deno.realPath(dir)));
    assertEquals(read.classes, dataset.classes);
    assertEquals(await contentsOf(read.train), await contentsOf(dataset.train));
    assertEquals(await contentsOf(read.validation), await contentsOf(dataset.validation));
    assertEquals(await contentsOf(read.test), await contentsOf(dataset.test));
    await write(dataset, `${dir}/again/s-%03d.tar`);
    const again = await Deno.readFile(`${dir}/again/s-001.tar`);
    assertEquals(again, await Deno.readFile(`${dir}/out/s-001.tar`), "the same every time");
  }));

Deno.test("what cannot be read is said and left out; old shards are never mixed with new ones", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 2);
    const dataset = await openDataset({ dir: `${dir}/data` });
    await Deno.remove(`${dir}/data/train/low/1.wav`);
    const seen: string[] = [];
    const onSkipped = (message: string) => void seen.push(message);
    const result = await write(dataset, `${dir}/s-%d.tar`, { onSkipped });
    assertEquals([result.skipped, seen.length, seen[0].includes("train/low/1.wav")], [1, 1, true]);
    const failing: readonly (readonly [string, Partial<WriteShardsOptions>, RegExp])[] = [
      [
        "s-%d.tar",
        {},
        /out must be a place where no shard is yet: there is s-\d\.tar: current value/,
      ],
      ["t.tar", {}, /out must be a path with one place for a number, such as %06d/],
      ["%d-%d.tar", {}, /out must be a path with one place for a number/],
      ["t-%d.zip", {}, /out must be a path that ends in \.tar/],
      ["t-%d.tar", { samples: [] }, /none of the recordings can be read/],
      [
        "t-%d.tar",
        { samples: [{ recording: { ...dataset.train[0], part: { startSeconds: 1 } } }] },
        /shards of parts of recordings/,
      ],
    ];
    for (const [name, more, expected] of failing) {
      await assertFails(write(dataset, `${dir}/${name}`, more), expected, name);
    }
    const onSample = (done: number) => {
      if (done === 4) throw new Error("stopped");
    };
    const stopped = write(dataset, `${dir}/t-%d.tar`, { onSample, shardSize: 1 });
    await assertFails(stopped, /stopped/, "all shards or none");
    const left = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);
    assert(!left.some((name) => name.startsWith("t-")), left.join());
  }));

Deno.test("shards of others: classes as numbers, one or several, here and on a server", () =>
  withFolder(async (dir) => {
    const shard = (...names: readonly string[]) =>
      createTar(names.flatMap((name, i) => [
        { name: `${name}.wav`, bytes: utf8(name) },
        { name: `${name}.cls`, bytes: utf8(`${i % 2}\n`) },
        { name: `${name}.txt`, bytes: utf8("what is said") },
      ]));
    await Deno.writeFile(`${dir}/a-0.tar`, shard("x/1", "x/2", "3"));
    await Deno.writeFile(`${dir}/a-1.tar`, shard("x/10", "x/9"));
    await using server = serveFiles({ find: (path) => Deno.readFile(`${dir}${path}`) });
    for (const place of [dir, server.url]) {
      const { classes, train } = await openDataset({ dir: `${place}/a-{0..1}.tar` });
      assertEquals(classes, ["0", "1"]);
      assertEquals(train.map(({ id, labels }) => `${id} ${labels}`), [
        ...["3.wav 0", "x/1.wav 0", "x/2.wav 1", "x/9.wav 1", "x/10.wav 0"],
      ]);
      const alone = await openTestFolder(`${place}/a-1.tar`, []);
      assertEquals((await contentsOf(alone)).map(({ bytes }) => new TextDecoder().decode(bytes)), [
        ...["x/9", "x/10"],
      ]);
    }
    const json = (fields: unknown) =>
      createTar([{ name: "1.flac", bytes: utf8("") }, {
        name: "1.json",
        bytes: utf8(JSON.stringify(fields)),
      }]);
    const write = (fields: unknown) => Deno.writeFile(`${dir}/j.tar`, json(fields));
    await write({ species: "owl;tit", name: "b", split: "TEST" });
    const [labelled] = await openRecordings(`${dir}/j.tar`, () => {}, {
      labelColumn: "species",
      idColumn: "name",
    });
    assertEquals([labelled.id, labelled.labels], ["b", ["owl", "tit"]]);
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [{ split: "rest" }, /split must be train, val or test: 1\.flac has rest$/],
      [{ id: "../x" }, /ids must not lead out of a folder, as \.\.\/x does$/],
      [[1], /expected a JSON object, saw something else$/],
      [
        { annotations: [{ startSeconds: 2, endSeconds: 1, label: "x" }] },
        /one of 1\.flac has not$/,
      ],
    ];
    for (const [fields, expected] of wrong) {
      await write(fields);
      await assertFails(openRecordings(`${dir}/j.tar`), expected);
    }
    await Deno.writeFile(`${dir}/cut.tar`, concat(shard("1")).subarray(0, 700));
    await assertFails(openRecordings(`${dir}/{cut,none}.tar`), /(broken|expected|none)/);
    await assertFails(
      openRecordings(`${dir}/a-{0..2}.tar`),
      /a-2\.tar: expected a shard, saw nothing there$/,
    );
  }));

Deno.test("braces stand for what a shell makes of them", () => {
  assertEquals(expandBraces("a-{008..011}.tar"), [
    "a-008.tar",
    "a-009.tar",
    "a-010.tar",
    "a-011.tar",
  ]);
  assertEquals(expandBraces("{x,y}{2..1}"), ["x2", "x1", "y2", "y1"]);
  assertEquals(expandBraces("a.tar"), ["a.tar"]);
});
