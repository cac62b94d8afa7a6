import { assertEquals, assertStrictEquals } from "@std/assert";
import { ResumableOutput } from "../../../run/files/resumable_output.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

const script = new URL("./output_run.ts", import.meta.url).pathname;

async function run(dir: string, ...kill: string[]): Promise<number> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", script, dir, ...kill],
  }).output();
  assertStrictEquals(new TextDecoder().decode(stderr), "");
  return code;
}

const expected = {
  rows: Array.from({ length: 40 }, (_, i) => `${i},${i * (i + 1) / 2}\n`).join(""),
  squares: Array.from({ length: 40 }, (_, i) => `${i * i}\n`).join(""),
};

async function checkWhole(dir: string): Promise<void> {
  assertStrictEquals(await Deno.readTextFile(`${dir}/rows.csv`), expected.rows);
  assertStrictEquals(await Deno.readTextFile(`${dir}/more/squares.csv`), expected.squares);
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), ["more", "rows.csv"]);
  assertEquals([...Deno.readDirSync(`${dir}/more`)].map(({ name }) => name), ["squares.csv"]);
}

Deno.test("killed anywhere, and gone on with, the output is that of a process that was not", () =>
  withFolder(async (dir) => {
    await Deno.mkdir(`${dir}/whole/more`, { recursive: true });
    assertStrictEquals(await run(`${dir}/whole`), 0);
    await checkWhole(`${dir}/whole`);
    const kills = [
      ...[["write$", "7"], ["write$", "60"], ["sync$", "9"], ["state\\.json", "3"]],
      ...[["rename .*squares", "1"], ["rename .*rows\\.csv$", "1"], ["remove .*unfinished$", "1"]],
    ];
    for (const [i, kill] of kills.entries()) {
      const own = `${dir}/${i}`;
      await Deno.mkdir(`${own}/more`, { recursive: true });
      assertStrictEquals(await run(own, ...kill), 137, kill.join(" "));
      assertStrictEquals(await run(own), 0, kill.join(" "));
      await checkWhole(own);
    }
  }));

const begin = (dir: string, more: object = {}) =>
  ResumableOutput.open<number>({
    ...{ out: `${dir}/rows.csv`, begun: { window: 5, hop: 2 }, resume: true, ...more },
  });

async function leaveUnfinished(dir: string): Promise<void> {
  await using output = await begin(dir);
  const rows = await output.file("rows", `${dir}/rows.csv`);
  await rows!.write("one\n");
  await output.progress(1, 7);
  await rows!.write("half a ro");
}

Deno.test("what is unfinished is cut back to what is done, with its notes", () =>
  withFolder(async (dir) => {
    await leaveUnfinished(dir);
    await using output = await begin(dir);
    assertEquals([output.done, output.notes], [1, 7]);
    const rows = await output.file("rows", `${dir}/rows.csv`);
    assertStrictEquals(rows!.size, 4);
    await rows!.write("two\n");
    await output.commit();
    assertStrictEquals(await Deno.readTextFile(`${dir}/rows.csv`), "one\ntwo\n");
  }));

Deno.test("what is unfinished is not thrown away, nor gone on with as something else, nor where it is damaged", () =>
  withFolder(async (dir) => {
    await leaveUnfinished(dir);
    await assertFails(
      begin(dir, { resume: false }),
      /gone on with \(--resume\) or deleted: .* 1 recordings/,
    );
    await assertFails(
      begin(dir, { begun: { window: 5, hop: 1 } }),
      /rows\.csv as hop must be what it began with, 2: current value is 1/,
    );
    await Deno.truncate(`${dir}/rows.csv.unfinished/rows`, 2);
    await using output = await begin(dir);
    await assertFails(
      output.file("rows", `${dir}/rows.csv`),
      /Cannot write .*unfinished\/rows: it must have at least 4 bytes to go on with: it has 2/,
    );
  }));

Deno.test("a job that did nothing leaves nothing; the output has one writer at a time", () =>
  withFolder(async (dir) => {
    {
      await using output = await begin(dir);
      await output.file("rows", `${dir}/rows.csv`);
      await assertFails(begin(dir), /one writer at a time/);
    }
    assertEquals([...Deno.readDirSync(dir)], []);
  }));

Deno.test("what a full disk took before it was full is not written twice", () =>
  withFolder(async (dir) => {
    const { write } = Deno.FsFile.prototype, text = "0123456789".repeat(20_000);
    let left = 100_000;
    {
      await using output = await begin(dir);
      const rows = await output.file("rows", `${dir}/rows.csv`);
      Deno.FsFile.prototype.write = function (bytes) {
        if (left === 0) throw new Error("no space left");
        const some = bytes.subarray(0, Math.min(left, 30_000));
        left -= some.length;
        return write.call(this, some);
      };
      try {
        await rows!.write(text.slice(0, 50_000));
        await output.progress(1, 0);
        await assertFails(rows!.write(text.slice(50_000)), /Cannot write .*no space left/);
      } finally {
        Deno.FsFile.prototype.write = write;
      }
    }
    await using output = await begin(dir);
    assertStrictEquals(output.done, 1);
    const rows = await output.file("rows", `${dir}/rows.csv`);
    await rows!.write(text.slice(50_000));
    await output.commit();
    assertStrictEquals(await Deno.readTextFile(`${dir}/rows.csv`), text);
  }));

Deno.test({
  name: "a fault leaves no file open, nor one that the next recording would have had",
  sanitizeResources: true,
  fn: () =>
    withFolder(async (dir) => {
      const fails = async () => {
        await using output = await begin(dir);
        await output.scratch("recording");
        throw new Error("no sound");
      };
      await assertFails(fails(), /no sound/);
      assertEquals([...Deno.readDirSync(dir)], []);
    }),
});
