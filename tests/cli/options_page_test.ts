import { assertStrictEquals } from "@std/assert";
import { createOptionsPage } from "../../cli/options_page.ts";

Deno.test("docs/options.md is what the settings say: deno task docs writes it", async () => {
  const path = new URL("../../docs/options.md", import.meta.url);
  assertStrictEquals(await Deno.readTextFile(path), createOptionsPage());
});
