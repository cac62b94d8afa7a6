import { assertStrictEquals } from "@std/assert";
import { withFolder } from "../fixtures.ts";
import { rounds, soak } from "./soak.ts";

Deno.test({
  name: "killed, cut off, on a full disk: every row is there in the end, and a model that loads",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (dir) => {
      assertStrictEquals(await soak({ dir, minutes: 0, seed: 1 }), Object.keys(rounds).length);
    }),
});
