import { loadModule } from "../../wasm/load.ts";
import type { KernelExports } from "./dsp_generated.ts";

const alignment = 64;
/** `SIZE` of `assembly/vocoder_tables.ts`. */
const vocoderFftSize = 2048;

/**
 * One instance of the DSP module and its memory: tables that stay, and above them working memory
 * that each call lays out anew.
 */
export class Kernels {
  readonly exports: KernelExports;
  readonly #fftAddresses = new Map<number, number>();
  #vocoder?: number;
  #tablesEnd: number;

  private constructor(instance: WebAssembly.Instance) {
    this.exports = instance.exports as unknown as KernelExports;
    this.#tablesEnd = align(this.exports.heapBase());
  }

  /** Reads, compiles and starts the module. */
  static async load(): Promise<Kernels> {
    const module = await loadModule(new URL("./dsp.wasm", import.meta.url));
    return new Kernels(await WebAssembly.instantiate(module, {}));
  }

  /** Address of `bytes` bytes that nothing else will ever use. Working memory is lost. */
  allocateTable(bytes: number): number {
    const address = this.#tablesEnd;
    this.#tablesEnd = align(address + bytes);
    this.#grow(this.#tablesEnd);
    return address;
  }

  /** Addresses of areas of these sizes in bytes, with old contents; valid until the next layout. */
  layOut<Sizes extends number[]>(...sizes: Sizes): { [I in keyof Sizes]: number } {
    let end = this.#tablesEnd;
    const addresses = sizes.map((bytes) => {
      const address = end;
      end = align(end + bytes);
      return address;
    });
    this.#grow(end);
    return addresses as { [I in keyof Sizes]: number };
  }

  /** A view of `length` float32 at an address; a later table or layout may detach it. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.exports.memory.buffer, address, length);
  }

  /**
   * Copies `length` float32 at an address out of the module.
   *
   * @param out Where they are put; what it has no room for is left out. Without it they have an array
   *   of their own.
   * @returns The samples, in the front of `out` where it is given.
   */
  copyOut(address: number, length: number, out?: Float32Array): Float32Array {
    const samples = this.floats(address, Math.min(length, out?.length ?? length));
    if (!out) return samples.slice();
    out.set(samples);
    return out.subarray(0, samples.length);
  }

  /** The tables of a Fourier transform, made on first use. */
  fft(size: number): number {
    let address = this.#fftAddresses.get(size);
    if (address === undefined) {
      address = this.allocateTable(this.exports.fftBytes(size));
      this.exports.initFft(address, size);
      this.#fftAddresses.set(size, address);
    }
    return address;
  }

  /** The tables of the phase vocoder, made on first use. */
  vocoder(): number {
    if (this.#vocoder === undefined) {
      const fft = this.fft(vocoderFftSize);
      this.#vocoder = this.allocateTable(this.exports.vocoderBytes());
      this.exports.initVocoder(this.#vocoder, fft);
    }
    return this.#vocoder;
  }

  #grow(bytes: number): void {
    const { memory } = this.exports, missing = bytes - memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      memory.grow(Math.ceil(missing / 65536));
    } catch (cause) {
      throw new RangeError(
        `Cannot process this much sound at once as the memory for it must be within 4 GiB: ` +
          `current value is ${bytes} bytes`,
        { cause },
      );
    }
  }
}

function align(address: number): number {
  return Math.ceil(address / alignment) * alignment;
}
