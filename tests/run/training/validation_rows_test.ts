import { assertStrictEquals } from "@std/assert";
import { firstClips } from "../../../pipeline/clip.ts";
import { fileLocation, type Location } from "../../../pipeline/locations/location.ts";
import { validationCells } from "../../../run/training/validation_rows.ts";

Deno.test("the path of a validation row is whole, whatever way the data set was named by", () => {
  const pathOf = (location: Location) =>
    validationCells(firstClips([{ id: "1.wav", location, labels: ["a"] }])[0], 22050)[1];
  assertStrictEquals(pathOf(fileLocation("small/1.wav")), `${Deno.cwd()}/small/1.wav`);
  assertStrictEquals(pathOf(fileLocation("/data/1.wav")), "/data/1.wav");
  const url = "https://example.org/1.wav";
  assertStrictEquals(pathOf({ kind: "url", url }), url);
});
