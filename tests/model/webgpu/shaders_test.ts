/** Every shader before two compilers: naga, which is Deno's and Firefox's, and Tint, which is Chromium's. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { getKernelsForBackend } from "../../../deps/tfjs_core.ts";
import { backendName } from "../../../model/webgpu/device.ts";
import { withGpuPage } from "../../browser/gpu_page_server.ts";
import { findChromium } from "../../report/browser.ts";
import { gpuTest } from "./gpu.ts";
import {
  collectShaders,
  messagesOf,
  needsOf,
  pipelineFault,
  type Shader,
  type ShaderNeeds,
} from "./shaders.ts";

/** A text that no compiler may take. */
const broken: Shader = {
  kernel: "Broken",
  code: "@compute @workgroup_size(1) fn _start() { let sum = 1.0 + 1u; }",
};

gpuTest("naga takes every shader; none asks for more than any GPU has", async (gpu) => {
  const shaders = await collectShaders(gpu);
  const kernels = getKernelsForBackend(backendName).map(({ kernelName }) => kernelName);
  const ours = kernels.filter((name) => name.startsWith("Melstream"));
  assertEquals([...new Set(shaders.map(({ kernel }) => kernel))].toSorted(), ours.toSorted());
  for (const shader of shaders) {
    assertEquals(await pipelineFault(gpu.device, shader), undefined, shader.kernel);
    const { workgroupBytes, invocations, storageBuffers, extensions } = needsOf(shader);
    assert(workgroupBytes <= 16384, `${shader.kernel} asks for ${workgroupBytes} bytes`);
    assert(invocations <= 256, `${shader.kernel} has ${invocations} threads`);
    assert(storageBuffers <= 8, `${shader.kernel} reads and writes ${storageBuffers} buffers`);
    assertEquals(extensions.filter((name) => name !== "f16"), [], shader.kernel);
  }
  // So that what reads the texts is known to read them: the first block's moments and its gradient.
  const most = (of: (needs: ShaderNeeds) => number) => Math.max(...shaders.map(needsOf).map(of));
  assertEquals(most(({ workgroupBytes }) => workgroupBytes), 64 * 54 * 4);
  assertEquals(most(({ storageBuffers }) => storageBuffers), 6);
  assertNotEquals(await messagesOf(gpu.device, broken), []);
});

const chromium = findChromium();

Deno.test({
  name: chromium
    ? "Tint takes every shader, without a warning"
    : "Tint takes every shader, without a warning (no Chromium is here)",
  ignore: !chromium,
  fn: () =>
    withGpuPage(chromium!, async (page) => {
      const said = await page.evaluate<[kernel: string, messages: string[]][]>(`(async () => {
        const gpu = await melstream.openDevice({ allowSoftware: true });
        const shaders = await melstream.collectShaders(gpu);
        const said = [];
        for (const shader of [...shaders, ${JSON.stringify(broken)}]) {
          said.push([shader.kernel, await melstream.messagesOf(gpu.device, shader)]);
        }
        return said;
      })()`);
      const [kernel, messages] = said.pop()!;
      assertEquals(kernel, broken.kernel);
      assertNotEquals(messages, []);
      assert(new Set(said.map(([kernel]) => kernel)).size >= 20, `${said}`);
      for (const [kernel, messages] of said) assertEquals(messages, [], kernel);
    }),
});
