// Made from pipeline/decode/assembly/flac/index.ts by `deno task wasm`: change that file instead.
// deno-fmt-ignore-file

/** What the kernels export; addresses are bytes into `memory`. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  takeBytes(numBytes: number): void;
  startFrames(newBlockSize: number, newNumChannels: number, newBitsPerSample: number): void;
  readFrame(at: number, headerBytes: number, assignment: number): number;
  finishFrames(): void;
  readonly input: { readonly value: number };
  readonly inputBytes: { readonly value: number };
  readonly mono: { readonly value: number };
}
