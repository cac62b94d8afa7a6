/** Where a job writes, looked at before the work. */
import { assert, assertRejects } from "@std/assert";
import { type Output, prepareOutputs } from "../../../run/files/outputs.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

const file = (path: string, setting = "out"): Output => ({ setting, path, kind: "file" });

Deno.test("the folder of a file is made, a new folder is not", () =>
  withFolder(async (dir) => {
    await prepareOutputs([
      file(`${dir}/new/deep/a.csv`),
      { setting: "folder", path: `${dir}/later`, kind: "folder" },
    ]);
    assert((await Deno.stat(`${dir}/new/deep`)).isDirectory);
    await assertRejects(() => Deno.stat(`${dir}/later`), Deno.errors.NotFound);
    await assertRejects(() => Deno.stat(`${dir}/new/deep/a.csv`), Deno.errors.NotFound);
  }));

Deno.test("outputs that are one place, among the recordings, or of the other kind are refused", () =>
  withFolder(async (dir) => {
    await Deno.mkdir(`${dir}/data/a`, { recursive: true });
    await Deno.symlink(`${dir}/data`, `${dir}/link`);
    await Deno.writeTextFile(`${dir}/text`, "");
    const data = `${dir}/data`;
    const cases: [Output[], RegExp][] = [
      [
        [file(`${dir}/a.csv`), file(`${dir}/./b/../a.csv`, "two")],
        /as two must be a place of its own/,
      ],
      [[file(`${dir}/link/x.csv`), file(`${data}/x.csv`, "two")], /as two must be a place/],
      [[file(`${data}/new/a.csv`)], /as out must be outside the folder of the recordings/],
      [[file(`${dir}/link/a.csv`)], /as out must be outside/],
      [[{ ...file(`${data}/`), kind: "folder" }], /as out must be outside/],
      [[file(`${dir}/link`)], /as out must be a file, not a folder/],
      [[file(`${dir}/text/a.csv`)], /as out must be in a folder, not below a file/],
      [[file(`${dir}/text/b/a.csv`)], /as out must be in a folder, not below a file/],
      [[{ ...file(`${dir}/text`), kind: "folder" }], /as out must be a folder, not a file/],
      [[file("/dev/stdout")], /as out must be a file that can be written whole, not a device/],
    ];
    for (const [i, [outputs, message]] of cases.entries()) {
      const recordings = i === 1 || i === 5 ? undefined : data;
      await assertFails(prepareOutputs(outputs, recordings), message);
    }
    await assertRejects(() => Deno.stat(`${data}/new`), Deno.errors.NotFound);
    await prepareOutputs([file(`${dir}/data-2/a.csv`)], data);
  }));
