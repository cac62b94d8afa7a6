import assert from "node:assert/strict";
import { adviceOf } from "../../cli/advice.ts";
import { RunError } from "../../run/run_error.ts";
import { Interrupted } from "../../run/train_options.ts";

Deno.test("an error that leaves a run to go on with is followed by the command for it", () => {
  const advice = ". Go on with: deno task train --resume runs/a";
  assert.equal(adviceOf(new Interrupted("runs/a")), advice);
  assert.equal(adviceOf(new RunError("Cannot write", { resumable: "runs/a" })), advice);
  assert.equal(adviceOf(new RunError("Cannot write")), "");
  assert.equal(adviceOf(new Error("Cannot")), "");
});
