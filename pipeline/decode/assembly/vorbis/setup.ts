/** The setup header: everything that the packets are coded with. Source: Vorbis I, section 4.2.4. */
import { allocate } from "./arena";
import { isPastEnd, readBits, startReading } from "./bit_reader";
import { Codebook } from "./codebook";
import { parseCodebook } from "./codebook_setup";
import { BAD_TIME_TRANSFORM, CUT_SHORT, NO_FAULT, NO_FRAMING_BIT, TOO_LARGE } from "./faults";
import { Floor, parseFloor } from "./floor";
import { largestNumber, Mapping, Mode, parseMapping, parseMode } from "./mapping";
import { countPartitions, parseResidue, Residue } from "./residue";

/** The modes, and how many there are. */
export let modes: usize = 0;
export let numModes: u32 = 0;
/** The most partitions that a packet may have, in all channels. */
export let maxPartitions: usize = 0;

/** A bound on the magnitude of the numbers of any spectrum. */
export let largestInSpectra: f64 = 0;

const SIGNATURE_BYTES: usize = 7;

// @ts-ignore: decorator
@inline
export function modeAt(index: u32): Mode {
  return changetype<Mode>(modes + index * offsetof<Mode>());
}

/**
 * Reads the header packet at `packet`; `shortLength` and `longLength` are half the block sizes. Returns a
 * fault.
 */
export function parseSetup(
  packet: usize, numBytes: usize, numChannels: u32, shortLength: usize, longLength: usize,
): i32 {
  startReading(packet + SIGNATURE_BYTES, numBytes - SIGNATURE_BYTES);
  let fault = NO_FAULT;

  const numCodebooks = readBits(8) + 1;
  const books = allocate(numCodebooks * offsetof<Codebook>());
  const codebooks = allocate(numCodebooks * sizeof<usize>());
  if (books === 0 || codebooks === 0) return TOO_LARGE;
  for (let i: u32 = 0; i < numCodebooks; i++) {
    const book = books + i * offsetof<Codebook>();
    store<usize>(codebooks + i * sizeof<usize>(), book);
    fault = parseCodebook(changetype<Codebook>(book));
    if (fault !== NO_FAULT) return isPastEnd() ? CUT_SHORT : fault;
  }

  for (let i = readBits(6) + 1; i > 0; i--) {
    if (readBits(16) !== 0) return BAD_TIME_TRANSFORM;
  }

  const numFloors = readBits(6) + 1;
  const floors = allocate(numFloors * offsetof<Floor>());
  if (floors === 0) return TOO_LARGE;
  for (let i: u32 = 0; i < numFloors; i++) {
    const floor = changetype<Floor>(floors + i * offsetof<Floor>());
    fault = parseFloor(floor, codebooks, numCodebooks, shortLength, longLength);
    if (fault !== NO_FAULT) return isPastEnd() ? CUT_SHORT : fault;
  }

  const numResidues = readBits(6) + 1;
  const residues = allocate(numResidues * offsetof<Residue>());
  if (residues === 0) return TOO_LARGE;
  maxPartitions = 0;
  for (let i: u32 = 0; i < numResidues; i++) {
    const residue = changetype<Residue>(residues + i * offsetof<Residue>());
    fault = parseResidue(residue, codebooks, numCodebooks);
    if (fault !== NO_FAULT) return isPastEnd() ? CUT_SHORT : fault;
    const numPartitions = residue.type === 2
      ? countPartitions(residue, longLength * numChannels)
      : countPartitions(residue, longLength) * numChannels;
    maxPartitions = max(maxPartitions, numPartitions);
  }

  const numMappings = readBits(6) + 1;
  const mappings = allocate(numMappings * offsetof<Mapping>());
  if (mappings === 0) return TOO_LARGE;
  largestInSpectra = 0;
  for (let i: u32 = 0; i < numMappings; i++) {
    const mapping = changetype<Mapping>(mappings + i * offsetof<Mapping>());
    fault = parseMapping(mapping, numChannels, floors, numFloors, residues, numResidues);
    if (fault !== NO_FAULT) return isPastEnd() ? CUT_SHORT : fault;
    largestInSpectra = max(largestInSpectra, largestNumber(mapping));
  }

  numModes = readBits(6) + 1;
  modes = allocate(numModes * offsetof<Mode>());
  if (modes === 0) return TOO_LARGE;
  for (let i: u32 = 0; i < numModes; i++) {
    fault = parseMode(modeAt(i), mappings, numMappings);
    if (fault !== NO_FAULT) return fault;
  }
  const isFramed = readBits(1) !== 0;
  return isPastEnd() ? CUT_SHORT : isFramed ? NO_FAULT : NO_FRAMING_BIT;
}
