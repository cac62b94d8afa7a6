/**
 * Vorbis's inner loops: packets of coded bits become mono samples. What the host calls; one instance
 * decodes one stream.
 *
 * Source: «Vorbis I specification» of 2020. The inverse transform is linear and the channels of a packet
 * have blocks of one size: so the mean of the channels is taken of their spectra, and only that is
 * transformed.
 */
import { allocate, room } from "./arena";
import { PADDING } from "./bit_reader";
import { NO_FAULT, TOO_LARGE } from "./faults";
import { initFloors } from "./floor";
import { Dct4, dct4WorkBytes, initDct4, transformFour } from "./imdct";
import { createSlope, overlap } from "./overlap";
import { decodeSpectrum, initPackets, readMode } from "./packet";
import { largestInSpectra, parseSetup } from "./setup";

/** Packets that `synthesize` takes at most. */
export const packetsAtOnce: i32 = 8;

/** Half of the two block sizes: the numbers of a spectrum. */
let shortLength: usize = 0;
let longLength: usize = 0;
const shortDct = changetype<Dct4>(memory.data(offsetof<Dct4>(), 4));
const longDct = changetype<Dct4>(memory.data(offsetof<Dct4>(), 4));
let shortSlope: usize = 0;
let longSlope: usize = 0;
let work: usize = 0;

/** Spectra, and what becomes of them, of the packets at hand; their lengths (usize). */
let spectra: usize = 0;
const lengths = memory.data(4 * packetsAtOnce, 4);
let numPackets: i32 = 0;
/** The lower half of what the last block left; the block's length, 0 before the first. */
let before: usize = 0;
let lengthBefore: usize = 0;

/** A bound on the magnitude of samples, whatever the packets say. */
export let loudest: f64 = 0;
/** Where the samples (f32) are that `synthesize` writes. */
export let output: usize = 0;

/** Bytes behind each packet that may be written. */
export const padding: usize = PADDING;

/**
 * Makes room for packets and the padding behind each. Returns its address, valid until the next call; 0
 * where memory is out.
 */
export function input(numBytes: usize): usize {
  return room(numBytes);
}

/** Puts zeros behind a packet, so that what is read past its end is the same each time. */
function pad(packet: usize, numBytes: usize): void {
  memory.fill(packet + numBytes, 0, padding);
}

/**
 * Starts the stream. The setup packet is where `input` said. To be called once.
 *
 * @param shortSize Samples of a short block, `longSize` of a long one: powers of two from 64 to 8192.
 * @returns 0, or a fault of `faults.ts`.
 */
export function start(setupBytes: usize, numChannels: u32, shortSize: usize, longSize: usize): i32 {
  const setup = allocate(setupBytes + PADDING);
  if (setup === 0) return TOO_LARGE;
  pad(setup, setupBytes);
  shortLength = shortSize / 2;
  longLength = longSize / 2;
  const fault = parseSetup(setup, setupBytes, numChannels, shortLength, longLength);
  if (fault !== NO_FAULT) return fault;
  loudest = 2 * <f64>longLength * largestInSpectra; // two blocks, in each sums of as many numbers
  initFloors(1.0 / numChannels);
  shortSlope = createSlope(shortLength);
  longSlope = createSlope(longLength);
  work = allocate(dct4WorkBytes(longLength));
  spectra = allocate(4 * longLength * packetsAtOnce);
  output = allocate(4 * longLength * packetsAtOnce);
  before = allocate(2 * longLength);
  const isRoomy = initPackets(numChannels, longLength) && initDct4(shortDct, shortLength) &&
    initDct4(longDct, longLength) && shortSlope !== 0 && longSlope !== 0 && work !== 0 && spectra !== 0 &&
    output !== 0 && before !== 0;
  return isRoomy ? NO_FAULT : TOO_LARGE;
}

/** Forgets the packets so far: the next one is the first. */
export function restart(): void {
  numPackets = 0;
  lengthBefore = 0;
}

// @ts-ignore: decorator
@inline
function spectrumAt(index: i32): usize {
  return spectra + 4 * longLength * index;
}

// @ts-ignore: decorator
@inline
function lengthAt(index: i32): usize {
  return load<usize>(lengths + 4 * index);
}

/** Decodes the packet at `packet`. One that is none of sound is passed over. */
export function addPacket(packet: usize, numBytes: usize): void {
  pad(packet, numBytes);
  const mode = readMode(packet, numBytes);
  if (!mode) return;
  const length = mode.isLong ? longLength : shortLength;
  decodeSpectrum(mode, length, spectrumAt(numPackets));
  store<usize>(lengths + 4 * numPackets, length);
  numPackets++;
}

/** Writes the samples that the packets complete to `output`; returns how many there are. */
export function synthesize(): i32 {
  transformAll(shortDct);
  if (longLength !== shortLength) transformAll(longDct);
  let out = output, last = before;
  for (let i = 0; i < numPackets; i++) {
    const block = spectrumAt(i), length = lengthAt(i);
    if (lengthBefore > 0) {
      const slope = min(lengthBefore, length) === shortLength ? shortSlope : longSlope;
      out = overlap(last, lengthBefore, block, length, slope, out);
    }
    last = block;
    lengthBefore = length;
  }
  if (numPackets > 0) memory.copy(before, last, 2 * lengthBefore);
  numPackets = 0;
  return <i32>(out - output) >> 2;
}

/** Transforms the spectra of one length, four at a time. */
function transformAll(dct: Dct4): void {
  let a: usize = 0, b: usize = 0, c: usize = 0, count = 0;
  for (let i = 0; i < numPackets; i++) {
    if (lengthAt(i) !== dct.length) continue;
    const spectrum = spectrumAt(i);
    count++;
    if (count === 1) a = b = c = spectrum;
    else if (count === 2) b = c = spectrum;
    else if (count === 3) c = spectrum;
    else {
      transformFour(dct, a, b, c, spectrum, work);
      count = 0;
    }
  }
  if (count > 0) transformFour(dct, a, b, c, c, work);
}
