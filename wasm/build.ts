/**
 * Compiles the AssemblyScript kernels to the `.wasm` files that are committed beside them.
 *
 * `deno task wasm` writes them; `deno task wasm --check` writes nothing and fails when a committed
 * file is not what its source compiles to. The compiler's output is the same, byte for byte, each time.
 */
import asc from "assemblyscript/asc";

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
    flags: ["--initialMemory", "132"],
  },
  {
    source: "pipeline/decode/assembly/vorbis/index.ts",
    output: "pipeline/decode/vorbis.wasm",
    flags: ["--use", "abort=", "--initialMemory", "16"],
  },
];

async function compile({ source, flags }: Kernels): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const messages: string[] = [];
  const { error } = await asc.main([source, ...sharedFlags, ...flags, "--outFile", "out.wasm"], {
    readFile: (name: string, base: string) => {
      try {
        return Deno.readTextFileSync(`${base}/${name}`);
      } catch {
        return null;
      }
    },
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
    listFiles: () => [],
    stderr: { write: (text: string) => void messages.push(text) },
  });
  if (error || !binary) throw new Error(`Cannot compile ${source}:\n${messages.join("")}${error}`);
  return binary;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  const checking = Deno.args.includes("--check");
  let stale = 0;
  for (const kernels of kernelSets) {
    const binary = await compile(kernels);
    if (!checking) {
      await Deno.writeFile(kernels.output, binary);
      console.log(`${kernels.output}: ${binary.length} bytes`);
    } else if (!equal(binary, await Deno.readFile(kernels.output).catch(() => new Uint8Array()))) {
      console.error(`${kernels.output} is not what ${kernels.source} compiles to: deno task wasm`);
      stale++;
    }
  }
  if (stale > 0) Deno.exit(1);
}
