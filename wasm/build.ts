/**
 * Compiles the AssemblyScript kernels to the `.wasm` files that are committed beside them, and declares
 * what they export in `…_generated.ts`.
 *
 * `deno task wasm` writes them; `deno task wasm --check` writes nothing and fails when a committed
 * file is not what its source compiles to. The compiler's output is the same, byte for byte, each time.
 */
import asc from "assemblyscript/asc";
import { declareKernels } from "./declarations.ts";

interface Kernels {
  /** The AssemblyScript entry file, from the project's root. */
  readonly source: string;
  /** The `.wasm` file it becomes. */
  readonly output: string;
  /** What it needs beyond the options that all share. */
  readonly flags: readonly string[];
}

const sharedFlags = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd"];

/** Memory that comes from outside and is shared by threads; the maximum is all that 32 bits reach. */
const sharedMemoryFlags = [
  ...["--importMemory", "--sharedMemory", "--enable", "threads"],
  ...["--initialMemory", "2", "--maximumMemory", "65536"],
];

/** One build of the CPU engine's kernels. */
function trainingKernels(name: string, ...flags: string[]): Kernels {
  return { source: "model/cpu/assembly/index.ts", output: `model/cpu/${name}`, flags };
}

/** Every kernel set of the project. */
const kernelSets: readonly Kernels[] = [
  {
    source: "pipeline/dsp/assembly/index.ts",
    output: "pipeline/dsp/dsp.wasm",
    // Room for clips of five seconds: memory that has grown is slower, by up to a quarter.
    flags: ["--use", "abort=", "--initialMemory", "64"],
  },
  trainingKernels("kernels_relaxed_shared.wasm", "--enable", "relaxed-simd", ...sharedMemoryFlags),
  trainingKernels("kernels_plain_shared.wasm", ...sharedMemoryFlags),
  trainingKernels("kernels_relaxed_single.wasm", "--enable", "relaxed-simd", "--importMemory"),
  trainingKernels("kernels_plain_single.wasm", "--importMemory"),
  {
    source: "pipeline/decode/assembly/flac/index.ts",
    output: "pipeline/decode/flac.wasm",
    flags: ["--initialMemory", "132", "--maximumMemory", "132"],
  },
  {
    source: "pipeline/decode/assembly/vorbis/index.ts",
    output: "pipeline/decode/vorbis.wasm",
    // Real files take 1 MiB: what a header asks for beyond 64 is refused.
    flags: ["--use", "abort=", "--initialMemory", "16", "--maximumMemory", "1024"],
  },
];

/** The module in TypeScript that declares each source's exports, made from one of its builds. */
const declarations: Readonly<Record<string, string>> = {
  "pipeline/dsp/assembly/index.ts": "pipeline/dsp/dsp_generated.ts",
  "model/cpu/assembly/index.ts": "model/cpu/kernels_generated.ts",
  "pipeline/decode/assembly/flac/index.ts": "pipeline/decode/flac_generated.ts",
  "pipeline/decode/assembly/vorbis/index.ts": "pipeline/decode/vorbis_generated.ts",
};

/** What the compiler writes, by the names of the files. */
async function runCompiler(
  source: string,
  flags: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>(), messages: string[] = [];
  const { error } = await asc.main([source, ...flags, "--outFile", "out.wasm"], {
    readFile: (name: string, base: string) => {
      try {
        return Deno.readTextFileSync(`${base}/${name}`);
      } catch {
        return null;
      }
    },
    writeFile: (name: string, contents: Uint8Array | string) => {
      const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
      files.set(name, bytes);
    },
    listFiles: () => [],
    stderr: { write: (text: string) => void messages.push(text) },
  });
  if (error) throw new Error(`Cannot compile ${source}:\n${messages.join("")}${error}`);
  return files;
}

async function compile({ source, flags }: Kernels): Promise<Uint8Array> {
  return (await runCompiler(source, [...sharedFlags, ...flags])).get("out.wasm")!;
}

/** Apart from `compile`, as bindings add functions of the compiler's own to some modules. */
async function declare({ source, flags }: Kernels): Promise<Uint8Array> {
  const files = await runCompiler(source, [...sharedFlags, ...flags, "-O0", "--bindings", "raw"]);
  const text = new TextDecoder().decode(files.get("out.d.ts"));
  return new TextEncoder().encode(declareKernels(source, text));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  const checking = Deno.args.includes("--check");
  let stale = 0;
  const put = async (output: string, source: string, bytes: Uint8Array) => {
    if (!checking) {
      await Deno.writeFile(output, bytes);
      console.log(`${output}: ${bytes.length} bytes`);
    } else if (!equal(bytes, await Deno.readFile(output).catch(() => new Uint8Array()))) {
      console.error(`${output} is not what ${source} compiles to: deno task wasm`);
      stale++;
    }
  };
  for (const kernels of kernelSets) {
    await put(kernels.output, kernels.source, await compile(kernels));
  }
  for (const [source, output] of Object.entries(declarations)) {
    const kernels = kernelSets.find((set) => set.source === source)!;
    await put(output, source, await declare(kernels));
  }
  if (stale > 0) Deno.exit(1);
}
