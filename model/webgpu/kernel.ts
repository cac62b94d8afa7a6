import type { WebGPUBackend, WebGPUProgram } from "../../deps/tfjs_backend_webgpu.ts";
import { engine, type NamedAttrMap, registerKernel, type Tensor } from "../../deps/tfjs_core.ts";
import { backendName, healthOf } from "./device.ts";

/** One run of a kernel: the shader and the grid it runs on. */
export interface Dispatch {
  /** What the shader's text depends on, in a few letters: names the compiled pipeline. */
  readonly variant: string;
  /** Shape of the new tensor it writes; ignored where it writes into a destination. */
  readonly outputShape?: number[];
  /** Values a `result` element holds: 1 (`f32`) or 4 (`vec4<f32>`). */
  readonly outputComponents: 1 | 4;
  /** The same for each input, in their order. */
  readonly inputComponents: readonly (1 | 4)[];
  /** Number of workgroups; the shader sees them as one row, `workgroupIndex()`. */
  readonly workgroups: number;
  /** Threads of one workgroup. */
  readonly workgroupSize: number;
  /** Whole numbers that the shader reads as `uniforms.NAME`, an `i32`. */
  readonly integers?: Readonly<Record<string, number>>;
  /** Numbers that the shader reads as `uniforms.NAME`, an `f32`. */
  readonly floats?: Readonly<Record<string, number>>;
  /**
   * The shader in WGSL: `fn main(index : i32)` and what it needs. `index` counts the threads;
   * `localIndex`, the inputs by name and `result` are in scope.
   */
  source(): string;
}

/** A kernel: what tfjs registers, and how to plan one run of it. */
export interface KernelDefinition<Attributes> {
  /** Name in tfjs's registry and in error messages. */
  readonly name: string;
  /** Names of the tensors it reads, which are the names of the buffers in the shader. */
  readonly inputs: readonly string[];
  plan(attributes: Attributes): Dispatch;
}

/** Runs a kernel: returns a new tensor, or `destination` after writing into it. */
export type Kernel<Attributes> = (
  inputs: readonly Tensor[],
  attributes: Attributes,
  destination?: Tensor,
) => Tensor;

/** Most workgroups along one axis of the grid: WebGPU's default limit. */
const maxWorkgroupsPerAxis = 65535;

/** For the shaders that count workgroups. */
const workgroupIndex = `
fn workgroupIndex() -> i32 {
  return i32(workgroupId.y * numWorkgroups.x + workgroupId.x);
}`;

/** The class of a kernel's programs: tfjs labels shader modules and pipelines by their class's name. */
function createProgramClass({ name, inputs }: KernelDefinition<never>) {
  const { [name]: Program } = {
    [name]: class implements WebGPUProgram {
      readonly variableNames = [...inputs];
      readonly variableComponents: number[];
      readonly outputComponent: number;
      readonly dispatchLayout = { x: [0] };
      readonly workgroupSize: [number, number, number];
      readonly uniforms: string;
      dispatch: [number, number, number];
      shaderKey: string;

      constructor(private readonly run: Dispatch, readonly outputShape: number[]) {
        const rows = Math.ceil(run.workgroups / maxWorkgroupsPerAxis);
        this.dispatch = [Math.ceil(run.workgroups / rows), rows, 1];
        this.shaderKey = `${name}_${run.variant}`;
        this.variableComponents = [...run.inputComponents];
        this.outputComponent = run.outputComponents;
        this.workgroupSize = [run.workgroupSize, 1, 1];
        let uniforms = "";
        for (const field in run.integers) uniforms += `${field} : i32, `;
        for (const field in run.floats) uniforms += `${field} : f32, `;
        this.uniforms = uniforms;
      }

      getUserCode(): string {
        const source = this.run.source();
        return source.includes("workgroupIndex()") ? workgroupIndex + source : source;
      }
    },
  };
  return Program;
}

/**
 * Registers a kernel with tfjs for our backend and returns the function that runs it.
 *
 * A shader that does not compile, or a first run that the device refuses, is noted in the device's
 * health under the kernel's name.
 */
export function defineKernel<Attributes extends object>(
  definition: KernelDefinition<Attributes>,
): Kernel<Attributes> {
  const { name, inputs: inputNames } = definition;
  const Program = createProgramClass(definition as KernelDefinition<never>);
  registerKernel({
    kernelName: name,
    backendName,
    kernelFunc({ inputs, attrs, backend }) {
      const gpu = backend as WebGPUBackend;
      const destination = inputs.destination as Tensor | undefined;
      const dispatch = definition.plan(attrs as unknown as Attributes);
      const outputShape = destination?.shape ?? dispatch.outputShape ?? [];
      const program = new Program(dispatch, outputShape);
      const uniforms = [
        ...Object.values(dispatch.integers ?? {}).map((n) => ({ type: "int32", data: [n] })),
        ...Object.values(dispatch.floats ?? {}).map((x) => ({ type: "float32", data: [x] })),
      ];
      const run = () =>
        gpu.runWebGPUProgram(
          program,
          inputNames.map((input) => inputs[input]!),
          "float32",
          uniforms,
          destination,
        );
      // A destination comes back as the tensor it was, which tfjs then does not track a second time.
      return healthOf(gpu).guardFirstRun(name, program.shaderKey, run);
    },
  });
  return (inputs, attributes, destination) => {
    const named: Record<string, Tensor> = {};
    inputNames.forEach((input, i) => named[input] = inputs[i]);
    if (destination) named.destination = destination;
    return engine().runKernel(name, named, { ...attributes } as NamedAttrMap) as Tensor;
  };
}
