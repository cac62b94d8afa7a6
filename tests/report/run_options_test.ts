/** A run's options in words. */
import { assertEquals } from "@std/assert";
import { createConvNetwork } from "../../model/conv_network.ts";
import { parsePolicy } from "../../pipeline/augment/augment.ts";
import { describeOptions } from "../../report/run_options.ts";

Deno.test("of several choices each has its chance beside the others, in a chain its own", () => {
  const describe = (text: string) => describeOptions({ augment: parsePolicy(text) });
  assertEquals(describe("none=3,gain=1:gainDb=-3..3"), [
    ["augment none", "75.0\u202f%"],
    ["augment gain", "25.0\u202f%, gainDb -3 to 3"],
  ]);
  assertEquals(describe("chain:speed-change=0.3:rate=1..2,gain=0.5:gainDb=-3..3"), [
    ["augment chain speed-change", "30.0\u202f%, rate 1 to 2"],
    ["augment chain gain", "50.0\u202f%, gainDb -3 to 3"],
  ]);
});

Deno.test("a network is its nodes in a line", () => {
  const { nodes } = createConvNetwork({
    ...{ melBands: 16, numFrames: 16, numClasses: 3 },
    ...{ channels: [8], denseUnits: 4, globalPooling: "mean" },
  });
  const [[, words]] = describeOptions({ network: { nodes } });
  assertEquals(
    words,
    "rescale, conv 8, batch-norm, relu, max-pool, mean, dense 4, dropout, dense 3",
  );
});
