/** Floors of either type. */
import { allocate } from "./arena";
import { readBits } from "./bit_reader";
import { BAD_FLOOR, TOO_LARGE } from "./faults";
import { drawFloor0, Floor0, parseFloor0, readFloor0 } from "./floor0";
import { drawFloor1, Floor1, initFloor1, parseFloor1, readFloor1 } from "./floor1";

/** Bytes of what a packet says of one channel's floor. */
export const FLOOR_BYTES: usize = 1024;
/** Numbers that may be written behind a curve. */
export const CURVE_MARGIN: usize = 4;

@unmanaged
export class Floor {
  type: u32;
  /** A Floor0 or Floor1. */
  config: usize;
}

/** All curves are multiplied by this. */
let scale: f64 = 1;

/** To be called first: all curves will be multiplied by `factor`. */
export function initFloors(factor: f64): void {
  scale = factor;
  initFloor1(factor);
}

/** Reads a floor's type and configuration. Returns a fault. */
export function parseFloor(
  floor: Floor, codebooks: usize, numCodebooks: u32, shortLength: usize, longLength: usize,
): i32 {
  floor.type = readBits(16);
  floor.config = allocate(max(offsetof<Floor0>(), offsetof<Floor1>()));
  if (floor.config === 0) return TOO_LARGE;
  if (floor.type === 1) return parseFloor1(changetype<Floor1>(floor.config), codebooks, numCodebooks);
  if (floor.type > 1) return BAD_FLOOR;
  return parseFloor0(changetype<Floor0>(floor.config), codebooks, numCodebooks, shortLength, longLength);
}

/** A bound on a curve's amplitudes, before they are multiplied by the factor. */
export function largestAmplitude(floor: Floor): f64 {
  return floor.type === 1 ? 1 : Infinity;
}

/** Reads a packet's part for one channel to `FLOOR_BYTES` bytes. Returns whether there is sound. */
export function readFloor(floor: Floor, packet: usize): bool {
  return floor.type === 0
    ? readFloor0(changetype<Floor0>(floor.config), packet)
    : readFloor1(changetype<Floor1>(floor.config), packet);
}

/** Makes the curve (f32) of what was read. */
export function drawFloor(floor: Floor, packet: usize, curve: usize, length: usize, isLong: bool): void {
  if (floor.type === 0) drawFloor0(changetype<Floor0>(floor.config), packet, curve, length, isLong, scale);
  else drawFloor1(changetype<Floor1>(floor.config), packet, curve, <i32>length);
}
