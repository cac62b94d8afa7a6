/** Which engine is taken, and what is said of it. The adapter's words are a test's; what computes is real. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { type ChosenEngine, createEngine } from "../../model/create_engine.ts";
import { createConvNetwork } from "../../model/conv_network.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { assertFails } from "../assert_failure.ts";
import { attributesOf, gpuTest, hasFloat16, withZeroKernel } from "./webgpu/gpu.ts";

const network = createConvNetwork({
  ...{ melBands: 8, numFrames: 9, numClasses: 2 },
  ...{ channels: [4, 8], denseUnits: 4 },
});
const weights = createInitialWeights(network, 1);

/** Runs while the adapter that is found calls itself a GPU, a software adapter, or is none. */
async function withAdapter(
  kind: "hardware" | "software" | "none",
  run: () => Promise<void>,
): Promise<void> {
  const { gpu } = navigator, find = gpu.requestAdapter;
  const info = {
    vendor: "",
    architecture: "",
    device: "",
    description: kind === "hardware" ? "Test GPU" : "llvmpipe of a test",
    isFallbackAdapter: kind === "software",
  };
  gpu.requestAdapter = async (options) => {
    const adapter = kind === "none" ? null : await find.call(gpu, options);
    return adapter && Object.defineProperty(adapter, "info", { value: info });
  };
  try {
    await run();
  } finally {
    gpu.requestAdapter = find;
  }
}

async function withEngine(
  backend: "auto" | "webgpu",
  look: (chosen: ChosenEngine) => void,
): Promise<void> {
  const chosen = await createEngine(network, { weights, backend, threads: 1 });
  try {
    look(chosen);
  } finally {
    await chosen.engine.dispose();
  }
}

gpuTest(
  "auto takes a GPU that passes its test",
  () =>
    withAdapter("hardware", () =>
      withEngine("auto", ({ engine, reason }) => {
        assertEquals([engine.name, reason], ["webgpu", "a GPU is here"]);
      })),
);

gpuTest(
  "auto goes on with the CPU where the GPU computes wrong numbers, and says so",
  (device) =>
    withAdapter("hardware", () =>
      withZeroKernel("MelstreamConv2D", device, async () => {
        await withEngine("auto", ({ engine, reason }) => {
          assertStrictEquals(engine.name, "cpu");
          assertMatch(reason, /^Cannot trust .+ as .+ off by/);
        });
        const asked = createEngine(network, { weights, backend: "webgpu" });
        await assertFails(asked, /^Error: Cannot trust .+ as .+ off by/);
      })),
);

gpuTest(
  "a software adapter trains only where it is asked for",
  () =>
    withAdapter("software", async () => {
      await withEngine("auto", ({ engine, reason }) => {
        assertStrictEquals(engine.name, "cpu");
        assertMatch(reason, /^no GPU: .+ computes on the CPU \(llvmpipe of a test\)/);
      });
      await withEngine("webgpu", ({ engine, reason }) => {
        assertEquals([engine.name, reason], ["webgpu", "as asked for, a software adapter"]);
      });
    }),
);

gpuTest(
  "without an adapter auto takes the CPU, and webgpu says what is missing",
  () =>
    withAdapter("none", async () => {
      const missing = /^Cannot use WebGPU as it found no adapter: install .+ driver$/;
      await withEngine("auto", ({ engine, reason }) => {
        assertStrictEquals(engine.name, "cpu");
        assertMatch(reason, missing);
      });
      const asked = createEngine(network, { weights, backend: "webgpu" });
      const { message } = await assertRejects(() => asked, Error);
      assertMatch(message, missing);
    }),
);

Deno.test("float16 is refused where the backend is not known to have it", async () => {
  for (const backend of ["auto", "cpu"] as const) {
    const asked = createEngine(network, { weights, backend, precision: "float16" });
    await assertFails(asked, {
      name: "RangeError",
      message: "Cannot train in float16 as backend must be webgpu for it: " +
        `current value is ${backend}`,
    });
  }
});

gpuTest("float16 is refused by a device without shader-f16", async ({ device }) => {
  Object.defineProperty(device, "features", { value: new Set() });
  const asked = createEngine(network, { weights, backend: "webgpu", precision: "float16" });
  await assertFails(asked, /^Error: Cannot train in float16 as the GPU must have shader-f16: /);
});

gpuTest("float16 is what its self-test computes, and it passes", async () => {
  const choices = { weights, backend: "webgpu", precision: "float16" } as const;
  const tested = await attributesOf("MelstreamConv2DFilterGradient", async () => {
    const { engine } = await createEngine(network, choices);
    assertMatch(engine.device, /, float16$/);
    await engine.dispose();
  });
  assert(tested.length > 0 && tested.every(({ precision }) => precision === "float16"));
}, !hasFloat16);
