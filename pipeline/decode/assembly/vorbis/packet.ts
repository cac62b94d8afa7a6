/** An audio packet's bits to one spectrum: the mean of its channels. Source: Vorbis I, section 4.3. */
import { allocate } from "./arena";
import { bitLength, isPastEnd, readBits, startReading } from "./bit_reader";
import { addSpectrum, decouple, deinterleave, mixStereo } from "./channels";
import { CURVE_MARGIN, drawFloor, FLOOR_BYTES, readFloor } from "./floor";
import { floorOf, Mapping, Mode, residueOf, submapAt } from "./mapping";
import { decodeResidue } from "./residue";
import { maxPartitions, modeAt, numModes } from "./setup";

let numChannels: u32 = 0;
/** What the packet says of each channel's floor. */
let floors: usize = 0;
/** Whether each channel has a floor, and whether it takes part in the residues (u8). */
let hasFloor: usize = 0;
let hasResidue: usize = 0;
/** A residue of the longest block for each channel, and the same interleaved. */
let residues: usize = 0;
let residueBytes: usize = 0;
let interleaved: usize = 0;
/** Room for two curves. */
let curve: usize = 0;
let otherCurve: usize = 0;
/** Addresses of the vectors that a submap's residue is about. */
let vectors: usize = 0;
/** Room for the addresses of each partition's books. */
let rows: usize = 0;

/** Makes room for packets. Returns whether there was enough. */
export function initPackets(channels: u32, longLength: usize): bool {
  numChannels = channels;
  residueBytes = 4 * longLength;
  floors = allocate(FLOOR_BYTES * channels);
  hasFloor = allocate(channels);
  hasResidue = allocate(channels);
  residues = allocate(residueBytes * channels);
  interleaved = allocate(residueBytes * channels);
  curve = allocate(residueBytes + 4 * CURVE_MARGIN);
  otherCurve = allocate(residueBytes + 4 * CURVE_MARGIN);
  vectors = allocate(sizeof<usize>() * channels);
  rows = allocate(sizeof<usize>() * maxPartitions);
  return floors !== 0 && hasFloor !== 0 && hasResidue !== 0 && residues !== 0 && interleaved !== 0 &&
    curve !== 0 && otherCurve !== 0 && vectors !== 0 && rows !== 0;
}

/** The packet's mode; null where it is no packet of sound. */
export function readMode(packet: usize, numBytes: usize): Mode | null {
  startReading(packet, numBytes);
  const isHeader = readBits(1) !== 0;
  const index = readBits(bitLength(numModes - 1));
  if (isHeader || isPastEnd() || index >= numModes) return null;
  const mode = modeAt(index);
  if (mode.isLong) readBits(2); // the neighbours' sizes, which they say themselves
  return isPastEnd() ? null : mode;
}

/** Decodes the packet whose mode was read: `length` numbers (f32) at `spectrum`. */
export function decodeSpectrum(mode: Mode, length: usize, spectrum: usize): void {
  const mapping = mode.mapping;
  for (let i: u32 = 0; i < numChannels; i++) {
    const isThere = readFloor(floorOf(mapping, submapAt(mapping, i)), floors + FLOOR_BYTES * i);
    store<u8>(hasFloor + i, u8(isThere));
    store<u8>(hasResidue + i, u8(isThere));
  }
  for (let i: u32 = 0; i < mapping.numSteps; i++) { // a channel that has none may share in another's
    const a = hasResidue + load<u8>(mapping.steps + 2 * i), b = hasResidue + load<u8>(mapping.steps + 2 * i, 1);
    const either = load<u8>(a) | load<u8>(b);
    store<u8>(a, either);
    store<u8>(b, either);
  }
  if (isPlainStereo(mapping)) decodeStereo(mode, length, spectrum);
  else decodeChannels(mode, length, spectrum);
}

/** Draws a channel's curve. */
// @ts-ignore: decorator
@inline
function drawCurve(mode: Mode, channel: u32, to: usize, length: usize): void {
  const floor = floorOf(mode.mapping, submapAt(mode.mapping, channel));
  drawFloor(floor, floors + FLOOR_BYTES * channel, to, length, mode.isLong !== 0);
}

/** Whether two channels' residues are interleaved, the angles, if any, in the second: what most files have. */
function isPlainStereo(mapping: Mapping): bool {
  return numChannels === 2 && mapping.numSubmaps === 1 && residueOf(mapping, 0).type === 2 &&
    (mapping.numSteps === 0 || (mapping.numSteps === 1 && load<u8>(mapping.steps) === 0));
}

/** Goes from interleaved residues to the spectrum in one sweep, up to where they end. */
function decodeStereo(mode: Mode, length: usize, spectrum: usize): void {
  const hasFirst = load<u8>(hasFloor), hasSecond = load<u8>(hasFloor, 1);
  let coded: usize = 0;
  if (hasFirst | hasSecond) {
    memory.fill(interleaved, 0, 8 * length);
    store<usize>(vectors, interleaved);
    const end = decodeResidue(residueOf(mode.mapping, 0), vectors, 1, 2 * length, rows);
    coded = (end + 7) / 8 * 4; // of each channel, in whole vectors
    if (hasFirst) drawCurve(mode, 0, curve, coded);
    else memory.fill(curve, 0, 4 * coded);
    if (hasSecond) drawCurve(mode, 1, otherCurve, coded);
    else memory.fill(otherCurve, 0, 4 * coded);
    mixStereo(interleaved, curve, otherCurve, spectrum, coded, mode.mapping.numSteps > 0);
  }
  memory.fill(spectrum + 4 * coded, 0, 4 * (length - coded));
}

/** Goes from any residues to the spectrum, channel by channel. */
function decodeChannels(mode: Mode, length: usize, spectrum: usize): void {
  const mapping = mode.mapping;
  for (let i: u32 = 0; i < numChannels; i++) memory.fill(residues + residueBytes * i, 0, 4 * length);
  for (let submap: u32 = 0; submap < mapping.numSubmaps; submap++) decodeSubmap(mapping, submap, length);
  for (let i = <i32>mapping.numSteps - 1; i >= 0; i--) {
    const magnitude = load<u8>(mapping.steps + 2 * i), angle = load<u8>(mapping.steps + 2 * i, 1);
    decouple(residues + residueBytes * magnitude, residues + residueBytes * angle, length);
  }
  let isFirst = true;
  for (let i: u32 = 0; i < numChannels; i++) {
    if (!load<u8>(hasFloor + i)) continue;
    drawCurve(mode, i, curve, length);
    addSpectrum(curve, residues + residueBytes * i, spectrum, length, isFirst);
    isFirst = false;
  }
  if (isFirst) memory.fill(spectrum, 0, 4 * length);
}

/** Decodes the residues of the channels in one submap. */
function decodeSubmap(mapping: Mapping, submap: u32, length: usize): void {
  const residue = residueOf(mapping, submap), isInterleaved = residue.type === 2;
  let numVectors: usize = 0, isAnyThere = false;
  for (let i: u32 = 0; i < numChannels; i++) {
    if (submapAt(mapping, i) !== submap) continue;
    const isThere = load<u8>(hasResidue + i) !== 0;
    isAnyThere = isAnyThere || isThere;
    if (!isThere && !isInterleaved) continue;
    store<usize>(vectors + numVectors++ * sizeof<usize>(), residues + residueBytes * i);
  }
  if (!isAnyThere) return;
  if (!isInterleaved || numVectors === 1) {
    decodeResidue(residue, vectors, numVectors, length, rows);
    return;
  }
  memory.fill(interleaved, 0, 4 * length * numVectors);
  const first = load<usize>(vectors);
  store<usize>(vectors, interleaved);
  decodeResidue(residue, vectors, 1, length * numVectors, rows);
  store<usize>(vectors, first);
  deinterleave(interleaved, vectors, numVectors, length);
}
