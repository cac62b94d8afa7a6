/** Floors of type 0: line spectral pairs, as no encoder since 2002 writes them. Source: Vorbis I, section 6.2. */
import { allocate } from "./arena";
import { bitLength, isPastEnd, readBits } from "./bit_reader";
import { Codebook, readEntry } from "./codebook";
import { BAD_FLOOR, CUT_SHORT, NO_FAULT, TOO_LARGE } from "./faults";

const MAX_BOOKS: usize = 16;

@unmanaged
export class Floor0 {
  order: u32;
  amplitudeBits: u64;
  /** The loudest amplitude, in dB above the floor's zero. */
  rangeDb: f64;
  numBooks: u32;
  /** Their addresses (usize). */
  books: usize;
  /** Places on the Bark scale, and for each number of a short and of a long spectrum its place (u16). */
  mapSize: u32;
  shortMap: usize;
  longMap: usize;
}

/**
 * Reads a floor's configuration.
 *
 * @param shortLength Numbers of a short block's spectrum, `longLength` of a long one's.
 */
export function parseFloor0(
  floor: Floor0, codebooks: usize, numCodebooks: u32, shortLength: usize, longLength: usize,
): i32 {
  floor.order = readBits(8);
  const rateHz = readBits(16);
  floor.mapSize = readBits(16);
  floor.amplitudeBits = readBits(6);
  floor.rangeDb = readBits(8);
  floor.numBooks = readBits(4) + 1;
  if (isPastEnd()) return CUT_SHORT;
  if (floor.order < 1 || rateHz < 1 || floor.mapSize < 1) return BAD_FLOOR;
  if (floor.amplitudeBits < 1 || floor.amplitudeBits > 32) return BAD_FLOOR;
  floor.books = allocate(MAX_BOOKS * sizeof<usize>());
  floor.shortMap = allocate(2 * shortLength);
  floor.longMap = allocate(2 * longLength);
  if (floor.books === 0 || floor.shortMap === 0 || floor.longMap === 0) return TOO_LARGE;
  for (let i: u32 = 0; i < floor.numBooks; i++) {
    const index = readBits(8);
    if (index >= numCodebooks) return BAD_FLOOR;
    const book = load<usize>(codebooks + index * sizeof<usize>());
    if (changetype<Codebook>(book).vectors === 0) return BAD_FLOOR;
    store<usize>(floor.books + i * sizeof<usize>(), book);
  }
  fillMap(floor.shortMap, shortLength, rateHz, floor.mapSize);
  fillMap(floor.longMap, longLength, rateHz, floor.mapSize);
  return NO_FAULT;
}

function bark(hz: f64): f64 {
  return 13.1 * Math.atan(0.00074 * hz) + 2.24 * Math.atan(0.0000000185 * hz * hz) + 0.0001 * hz;
}

function fillMap(map: usize, length: usize, rateHz: f64, mapSize: f64): void {
  const scale = mapSize / bark(rateHz / 2);
  for (let i: usize = 0; i < length; i++) {
    const place = Math.floor(bark(rateHz * <f64>i / (2 * <f64>length)) * scale);
    store<u16>(map + 2 * i, <u16>Math.min(mapSize - 1, place));
  }
}

/**
 * Reads a packet's amplitude (f32, in dB) and cosines of coefficients (f32) to `curve`.
 *
 * @returns Whether there is a floor: where not, or the packet ended, the channel is silent.
 */
export function readFloor0(floor: Floor0, curve: usize): bool {
  const amplitude = <f64>readBits(floor.amplitudeBits);
  if (amplitude === 0) return false;
  const index = readBits(bitLength(floor.numBooks));
  if (isPastEnd() || index >= floor.numBooks) return false;
  const book = changetype<Codebook>(load<usize>(floor.books + index * sizeof<usize>()));
  const loudest = <f64>((<u64>1 << floor.amplitudeBits) - 1);
  store<f32>(curve, <f32>(amplitude * floor.rangeDb / loudest));
  let base: f32 = 0;
  for (let i: u32 = 0; i < floor.order;) {
    const entry = readEntry(book);
    if (entry < 0) return false;
    const vector = book.vectors + 4 * <usize>entry * book.dimensions;
    let coefficient: f32 = 0;
    for (let j: u32 = 0; j < book.dimensions && i < floor.order; j++, i++) {
      coefficient = base + load<f32>(vector + 4 * j);
      store<f32>(curve + 4 + 4 * i, <f32>Math.cos(coefficient));
    }
    base = coefficient;
  }
  return true;
}

/** Computes the curve of `length` amplitudes (f32), times `scale`. */
export function drawFloor0(
  floor: Floor0, packet: usize, curve: usize, length: usize, isLong: bool, scale: f64,
): void {
  const map = isLong ? floor.longMap : floor.shortMap;
  let place = -1, amplitude: f32 = 0;
  for (let i: usize = 0; i < length; i++) {
    const mapped = <i32>load<u16>(map + 2 * i);
    if (mapped !== place) {
      place = mapped;
      const cosine = Math.cos(Math.PI * place / floor.mapSize);
      const decibels = <f64>load<f32>(packet) / Math.sqrt(power(floor.order, packet + 4, cosine));
      amplitude = <f32>(scale * Math.exp(0.11512925 * (decibels - floor.rangeDb)));
    }
    store<f32>(curve + 4 * i, amplitude);
  }
}

/** p + q of the filter at the frequency with this cosine: section 6.2.3. */
function power(order: u32, cosines: usize, cosine: f64): f64 {
  let p: f64 = 1, q: f64 = 1;
  for (let i: u32 = 0; i < order; i++) {
    const distance = 2 * (<f64>load<f32>(cosines + 4 * i) - cosine);
    if (i & 1) p *= distance * distance;
    else q *= distance * distance;
  }
  return order & 1
    ? p * (1 - cosine * cosine) + q / 4
    : p * (1 - cosine) / 2 + q * (1 + cosine) / 2;
}
