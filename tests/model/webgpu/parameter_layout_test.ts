import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { createConvNetwork } from "../../../model/conv_network.ts";
import { sizeOf } from "../../../model/operations.ts";
import { weightShapes } from "../../../model/resolve_network.ts";
import {
  createParameterLayout,
  padTo4,
  parameterRole,
} from "../../../model/webgpu/parameter_layout.ts";
import { supportsOnWebGpu } from "../../../model/webgpu/supports_on_webgpu.ts";
import { createInitialWeights } from "../../../model/weights.ts";
import { chainOf } from "../../../model/match_blocks.ts";
import type { Network } from "../../../model/network.ts";
import { assertSameBits } from "../../assert_same_bits.ts";

const anyNetwork = fc.record({
  channels: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  denseUnits: fc.integer({ min: 1, max: 9 }),
  numClasses: fc.integer({ min: 1, max: 9 }),
}).map((choices) => createConvNetwork({ melBands: 16, numFrames: 16, ...choices }));

const layOut = (network: Network) =>
  createParameterLayout(chainOf(supportsOnWebGpu(network), "WebGPU"));

Deno.test("any model's weights come back from the buffer as they were", () => {
  fc.assert(fc.property(anyNetwork, (network) => {
    const layout = layOut(network), weights = createInitialWeights(network, 1);
    assertSameBits(layout.unpack(layout.pack(weights)), weights);
  }));
});

Deno.test("slots are aligned, apart, and hold nothing but the weight's values and zeros", () => {
  fc.assert(fc.property(anyNetwork, (network) => {
    const layout = layOut(network);
    const ones = weightShapes(network).map(({ name, shape }) => ({
      name,
      shape,
      values: new Float32Array(sizeOf(shape)).fill(1),
    }));
    const buffer = layout.pack(ones), roles = layout.roles();
    let end = 0;
    for (const { name, role, offset, shape, paddedShape } of layout.slots) {
      assertStrictEquals(offset % 4, 0);
      assertStrictEquals(offset, end, "slots must follow each other");
      end = offset + padTo4(sizeOf(paddedShape));
      const values = buffer.subarray(offset, end);
      assertStrictEquals(values.reduce((sum, value) => sum + value), sizeOf(shape), name);
      const kind = roles.subarray(offset / 4, end / 4);
      const expected = role === "running-statistic"
        ? parameterRole.runningStatistic
        : name.endsWith("/kernel")
        ? parameterRole.decayed
        : parameterRole.trained;
      assert(kind.every((value) => value === expected), name);
    }
    assertStrictEquals(layout.size, end);
  }));
});

Deno.test("a channel's padding lies behind its own row, not behind the weight", () => {
  const network = createConvNetwork({
    ...{ melBands: 4, numFrames: 4, numClasses: 2 },
    ...{ channels: [3, 5], denseUnits: 2 },
  });
  const layout = layOut(network), slot = layout.slot("conv_2/kernel");
  assertEquals(slot.paddedShape, [3, 3, 4, 8]);
  const weights = createInitialWeights(network, 1);
  const { values } = weights.find(({ name }) => name === slot.name)!;
  const buffer = layout.pack(weights);
  // Tap 4, input 2, output 3.
  assertStrictEquals(buffer[slot.offset + (4 * 4 + 2) * 8 + 3], values[(4 * 3 + 2) * 5 + 3]);
  assertStrictEquals(buffer[slot.offset + (4 * 4 + 3) * 8 + 3], 0);
});
