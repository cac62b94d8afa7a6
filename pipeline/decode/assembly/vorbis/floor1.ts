/** Floors of type 1: lines between points, in decibels. Source: Vorbis I, section 7.2. */
import { allocate } from "./arena";
import { bitLength, isPastEnd, readBits } from "./bit_reader";
import { Codebook, readEntry } from "./codebook";
import { BAD_FLOOR, CUT_SHORT, DOUBLE_FLOOR_POINT, NO_FAULT, TOO_LARGE } from "./faults";

const MAX_POINTS: u32 = 65;
const MAX_CLASSES: usize = 16;
const MAX_BOOKS: usize = 8;

/** What the points of a partition are coded with. */
@unmanaged
class PointClass {
  dimensions: u32;
  /** Bits that choose one of the books. */
  subclassBits: u32;
  /** Names the book of each point of a partition; 0 where there is no choice. */
  masterBook: usize;
  /** Up to eight books (usize), or 0: the point is as predicted. */
  books: usize;
}

@unmanaged
export class Floor1 {
  numPartitions: u32;
  /** The class (usize) of each partition. */
  partitions: usize;
  /** Heights are counted in so many steps of the table. */
  multiplier: i32;
  /** Heights there are. */
  range: i32;
  numPoints: u32;
  /** Of each point, in the order in which they are coded: Point. */
  points: usize;
  /** Which points come next to each other, from left to right: their indices (u8). */
  sorted: usize;
}

/** A point's place and the nearest places to its left and right among the points before it. */
@unmanaged
class Point {
  x: i32;
  low: u32;
  high: u32;
}

// @ts-ignore: decorator
@inline
function pointAt(floor: Floor1, index: u32): Point {
  return changetype<Point>(floor.points + <usize>index * offsetof<Point>());
}

/** Reads a floor's configuration. `codebooks` are the addresses of the setup's books. Returns a fault. */
export function parseFloor1(floor: Floor1, codebooks: usize, numCodebooks: u32): i32 {
  const numPartitions = floor.numPartitions = readBits(5);
  const classBytes: usize = offsetof<PointClass>() + MAX_BOOKS * sizeof<usize>();
  const classes = allocate(MAX_CLASSES * classBytes);
  floor.partitions = allocate(numPartitions * sizeof<usize>());
  floor.points = allocate(MAX_POINTS * offsetof<Point>());
  floor.sorted = allocate(MAX_POINTS);
  if (classes === 0 || floor.partitions === 0 || floor.points === 0 || floor.sorted === 0) return TOO_LARGE;
  let numClasses: u32 = 0;
  for (let i: u32 = 0; i < numPartitions; i++) {
    const index = readBits(4);
    numClasses = max(numClasses, index + 1);
    store<usize>(floor.partitions + <usize>i * sizeof<usize>(), classes + index * classBytes);
  }
  for (let i: u32 = 0; i < numClasses; i++) {
    const pointClass = changetype<PointClass>(classes + i * classBytes);
    pointClass.books = changetype<usize>(pointClass) + offsetof<PointClass>();
    if (!parsePointClass(pointClass, codebooks, numCodebooks)) return BAD_FLOOR;
  }
  return parsePoints(floor);
}

/** Reads what a class is coded with. Returns whether the books it names are there. */
function parsePointClass(pointClass: PointClass, codebooks: usize, numCodebooks: u32): bool {
  pointClass.dimensions = readBits(3) + 1;
  pointClass.subclassBits = readBits(2);
  pointClass.masterBook = 0;
  if (pointClass.subclassBits > 0) {
    const index = readBits(8);
    if (index >= numCodebooks) return false;
    pointClass.masterBook = load<usize>(codebooks + index * sizeof<usize>());
  }
  for (let i: u32 = 0; i < <u32>1 << pointClass.subclassBits; i++) {
    const index = readBits(8); // one more than the book's
    if (index > numCodebooks) return false;
    const book: usize = index === 0 ? 0 : load<usize>(codebooks + (index - 1) * sizeof<usize>());
    store<usize>(pointClass.books + i * sizeof<usize>(), book);
  }
  return true;
}

/** Reads where the points are; finds their order and neighbours. */
function parsePoints(floor: Floor1): i32 {
  floor.multiplier = <i32>readBits(2) + 1;
  floor.range = floor.multiplier === 1 ? 256 : floor.multiplier === 2 ? 128 : floor.multiplier === 3 ? 86 : 64;
  const xBits = readBits(4);
  let numPoints: u32 = 2;
  pointAt(floor, 0).x = 0;
  pointAt(floor, 1).x = 1 << xBits;
  for (let i: u32 = 0; i < floor.numPartitions; i++) {
    const dimensions = classOf(floor, i).dimensions;
    if (numPoints + dimensions > MAX_POINTS) return BAD_FLOOR;
    for (let j: u32 = 0; j < dimensions; j++) pointAt(floor, numPoints++).x = <i32>readBits(xBits);
  }
  floor.numPoints = numPoints;
  if (isPastEnd()) return CUT_SHORT;

  for (let i: u32 = 0; i < numPoints; i++) {
    const point = pointAt(floor, i);
    let rank: u32 = 0; // among all
    point.low = 0;
    point.high = 1;
    for (let j: u32 = 0; j < numPoints; j++) {
      const x = pointAt(floor, j).x;
      if (x === point.x && i !== j) return DOUBLE_FLOOR_POINT;
      if (x < point.x) rank++;
      if (j >= i) continue;
      if (x < point.x && x > pointAt(floor, point.low).x) point.low = j;
      if (x > point.x && x < pointAt(floor, point.high).x) point.high = j;
    }
    store<u8>(floor.sorted + rank, <u8>i);
  }
  return NO_FAULT;
}

// @ts-ignore: decorator
@inline
function classOf(floor: Floor1, partition: u32): PointClass {
  return changetype<PointClass>(load<usize>(floor.partitions + <usize>partition * sizeof<usize>()));
}

/** Height of a point (i16) that the curve goes through; −1 of one that it passes by. */
const UNUSED: i16 = -1;

/**
 * Reads the points' heights in steps of the table, `UNUSED` for those which the curve does not go
 * through, to `heights` (i16).
 *
 * @returns Whether there is a floor: where not, or the packet ended, the channel is silent.
 */
export function readFloor1(floor: Floor1, heights: usize): bool {
  if (!readBits(1)) return false;
  const heightBits = bitLength(floor.range - 1);
  store<i32>(coded, readBits(heightBits));
  store<i32>(coded, readBits(heightBits), 4);
  let at = coded + 8;
  for (let i: u32 = 0; i < floor.numPartitions; i++) {
    const pointClass = classOf(floor, i), bits = pointClass.subclassBits;
    let choice: i32 = 0;
    if (bits > 0) {
      choice = readEntry(changetype<Codebook>(pointClass.masterBook));
      if (choice < 0) return false;
    }
    for (let j: u32 = 0; j < pointClass.dimensions; j++, at += 4, choice >>= bits) {
      const index = choice & ((1 << bits) - 1);
      const book = load<usize>(pointClass.books + index * sizeof<usize>());
      const value = book === 0 ? 0 : readEntry(changetype<Codebook>(book));
      if (value < 0) return false;
      store<i32>(at, value);
    }
  }
  if (isPastEnd()) return false;
  findHeights(floor, heights);
  return true;
}

/** What was read for each point. */
const coded = memory.data(4 * MAX_POINTS, 4);
/** The points' heights, those passed by included. */
const absolute = memory.data(4 * MAX_POINTS, 4);

/** Adds what was read to what the neighbours predict: section 7.2.4, step 1. */
function findHeights(floor: Floor1, heights: usize): void {
  const range = floor.range, multiplier = floor.multiplier, numPoints = floor.numPoints;
  for (let i: u32 = 0; i < 2; i++) {
    const y = load<i32>(coded + 4 * i);
    store<i32>(absolute + 4 * i, y);
    store<i16>(heights + 2 * i, step(y, multiplier));
  }
  for (let i: u32 = 2; i < numPoints; i++) {
    const point = pointAt(floor, i), low = point.low, high = point.high;
    const predicted = lineAt(
      pointAt(floor, low).x, load<i32>(absolute + 4 * low),
      pointAt(floor, high).x, load<i32>(absolute + 4 * high),
      point.x,
    );
    const value = load<i32>(coded + 4 * i);
    const above = range - predicted, below = predicted;
    const near = predicted + ((value >> 1) ^ -(value & 1)); // 0, −1, 1, −2, … from what was predicted
    const far = above > below ? value : range - 1 - value; // beyond what is possible on one side
    const y = (value < max(1, 2 * min(above, below)) ? near : far) & 0x7fff; // sound ones are below `range` anyway
    store<i32>(absolute + 4 * i, y);
    store<i16>(heights + 2 * i, value ? step(y, multiplier) : UNUSED);
    if (value) {
      store<i16>(heights + 2 * low, step(load<i32>(absolute + 4 * low), multiplier));
      store<i16>(heights + 2 * high, step(load<i32>(absolute + 4 * high), multiplier));
    }
  }
}

/** The step of the table that a height means. */
// @ts-ignore: decorator
@inline
function step(y: i32, multiplier: i32): i16 {
  return <i16>min(255, y * multiplier);
}

/** Height at x of the line from (x0, y0) to (x1, y1), rounded towards y0: section 9.2.6. */
function lineAt(x0: i32, y0: i32, x1: i32, y1: i32, x: i32): i32 {
  return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

const NUM_STEPS = 256;
/** Steps by which `drawLine` may leave the table: those up to the third place behind a line's end. */
const OVERSHOOT = 3 * NUM_STEPS;
/** The 256 steps: an amplitude for each, 140/256 dB apart, up to the scale that was asked for. */
const amplitudes: usize = memory.data(4 * (OVERSHOOT + NUM_STEPS + OVERSHOOT), 16) + 4 * OVERSHOOT;

/** Fills the table of section 10.1, times `scale`. Its numbers are those of this formula, to their last digit. */
export function initFloor1(scale: f64): void {
  for (let i: i32 = 0; i < NUM_STEPS; i++) {
    const decibels: f64 = (i - 255) * (140.0 / 256);
    store<f32>(amplitudes + 4 * i, <f32>(scale * Math.exp(0.11512925 * decibels)));
  }
}

/**
 * Draws the curve of `length` amplitudes (f32) at `curve`, where four more may be written: section 7.2.4,
 * step 2.
 */
export function drawFloor1(floor: Floor1, heights: usize, curve: usize, length: i32): void {
  let x0: i32 = 0, y0: i32 = load<i16>(heights);
  for (let i: u32 = 1; i < floor.numPoints && x0 < length; i++) {
    const index = <usize>load<u8>(floor.sorted + i);
    const y1 = <i32>load<i16>(heights + 2 * index);
    if (y1 === UNUSED) continue;
    const x1 = pointAt(floor, <u32>index).x;
    drawLine(x0, y0, x1, y1, curve, length);
    x0 = x1;
    y0 = y1;
  }
  if (x0 < length) drawLine(x0, y0, length, y0, curve, length);
}

/** Added to a number, leaves its nearest integer in the lowest bits: 1.5 · 2²³, and what it is as bits. */
const ROUNDING: f32 = 12582912;

/**
 * Draws from x0 up to x1, or `length`, with overshoot. The line's height at x is y0 and, towards zero,
 * (y1 − y0)(x − x0)/(x1 − x0). A half added above the fraction's line keeps the quotient away from
 * whole numbers by more than rounding can move it; less a half of the whole, it is the nearest integer.
 */
function drawLine(x0: i32, y0: i32, x1: i32, y1: i32, curve: usize, length: i32): void {
  const width = <f32>(x1 - x0), rise = <f32>(y1 - y0);
  const lift: f32 = rise < 0 ? (width - 1) * 0.5 : (1 - width) * 0.5;
  const slope = f32x4.splat(1 / width), base = f32x4.splat(ROUNDING + <f32>y0);
  const advance = f32x4.splat(4 * rise);
  let numerator = f32x4.add(f32x4.mul(f32x4.splat(rise), f32x4(0, 1, 2, 3)), f32x4.splat(lift));
  const table = amplitudes - (reinterpret<u32>(ROUNDING) << 2);
  const end = curve + 4 * <usize>min(x1, length);
  for (let at = curve + 4 * <usize>x0; at < end; at += 16) {
    const height = f32x4.add(f32x4.mul(numerator, slope), base);
    const offsets = i32x4.shl(height, 2);
    let four = v128.load32_zero(table + i32x4.extract_lane(offsets, 0));
    four = v128.load_lane<f32>(table + i32x4.extract_lane(offsets, 1), four, 1);
    four = v128.load_lane<f32>(table + i32x4.extract_lane(offsets, 2), four, 2);
    four = v128.load_lane<f32>(table + i32x4.extract_lane(offsets, 3), four, 3);
    v128.store(at, four);
    numerator = f32x4.add(numerator, advance);
  }
}
