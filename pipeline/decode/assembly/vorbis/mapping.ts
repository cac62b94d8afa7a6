/** Mappings and modes: which channels are coded how. Source: Vorbis I, sections 4.2.4 and 4.3. */
import { allocate } from "./arena";
import { bitLength, isPastEnd, readBits } from "./bit_reader";
import { BAD_MAPPING, BAD_MODE, CUT_SHORT, NO_FAULT, TOO_LARGE } from "./faults";
import { Floor, largestAmplitude } from "./floor";
import { Residue } from "./residue";

@unmanaged
export class Mapping {
  numSteps: u32;
  /** For each step of coupling the channels of magnitude and angle (u8, u8). */
  steps: usize;
  numSubmaps: u32;
  /** Each channel's submap (u8). */
  submapOf: usize;
  /** Each submap's Floor and Residue (usize, usize). */
  submaps: usize;
}

@unmanaged
export class Mode {
  isLong: u32;
  mapping: Mapping;
}

// @ts-ignore: decorator
@inline
export function submapAt(mapping: Mapping, channel: u32): u32 {
  return load<u8>(mapping.submapOf + channel);
}

// @ts-ignore: decorator
@inline
export function floorOf(mapping: Mapping, submap: u32): Floor {
  return changetype<Floor>(load<usize>(mapping.submaps + 2 * sizeof<usize>() * submap));
}

// @ts-ignore: decorator
@inline
export function residueOf(mapping: Mapping, submap: u32): Residue {
  return changetype<Residue>(load<usize>(mapping.submaps + 2 * sizeof<usize>() * submap, sizeof<usize>()));
}

/** Reads a mapping; `floors` and `residues` are arrays of their configurations. Returns a fault. */
export function parseMapping(
  mapping: Mapping, numChannels: u32, floors: usize, numFloors: u32, residues: usize, numResidues: u32,
): i32 {
  if (readBits(16) !== 0) return BAD_MAPPING;
  const numSubmaps = mapping.numSubmaps = readBits(1) ? readBits(4) + 1 : 1;
  const numSteps = mapping.numSteps = readBits(1) ? readBits(8) + 1 : 0;
  mapping.steps = allocate(2 * numSteps);
  mapping.submapOf = allocate(numChannels);
  mapping.submaps = allocate(2 * sizeof<usize>() * numSubmaps);
  if (mapping.steps === 0 || mapping.submapOf === 0 || mapping.submaps === 0) return TOO_LARGE;
  const channelBits = bitLength(numChannels - 1);
  for (let i: u32 = 0; i < numSteps; i++) {
    const magnitude = readBits(channelBits), angle = readBits(channelBits);
    if (magnitude === angle || magnitude >= numChannels || angle >= numChannels) return BAD_MAPPING;
    store<u8>(mapping.steps + 2 * i, <u8>magnitude);
    store<u8>(mapping.steps + 2 * i, <u8>angle, 1);
  }
  if (readBits(2) !== 0) return BAD_MAPPING;
  for (let i: u32 = 0; i < numChannels; i++) {
    const submap = numSubmaps > 1 ? readBits(4) : 0;
    if (submap >= numSubmaps) return BAD_MAPPING;
    store<u8>(mapping.submapOf + i, <u8>submap);
  }
  for (let i: u32 = 0; i < numSubmaps; i++) {
    readBits(8); // of a time-domain transform, of which there never was one
    const floor = readBits(8), residue = readBits(8);
    if (floor >= numFloors || residue >= numResidues) return BAD_MAPPING;
    const at = mapping.submaps + 2 * sizeof<usize>() * i;
    store<usize>(at, floors + floor * offsetof<Floor>());
    store<usize>(at, residues + residue * offsetof<Residue>(), sizeof<usize>());
  }
  return isPastEnd() ? CUT_SHORT : NO_FAULT;
}

/** A bound on the magnitude of a channel's spectrum. */
export function largestNumber(mapping: Mapping): f64 {
  let largest: f64 = 0;
  for (let i: u32 = 0; i < mapping.numSubmaps; i++) {
    largest = max(largest, largestAmplitude(floorOf(mapping, i)) * residueOf(mapping, i).largest);
  }
  for (let i: u32 = 0; i < mapping.numSteps; i++) largest *= 2; // a magnitude and an angle
  return largest;
}

/** Reads a mode; `mappings` is an array. Returns a fault. */
export function parseMode(mode: Mode, mappings: usize, numMappings: u32): i32 {
  mode.isLong = readBits(1);
  const windowType = readBits(16), transformType = readBits(16), mapping = readBits(8);
  if (isPastEnd()) return CUT_SHORT;
  if (windowType !== 0 || transformType !== 0 || mapping >= numMappings) return BAD_MODE;
  mode.mapping = changetype<Mapping>(mappings + mapping * offsetof<Mapping>());
  return NO_FAULT;
}
