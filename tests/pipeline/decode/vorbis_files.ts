/** Vorbis headers and packets made to order, bit by bit. Source: Vorbis I, sections 2 to 8. */
import { buildOgg } from "./ogg_files.ts";
import { ascii, joinBytes } from "./wav_files.ts";

/** Writes numbers bit by bit, the lowest bit first. */
export class BitWriter {
  readonly #bits: number[] = [];

  /** Appends the lowest `count` bits of `value`. */
  write(value: number, count: number): this {
    for (let i = 0; i < count; i++) this.#bits.push(Math.floor(value / 2 ** i) % 2);
    return this;
  }

  /** Appends a codeword: a text of 0 and 1. */
  writeCodeword(codeword: string): this {
    for (const bit of codeword) this.#bits.push(Number(bit));
    return this;
  }

  get numBits(): number {
    return this.#bits.length;
  }

  /** What was written, filled up with zeros. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, i) => bytes[i >> 3] |= bit << (i & 7));
    return bytes;
  }
}

/** A codebook. */
export interface CodebookOptions {
  readonly dimensions: number;
  /** Length of each entry's codeword, 0 for an entry without one. */
  readonly lengths: readonly number[];
  /** Whether the lengths are stored as counts; they have to ascend. */
  readonly isOrdered?: boolean;
  /** Values of the vectors, before they are multiplied by `step` and lie `smallest` higher. */
  readonly lookup?: {
    readonly type: number;
    readonly values: readonly number[];
    readonly valueBits: number;
    readonly smallest?: number;
    readonly step?: number;
    readonly isCumulative?: boolean;
  };
}

/** Each entry's codeword: the first in the order of texts that neither begins another nor goes on one. */
export function codewordsOf(lengths: readonly number[]): string[] {
  const free = [""]; // what codewords may begin with
  return lengths.map((length) => {
    if (length === 0) return "";
    const fitting = free.filter((prefix) => prefix.length <= length).toSorted();
    const prefix = fitting[0], word = prefix.padEnd(length, "0");
    const split = Array.from(
      { length: length - prefix.length },
      (_, i) => word.slice(0, prefix.length + i) + "1",
    );
    free.splice(free.indexOf(prefix), 1, ...split);
    return word;
  });
}

/** A number as headers store it: a mantissa of 21 bits, the exponent, the sign. */
function packFloat(value: number): number {
  let mantissa = Math.abs(value), exponent = 788;
  for (; !Number.isInteger(mantissa); exponent--) mantissa *= 2;
  for (; mantissa >= 2 ** 21; exponent++) mantissa /= 2;
  return mantissa + exponent * 2 ** 21 + (value < 0 ? 2 ** 31 : 0);
}

/** How many bits it takes to write a whole number. */
export function bitLength(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log2(value)) + 1;
}

function writeCodebook(bits: BitWriter, book: CodebookOptions): void {
  const { dimensions, lengths, isOrdered = false, lookup } = book;
  bits.write(0x564342, 24).write(dimensions, 16).write(lengths.length, 24).write(+isOrdered, 1);
  if (isOrdered) {
    bits.write(lengths[0] - 1, 5);
    for (let entry = 0, length = lengths[0]; entry < lengths.length; length++) {
      const count = lengths.filter((other) => other === length).length;
      bits.write(count, bitLength(lengths.length - entry));
      entry += count;
    }
  } else {
    const isSparse = lengths.includes(0);
    bits.write(+isSparse, 1);
    for (const length of lengths) {
      if (isSparse) bits.write(+(length > 0), 1);
      if (length > 0) bits.write(length - 1, 5);
    }
  }
  bits.write(lookup?.type ?? 0, 4);
  if (!lookup) return;
  bits.write(packFloat(lookup.smallest ?? 0), 32).write(packFloat(lookup.step ?? 1), 32);
  bits.write(lookup.valueBits - 1, 4).write(+(lookup.isCumulative ?? false), 1);
  for (const value of lookup.values) bits.write(value, lookup.valueBits);
}

/** A floor of type 1; each of its points is a partition, all of one class. */
export interface Floor1Options {
  readonly multiplier: number;
  readonly xBits: number;
  /** Places between 0 and 2^xBits. */
  readonly xs: readonly number[];
  /** The book of all points. */
  readonly book: number;
}

/** A floor of type 0. */
export interface Floor0Options {
  readonly order: number;
  readonly rateHz: number;
  readonly mapSize: number;
  readonly amplitudeBits: number;
  readonly rangeDb: number;
  readonly book: number;
}

/** A residue. */
export interface ResidueOptions {
  readonly type: number;
  readonly begin: number;
  readonly end: number;
  readonly partitionSize: number;
  readonly classBook: number;
  /** For each class its book in each pass, −1 for none. */
  readonly classes: readonly (readonly number[])[];
}

/** A mapping with one submap. */
export interface MappingOptions {
  /** Channels of magnitude and angle. */
  readonly steps?: readonly (readonly [magnitude: number, angle: number])[];
  readonly floor: number;
  readonly residue: number;
}

/** All that the headers say. */
export interface VorbisOptions {
  readonly numChannels: number;
  /** Samples of a short and of a long block. */
  readonly blockSizes: readonly [short: number, long: number];
  readonly codebooks: readonly CodebookOptions[];
  readonly floors: readonly (Floor0Options | Floor1Options)[];
  readonly residues: readonly ResidueOptions[];
  readonly mappings: readonly MappingOptions[];
  /** Whether each mode has long blocks, and its mapping. */
  readonly modes: readonly { readonly isLong: boolean; readonly mapping: number }[];
}

function writeFloor(bits: BitWriter, floor: Floor0Options | Floor1Options): void {
  if ("order" in floor) {
    bits.write(0, 16).write(floor.order, 8).write(floor.rateHz, 16).write(floor.mapSize, 16);
    bits.write(floor.amplitudeBits, 6).write(floor.rangeDb, 8).write(0, 4).write(floor.book, 8);
    return;
  }
  const { multiplier, xBits, xs, book } = floor;
  bits.write(1, 16).write(xs.length, 5);
  for (let i = 0; i < xs.length; i++) bits.write(0, 4);
  if (xs.length > 0) bits.write(0, 3).write(0, 2).write(book + 1, 8);
  bits.write(multiplier - 1, 2).write(xBits, 4);
  for (const x of xs) bits.write(x, xBits);
}

function writeResidue(bits: BitWriter, residue: ResidueOptions): void {
  bits.write(residue.type, 16).write(residue.begin, 24).write(residue.end, 24);
  bits.write(residue.partitionSize - 1, 24).write(residue.classes.length - 1, 6);
  bits.write(residue.classBook, 8);
  for (const books of residue.classes) {
    const passes = books.reduce((sum, book, pass) => sum + (book < 0 ? 0 : 2 ** pass), 0);
    bits.write(passes & 7, 3).write(+(passes > 7), 1);
    if (passes > 7) bits.write(passes >> 3, 5);
  }
  for (const book of residue.classes.flat()) if (book >= 0) bits.write(book, 8);
}

/** The setup packet. */
export function buildSetup(options: VorbisOptions): Uint8Array<ArrayBuffer> {
  const { codebooks, floors, residues, mappings, modes, numChannels } = options;
  const bits = new BitWriter();
  bits.write(codebooks.length - 1, 8);
  for (const book of codebooks) writeCodebook(bits, book);
  bits.write(0, 6).write(0, 16);
  bits.write(floors.length - 1, 6);
  for (const floor of floors) writeFloor(bits, floor);
  bits.write(residues.length - 1, 6);
  for (const residue of residues) writeResidue(bits, residue);
  bits.write(mappings.length - 1, 6);
  for (const { steps = [], floor, residue } of mappings) {
    bits.write(0, 16).write(0, 1).write(+(steps.length > 0), 1);
    if (steps.length > 0) bits.write(steps.length - 1, 8);
    const channelBits = bitLength(numChannels - 1);
    for (const channel of steps.flat()) bits.write(channel, channelBits);
    bits.write(0, 2).write(0, 8).write(floor, 8).write(residue, 8);
  }
  bits.write(modes.length - 1, 6);
  for (const { isLong, mapping } of modes) bits.write(+isLong, 1).write(0, 32).write(mapping, 8);
  return joinBytes([5], ascii("vorbis"), bits.write(1, 1).toBytes());
}

/** An Ogg file of 8 kHz with these packets of sound. */
export function buildVorbis(
  options: VorbisOptions,
  packets: readonly Uint8Array[],
  setup: Uint8Array = buildSetup(options),
): Uint8Array<ArrayBuffer> {
  const [short, long] = options.blockSizes;
  const identification = new BitWriter().write(0, 32).write(options.numChannels, 8)
    .write(8000, 32).write(0, 32).write(0, 32).write(0, 32)
    .write(Math.log2(short), 4).write(Math.log2(long), 4).write(1, 8).toBytes();
  return buildOgg([
    { bytes: joinBytes([1], ascii("vorbis"), identification), granule: 0 },
    { bytes: joinBytes([3], ascii("vorbis"), new Uint8Array(8), [1]) },
    { bytes: setup, granule: 0 },
    ...packets.map((bytes) => ({ bytes })),
  ], 255);
}
