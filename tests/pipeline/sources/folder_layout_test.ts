import { assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { classOfFolder, decideLayout, setKindOf } from "../../../pipeline/sources/folder_layout.ts";
import type { FolderContent } from "../../../pipeline/sources/folder_walk.ts";
import { DatasetError } from "../../../pipeline/sources/dataset.ts";

/** What folders hold: names of folders in them; `*` is a recording. */
function decide(folders: Record<string, string>) {
  const contents = Object.entries(folders).map(([name, held]): [string, FolderContent] => {
    const words = held.split(" ").filter(Boolean);
    return [name, {
      folders: words.filter((word) => word !== "*"),
      holdsAudio: held !== "",
    }];
  });
  const { train, validation, test, classes, others } = decideLayout("DIR", new Map(contents));
  return { train, validation, test, classes: classes.join(" "), others: others.join(" ") };
}

const sets = { train: undefined, validation: undefined, test: undefined, others: "" };

Deno.test("train/ alone holds the classes, with val/ and test/ beside it", () => {
  const layout = decide({ train: "dog cat", val: "dog cat", test: "*", docs: "" });
  assertEquals(layout, {
    ...{ train: "train", validation: "val", test: "test" },
    ...{ classes: "", others: "" },
  });
  for (const name of ["valid", "Validation", "dev"]) {
    assertStrictEquals(decide({ TRAIN: "dog cat", [name]: "dog" }).validation, name);
  }
});

Deno.test("a class named like a set is a class where it is built like the others", () => {
  for (
    const folders of [
      { crow: "*", rain: "*", train: "*" },
      { crow: "*", rain: "*", train: "*", test: "*" },
      { valid: "*", invalid: "*" },
      { test: "*", control: "*" },
    ] as Record<string, string>[]
  ) {
    const classes = Object.keys(folders).join(" ");
    assertEquals(decide(folders), { ...sets, classes });
  }
});

Deno.test("beside classes, a set is one whose own folders are classes", () => {
  const layout = decide({ cat: "*", dog: "*", test: "cat dog", val: "dog" });
  assertEquals(layout, { ...sets, validation: "val", test: "test", classes: "cat dog" });
  const noise = decide({ train: "cat dog", test: "*", noise: "*" });
  assertEquals(noise, { ...sets, train: "train", test: "test", classes: "", others: "noise" });
});

Deno.test("where nobody can tell, the refusal names all of them and the way out", () => {
  for (
    const folders of [
      { crow: "*", rain: "*", train: "fast slow" },
      { crow: "day1 day2", rain: "day1 day2", train: "day1 day2" },
      { crow: "day1 day2", rain: "day1 day2", train: "day1 day2", test: "day1 day2" },
      { crow: "day1", rain: "day1", dev: "day1" },
      { crow: "*", rain: "*", test: "*" },
      { crow: "*", rain: "*", val: "a b" },
    ] as Record<string, string>[]
  ) {
    const error = assertThrows(() => decide(folders), DatasetError);
    assertMatch(
      error.message,
      /^Cannot tell whether DIR\/\w+ is a class as crow, rain beside it, .*DIR\/train\/\{crow,rain,\w+\} or DIR\/train\/\{crow,rain\}, and what is neither elsewhere$/,
    );
  }
});

Deno.test("the class of a recording is its first folder, or the one in a set, in NFC", () => {
  assertStrictEquals(classOfFolder("dog/a/1.wav"), "dog");
  assertStrictEquals(classOfFolder("Train/dog/1.wav"), "dog");
  assertStrictEquals(classOfFolder("val/dog/1.wav"), "dog");
  assertStrictEquals(classOfFolder("train/dog/1.wav", (name) => name === "train"), "train");
  assertStrictEquals(classOfFolder("cafe\u0301/1.wav"), "caf\u00e9");
  assertStrictEquals(classOfFolder("train/1.wav"), undefined);
  assertStrictEquals(classOfFolder("1.wav"), undefined);
  assertStrictEquals(setKindOf("constructor"), undefined);
});
