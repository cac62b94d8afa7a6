/** In a file of its own: a device that is being opened is shared by all that ask, for ever here. */
import { assert, assertStrictEquals } from "@std/assert";
import { selfTest } from "../../../model/webgpu/known_answers.ts";

Deno.test("a GPU that gives no answer is refused", async () => {
  Object.defineProperty(navigator.gpu, "requestAdapter", { value: () => new Promise(() => {}) });
  const result = await selfTest("float32", "mean", 0.05);
  assert(!result.ok);
  assertStrictEquals(result.reason, "Cannot trust the GPU as it gave no answer for 0.05 s");
});
