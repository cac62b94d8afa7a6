/**
 * Entry point of what a page's thread loads where WebGPU is asked for: its engine, which brings a library
 * twice as large as the rest of the page. Its proof are the known answers that each model carries: the self-test
 * before a training, backward pass and all, would take longer than what is to be heard.
 */
import { createWebGpuEngine } from "../../model/webgpu/webgpu_engine.ts";

/** What this file gives the thread. */
export const gpu = { createWebGpuEngine };

Object.assign(globalThis, { melstreamGpu: gpu });
