import { testEngineContract } from "../engine_contract.ts";
import { createWebGpuEngine } from "../../../model/webgpu/webgpu_engine.ts";
import { hasAdapter } from "./gpu.ts";

testEngineContract(
  "webgpu",
  (spec, weights) => createWebGpuEngine(spec, { weights, allowSoftware: true }),
  { gradientTolerance: 1e-4, ignore: !hasAdapter },
);
