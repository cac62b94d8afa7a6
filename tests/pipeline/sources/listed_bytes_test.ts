import { assert, assertEquals } from "@std/assert";

Deno.test("a listed recording takes less than 300 bytes, names included", async () => {
  const script = new URL("./listed_bytes.ts", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--v8-flags=--expose-gc", script, "20000"],
    stderr: "inherit",
  }).output();
  const { bytes, ...counts } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(counts, { recordings: 20_000, labelLists: 2 });
  assert(bytes < 300, `${bytes} bytes a recording`);
});
