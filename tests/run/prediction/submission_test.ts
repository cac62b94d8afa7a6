import { assertEquals } from "@std/assert";
import type { Template } from "../../../pipeline/sources/template.ts";
import { checkSubmission, columnsOf } from "../../../run/prediction/submission.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";

const template = (...header: string[]): Template => ({ path: "s.csv", header, ids: ["1", "2"] });

Deno.test("one column that is no class takes the label, columns of classes their probabilities", () => {
  const notes: string[] = [];
  const of = (...header: string[]) =>
    columnsOf(template("id", ...header), ["a", "b", "P\u00e9"], (note) => notes.push(note));
  assertEquals(of("species"), { header: ["id", "species"] });
  assertEquals(notes, []);
  assertEquals(of("b", "a", "Pe\u0301"), {
    header: ["id", "b", "a", "Pe\u0301"],
    classes: ["b", "a", "P\u00e9"],
  });
  assertEquals(of("a").classes, ["a"]);
  assertEquals(notes, ["classes without a column in the template, left out: b, P\u00e9"]);
  assertFails(() => of("a", "x", "y"), /must be classes of the model: it knows no x, y$/);
});

Deno.test("a file that is not the template's, row for row, is not to be handed in", () =>
  withFolder(async (dir) => {
    const path = `${dir}/out.csv`;
    const check = async (text: string) => {
      await Deno.writeTextFile(path, text);
      await checkSubmission(path, template("id", "a"));
    };
    await check("id,a\n1,0.5\n2,0.5\n");
    await assertFails(
      check("id,b\n1,0.5\n2,0.5\n"),
      /must be those of s\.csv: its columns are id,b/,
    );
    await assertFails(check("id,a\n2,0.5\n1,0.5\n"), /line 2 is 2$/);
    await assertFails(check("id,a\n1,0.5\n"), /it has 1 of 2$/);
    await assertFails(check("id,a\n1,0.5\n2,0.5\n3,0.5\n"), /line 4 is 3$/);
  }));
