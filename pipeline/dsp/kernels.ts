import { loadModule } from "../../wasm/load.ts";

/** What `assembly/index.ts` exports. Addresses are bytes into `memory`. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  fftBytes(size: number): number;
  initFft(fft: number, size: number): void;
  logMelBytes(fftSize: number, bands: number): number;
  initLogMel(
    plan: number,
    fft: number,
    sampleRateHz: number,
    hop: number,
    frames: number,
    bands: number,
    minHz: number,
    maxHz: number,
    htk: boolean,
    dynamicRangeDb: number,
  ): void;
  logMelWorkBytes(plan: number): number;
  logMel(plan: number, signal: number, work: number, out: number): number;
  designLowPass(
    fft: number,
    cutoff: number,
    halfWidth: number,
    beta: number,
    work: number,
    response: number,
  ): void;
  filterBlocks(
    into: number,
    out: number,
    response: number,
    bins: number,
    input: number,
    step: number,
    margin: number,
    output: number,
    work: number,
  ): void;
  vocoderBytes(): number;
  initVocoder(vocoder: number, fft: number): void;
  stretchWorkBytes(rate: number): number;
  stretch(
    vocoder: number,
    signal: number,
    columns: number,
    rate: number,
    frames: number,
    wanted: number,
    output: number,
    work: number,
  ): void;
  blockBytes(fft: number): number;
  convolveWorkBytes(fft: number): number;
  convolve(
    fft: number,
    kernel: number,
    signal: number,
    groups: number,
    dry: number,
    wet: number,
    work: number,
  ): void;
  gaussianNoise(seed: number, output: number, count: number): void;
  decayingNoise(seed: number, decaySamples: number, output: number, length: number): number;
  sumOfSquares(samples: number, count: number): number;
  addScaled(samples: number, gain: number, sum: number, count: number): void;
  isZero(address: number, bytes: number): number;
  decibelsToAmplitude(decibels: number): number;
  powerOfTwo(exponent: number): number;
  halve(input: number, count: number, output: number, odd: number): void;
  fillKernelRows(
    table: number,
    rows: number,
    phases: number,
    cutoff: number,
    halfWidth: number,
    beta: number,
  ): void;
  interpolate(
    table: number,
    input: number,
    origin: number,
    first: number,
    step: number,
    output: number,
    count: number,
  ): void;
  interpolateRational(
    table: number,
    phases: number,
    step: number,
    input: number,
    phase: number,
    output: number,
    count: number,
  ): void;
}

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
   * @param room Where they are put; what it has no room for is left out. Without it they have an array
   *   of their own.
   * @returns The samples, in the front of `room` where it is given.
   */
  copyOut(address: number, length: number, room?: Float32Array): Float32Array {
    const samples = this.floats(address, Math.min(length, room?.length ?? length));
    if (!room) return samples.slice();
    room.set(samples);
    return room.subarray(0, samples.length);
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
