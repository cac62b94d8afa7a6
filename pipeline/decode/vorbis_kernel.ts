/** Instances of the WebAssembly kernel that decodes Vorbis, each for one stream at a time. */
import { loadModule } from "../../wasm/load.ts";
import type { KernelExports } from "./vorbis_generated.ts";

/** All that tells how a stream's packets are to be decoded. */
export interface VorbisSetup {
  readonly numChannels: number;
  /** Samples of a short block and of a long one. */
  readonly shortSize: number;
  readonly longSize: number;
  /** The setup packet. */
  readonly packet: Uint8Array;
}

let module: Promise<WebAssembly.Module> | undefined;

/** Kernels that no stream uses, those that were used last at the end. */
const idleKernels: VorbisKernel[] = [];
const maxIdleKernels = 2;
/** The most memory that an idle one may hold; those of real files have 1 MiB. */
const maxIdleBytes = 1 << 21;

/** An instance whose tables are made for one setup. */
export class VorbisKernel {
  readonly #exports: KernelExports;
  readonly #setup: VorbisSetup;
  /** 0, or what is wrong with the setup: see `vorbis_faults.ts`. */
  readonly fault: number;

  private constructor(exports: KernelExports, setup: VorbisSetup) {
    const packet = setup.packet.slice(), { numChannels, shortSize, longSize } = setup;
    this.#exports = exports;
    this.#setup = { numChannels, shortSize, longSize, packet };
    this.#put([packet]);
    this.fault = exports.start(packet.length, numChannels, shortSize, longSize);
  }

  /**
   * A kernel for a stream that begins. Files of one encoder mostly have the same setup, and its tables
   * are made of nothing else: a kernel that a stream was decoded with to its end is used again for such.
   */
  static async take(setup: VorbisSetup): Promise<VorbisKernel> {
    const index = idleKernels.findLastIndex((kernel) => isSameSetup(kernel.#setup, setup));
    if (index >= 0) return idleKernels.splice(index, 1)[0];
    module ??= loadModule(new URL("./vorbis.wasm", import.meta.url));
    const { exports } = await WebAssembly.instantiate(await module);
    return new VorbisKernel(exports as unknown as KernelExports, setup);
  }

  /** Forgets the packets so far: the next one is the first. */
  restart(): void {
    this.#exports.restart();
  }

  /** Gives the kernel back, for the next stream. */
  release(): void {
    if (this.#exports.memory.buffer.byteLength > maxIdleBytes) return;
    this.restart();
    idleKernels.push(this);
    if (idleKernels.length > maxIdleKernels) idleKernels.shift();
  }

  /** A bound on the magnitude of samples, whatever the packets say. */
  get loudest(): number {
    return this.#exports.loudest.value;
  }

  /** Packets that `decode` takes at most. */
  get packetsAtOnce(): number {
    return this.#exports.packetsAtOnce.value;
  }

  /** The most samples that so many packets complete. */
  get framesAtOnce(): number {
    return this.packetsAtOnce * this.#setup.longSize / 2;
  }

  /** The mean of the channels of what the packets complete: a view, valid until the next call. */
  decode(packets: readonly Uint8Array[]): Float32Array {
    const { memory, output, addPacket, synthesize } = this.#exports;
    const addresses = this.#put(packets);
    for (const [i, { length }] of packets.entries()) addPacket(addresses[i], length);
    return new Float32Array(memory.buffer, output.value, synthesize());
  }

  /** Puts packets into the memory; returns their addresses there. */
  #put(packets: readonly Uint8Array[]): number[] {
    const { memory, input } = this.#exports, padding = this.#exports.padding.value;
    const numBytes = packets.reduce((sum, { length }) => sum + length + padding, 0);
    let address = input(numBytes);
    if (address === 0) {
      throw new RangeError(`Cannot make room for ${numBytes} bytes: memory is out`);
    }
    const bytes = new Uint8Array(memory.buffer);
    return packets.map((packet) => {
      const start = address;
      bytes.set(packet, start);
      address += packet.length + padding;
      return start;
    });
  }
}

function isSameSetup(a: VorbisSetup, b: VorbisSetup): boolean {
  if (a.numChannels !== b.numChannels || a.shortSize !== b.shortSize || a.longSize !== b.longSize) {
    return false;
  }
  const length = a.packet.length;
  if (b.packet.length !== length) return false;
  for (let i = 0; i < length; i++) if (a.packet[i] !== b.packet[i]) return false;
  return true;
}
