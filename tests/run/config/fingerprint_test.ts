import { assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { fileLocation } from "../../../pipeline/locations/location.ts";
import { fingerprintOf } from "../../../run/config/fingerprint.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";

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

Deno.test("it is the hash of a line for each recording, however many there are", async () => {
  const recordings = Array.from({ length: 2500 }, (_, i) => {
    return { id: `${i}.wav`, labels: ["a"], location: fileLocation(`/nowhere/${i}.wav`) };
  });
  for (const count of [0, 1, 1024, 2500]) {
    const some = recordings.slice(0, count);
    const lines = some.map(({ id }) => `a\t${id}\tmissing`).join("\n");
    assertStrictEquals(await fingerprintOf(some), createHash("sha256").update(lines).digest("hex"));
  }
});
