import { assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { fingerprintOf } from "../../run/fingerprint.ts";
import { openFolder } from "../../pipeline/sources/folder.ts";
import { withFolder, writeToneDataset } from "../fixtures.ts";

Deno.test("two recordings of equal size and time that change places change it, a copy of all does not", () =>
  withFolder(async (dir) => {
    const fingerprint = async (name: string) =>
      await fingerprintOf((await openFolder(`${dir}/${name}`)).train);
    await writeToneDataset(`${dir}/a`, 3);
    await writeToneDataset(`${dir}/b`, 3);
    const before = await fingerprint("a");
    assertStrictEquals(await fingerprint("b"), before);
    const [low, high] = [`${dir}/b/train/low/1.wav`, `${dir}/b/train/high/1.wav`];
    for (const path of [low, high]) await Deno.utime(path, 1e9, 1e9);
    await Deno.rename(low, `${dir}/c`);
    await Deno.rename(high, low);
    await Deno.rename(`${dir}/c`, high);
    assertNotStrictEquals(await fingerprint("b"), before);
  }));
