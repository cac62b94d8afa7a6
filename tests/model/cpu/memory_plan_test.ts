import { assert, assertEquals } from "@std/assert";
import { createConvNetwork } from "../../../model/conv_network.ts";
import { createMemoryPlan, laneRanges } from "../../../model/cpu/memory_plan.ts";
import { supportsOnCpu } from "../../../model/cpu/supports_on_cpu.ts";
import { chainOf } from "../../../model/match_blocks.ts";

/** The plan of the default network for features of 5 s, on two threads. */
function planOf(batch: number) {
  const network = createConvNetwork({ melBands: 128, numFrames: 216, numClasses: 6 });
  return createMemoryPlan(chainOf(supportsOnCpu(network), "the CPU"), batch, 2);
}

Deno.test("what the backward pass of a block needs shares no byte", () => {
  for (const batch of [1, 3, 16, 32]) {
    const { layers, batchStart, end } = planOf(batch);
    /** Parts of the memory that hold something while block i is computed backward, with their ends. */
    const partsOf = (i: number) =>
      layers.flatMap(({ x, xImage, y, yImage, selected, selectedImage, ...layer }, k) => {
        const { dx, partials, inputs, outputs } = layer, lanes = laneRanges(batch, layer).length;
        const parts = [];
        if (k <= i) parts.push([x, batch * xImage], [selected, batch * selectedImage]);
        if (k <= i && k > 0) parts.push([y, batch * yImage]);
        if (k === i) {
          parts.push([partials, 4 * (k > 0 ? 36 * lanes * inputs : 9 * batch) * outputs]);
        }
        if (k === i + 1 || k === i && k > 0) parts.push([dx, batch * xImage]);
        return parts;
      }).map(([start, bytes]) => ({ start, end: start + bytes })).sort((a, b) => a.start - b.start);
    layers.forEach((_, i) => {
      const parts = partsOf(i);
      const overlaps = parts.filter((part, k) => k > 0 && part.start < parts[k - 1].end);
      assertEquals(overlaps, [], `block ${i + 1}, batch ${batch}`);
      assert(parts[0].start >= batchStart && parts.at(-1)!.end <= end);
    });
  }
});

Deno.test("a batch of 16 takes less than 185 MB", () => {
  const { end } = planOf(16);
  assert(end < 185e6, `${end} bytes`);
});
