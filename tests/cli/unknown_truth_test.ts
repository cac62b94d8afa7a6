import { assertStrictEquals } from "@std/assert";
import { describeUnknownTruth } from "../../cli/unknown_truth.ts";
import type { Recording } from "../../pipeline/recording.ts";

Deno.test("a run that knows none of the labels to score by is said to be the newest one", () => {
  const at = (id: string, more: Partial<Recording>): Recording => ({
    ...{ id, location: { kind: "file", path: id } },
    ...more,
  });
  const say = (...recordings: Recording[]) =>
    describeUnknownTruth(recordings, ["x", "y"], "runs/9");
  const start = "warning: the newest run, runs/9, knows none of the labels to score by, ";
  assertStrictEquals(say(at("1", { labels: ["a"] })), `${start}a: --model names another`);
  const many = ["a", "b", "c", "d", "e"].map((label, i) => at(`${i}`, { labels: [label] }));
  assertStrictEquals(say(...many), `${start}a, b, c and 2 more: --model names another`);
  const annotations = [{ startSeconds: 0, endSeconds: 1, label: "call" }];
  assertStrictEquals(say(at("1", { annotations })), `${start}call: --model names another`);
  assertStrictEquals(say(...many, at("9", { labels: ["y"] })), undefined);
  assertStrictEquals(say(at("1", {}), at("2", { labels: [] })), undefined);
});
