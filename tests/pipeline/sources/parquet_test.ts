/** Tables in Parquet: recordings in their cells, as Hugging Face has them, or named by their paths. */
import { assertEquals } from "@std/assert";
import { parquetWriteFile } from "../../../deps/hyparquet_writer.ts";
import { decodeSource } from "../../../pipeline/decode/decode.ts";
import { contentStampOf } from "../../../pipeline/locations/content_stamp.ts";
import { describeLocation } from "../../../pipeline/locations/location.ts";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { openRecordings } from "../../../pipeline/sources/open_recordings.ts";
import { assertFails } from "../../assert_failure.ts";
import { serveFiles } from "../../file_server.ts";
import { withFolder } from "../../fixtures.ts";

const table = new URL("../../vectors/parquet/audio.parquet", import.meta.url).pathname;

/** A tone's frequency by its crossings of zero, in Hz. */
function frequencyOf(samples: Float32Array, sampleRateHz: number): number {
  const crossings = samples.filter((sample, i) => i > 0 && samples[i - 1] <= 0 && sample > 0);
  return 10 * Math.round(crossings.length * sampleRateHz / samples.length / 10);
}

Deno.test("recordings in cells, with the names of their classes, here and on a server", async () => {
  await using server = serveFiles({ find: () => Deno.readFile(table) });
  for (const path of [table, `${server.url}/audio.parquet?token=secret`]) {
    const { classes, train } = await openDataset({ dir: path });
    assertEquals(classes, ["owl", "tit"]);
    const found = await Promise.all(train.map(async ({ id, labels, location }) => {
      using source = await openLocation(location);
      const { samples, sampleRateHz } = await decodeSource(source, {});
      return `${id} ${labels} ${frequencyOf(samples, sampleRateHz)}`;
    }));
    assertEquals(found.sort(), [
      ...["0.wav owl 200", "0.wav#2 tit 250", "1.wav owl 300", "1.wav#2 tit 350"],
      ...["2.wav owl 400", "row-5 tit 450"],
    ]);
    const stamps = await Promise.all(
      train.map(({ location }) => contentStampOf(location, { first: 4096, last: 4096 })),
    );
    assertEquals(new Set(stamps).size, 6, "each cell is told apart");
  }
  const several = await openDataset({ dir: table, labelColumn: "tags", groups: "fold" });
  assertEquals(several.classes, ["loud", "near"]);
  assertEquals(several.train.map(({ labels, group }) => `${labels} ${group}`).sort(), [
    ...[" 0", " 2", " 4", "loud,near 1", "loud,near 3", "loud,near 5"],
  ]);
});

Deno.test("a folder of tables is a data set, each of its split by its name", () =>
  withFolder(async (dir) => {
    const bytes = await Deno.readFile(table);
    for (const name of ["train-00000-of-00001", "test-00000-of-00001"]) {
      await Deno.writeFile(`${dir}/${name}.parquet`, bytes);
    }
    await Deno.writeTextFile(`${dir}/README.md`, "a card");
    for (const path of [dir, `${dir}/{train,test}-00000-of-00001.parquet`]) {
      const { train, validation, test } = await openDataset({ dir: path });
      assertEquals([train.length, validation, test.length], [6, undefined, 6]);
      const names = [train[0], test[0]].map(({ location }) => describeLocation(location));
      assertEquals(names, [
        `${dir}/train-00000-of-00001.parquet/0.wav`,
        `${dir}/test-00000-of-00001.parquet/0.wav`,
      ]);
    }
  }));

Deno.test("paths in a table are relative to it; what is no table, or has no sound, is said", () =>
  withFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/1.wav`, "");
    const write = (filename: string, path: string[]) =>
      parquetWriteFile({
        filename: `${dir}/${filename}`,
        columnData: [{ name: "path", data: path }, { name: "label", data: path.map(() => "x") }],
      });
    await write("paths.parquet", ["1.wav", "2.wav"]);
    const { train } = await openDataset({ dir: `${dir}/paths.parquet` });
    assertEquals(train.map(({ location }) => describeLocation(location)), [
      ...[`${dir}/1.wav`, `${dir}/2.wav`],
    ]);
    await write("none.parquet", ["3.wav"]);
    await assertFails(openRecordings(`${dir}/none.parquet`), /there is no .*3\.wav/);
    await Deno.writeTextFile(`${dir}/bad.parquet`, "no table at all");
    await assertFails(
      openRecordings(`${dir}/bad.parquet`),
      /Cannot read labels from .*bad\.parquet: /,
    );
    const bytes = await Deno.readFile(table);
    const cut = bytes.slice();
    cut.fill(0, 4, 40);
    await Deno.writeFile(`${dir}/damaged.parquet`, cut);
    const [damaged] = await openRecordings(`${dir}/damaged.parquet`);
    const open = Promise.try(async () => (await openLocation(damaged.location))[Symbol.dispose]());
    await assertFails(open, /damaged\.parquet\/0\.wav: expected /);
  }));
