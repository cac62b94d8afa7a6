// Made from pipeline/decode/assembly/vorbis/index.ts by `deno task wasm`: change that file instead.
// deno-fmt-ignore-file

/** What the kernels export; addresses are bytes into `memory`. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly packetsAtOnce: { readonly value: number };
  readonly loudest: { value: number };
  readonly output: { value: number };
  readonly padding: { readonly value: number };
  input(numBytes: number): number;
  start(setupBytes: number, numChannels: number, shortSize: number, longSize: number): number;
  restart(): void;
  addPacket(packet: number, numBytes: number): void;
  synthesize(): number;
}
