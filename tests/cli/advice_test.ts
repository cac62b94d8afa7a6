import { assertStrictEquals } from "@std/assert";
import { adviceOf } from "../../cli/advice.ts";
import { RunError } from "../../run/run_error.ts";
import { Interrupted } from "../../run/training/train_options.ts";

Deno.test("an error that leaves a run to go on with is followed by the command for it", () => {
  const advice = ". Go on with: deno task train --resume runs/a";
  assertStrictEquals(adviceOf(new Interrupted("runs/a")), advice);
  assertStrictEquals(adviceOf(new RunError("Cannot write", { resumable: "runs/a" })), advice);
  assertStrictEquals(adviceOf(new RunError("Cannot write")), "");
  assertStrictEquals(adviceOf(new Error("Cannot")), "");
});
