/** What a page is given to prove its GPU: the shaders for its own compiler, and the self-test. */
import { globalPoolings } from "../../model/conv_network.ts";
import { openDevice } from "../../model/webgpu/device.ts";
import { selfTest } from "../../model/webgpu/known_answers.ts";
import { collectShaders, messagesOf, pipelineFault } from "../model/webgpu/shaders.ts";

Object.assign(globalThis, {
  melstream: { collectShaders, globalPoolings, messagesOf, openDevice, pipelineFault, selfTest },
});
