/**
 * FLAC's inner loops: one frame of coded bits becomes one block of mono samples.
 *
 * Source: RFC 9639. The caller (`flac.ts`) puts a whole frame at `input`, parses its header, and reads
 * `mono` afterwards. Nothing is kept from one call to the next, so a bad frame cannot spoil another.
 */

/** Where the frame's bytes are to be put. */
export const input: usize = 65536;
/** The longest frame: 65,535 samples of 8 channels and 32 bits, stored as they are, and their headers. */
export const inputBytes: usize = 2162688;
const maxBlock: usize = 65536;
const planes: usize = input + inputBytes; // one i32 plane a channel
/** Where the block's samples, averaged over the channels, are found: f32. */
export const mono: usize = planes + 8 * 4 * maxBlock;
const crcTables: usize = mono + 4 * maxBlock;

/** What `decodeFrame` returns instead of a length. */
export const needsMoreBytes: i32 = 0;
export const isInvalid: i32 = -1;
export const hasWrongChecksum: i32 = -2;

// The bit reader. The top `available` bits of `bits` come next; after them bytes from `next` on.
let bits: u64 = 0;
let available: i32 = 0;
let next: usize = 0;
let end: usize = 0;

/** Eight bytes, the first one most significant. */
// @ts-ignore: decorator
@inline
function loadBigEndian(address: usize): u64 {
  const bytes = v128.load64_zero(address);
  const reversed = v128.shuffle<u8>(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 8, 8, 8, 8, 8, 8, 8, 8);
  return v128.extract_lane<u64>(reversed, 0);
}

/** Fills up to at least 56 bits. Past the end come whatever bytes lie there: `isPastEnd` tells. */
// @ts-ignore: decorator
@inline
function refill(): void {
  bits |= loadBigEndian(next) >> available;
  next += (63 - available) >> 3;
  available |= 56;
}

// @ts-ignore: decorator
@inline
function isPastEnd(): bool {
  return next - (available >> 3) > end;
}

/** The next `count` bits, 0 to 32. */
function readBits(count: i32): u32 {
  refill();
  const value = (bits >> 1) >> (63 - count);
  bits <<= count;
  available -= count;
  return <u32>value;
}

/** The next `count` bits, 0 to 32, as a number with sign. */
// @ts-ignore: decorator
@inline
function readSigned(count: i32): i32 {
  return count === 0 ? 0 : <i32>(readBits(count) << (32 - count)) >> (32 - count);
}

/** How many zeros come before the next one, which is passed over; −1 where the frame ends before. */
function readUnary(): i32 {
  let zeros = 0;
  while (true) {
    refill();
    const leading = <i32>clz(bits);
    if (leading < 56) {
      bits = (bits << leading) << 1;
      available -= leading + 1;
      return zeros + leading;
    }
    zeros += 56;
    bits <<= 56;
    available -= 56;
    if (isPastEnd()) return -1;
  }
}

/** Reads `count` Rice codes with parameter `k`: quotient in unary, remainder in k bits, sign folded in. */
function readRice(out: usize, count: i32, k: i32): bool {
  let b = bits, n = available, from = next; // globals are slow in a loop
  for (const last = out + 4 * count; out < last; out += 4) {
    let zeros = <i32>clz(b);
    if (zeros + 1 + k > n) {
      b |= loadBigEndian(from) >> n;
      from += (63 - n) >> 3;
      n |= 56;
      zeros = <i32>clz(b);
    }
    let folded: u32;
    if (zeros + 1 + k <= n) {
      b = (b << zeros) << 1;
      folded = (zeros << k) | <u32>((b >> 1) >> (63 - k));
      b <<= k;
      n -= zeros + 1 + k;
    } else { // rare: more bits than the reader holds at once
      bits = b;
      available = n;
      next = from;
      const quotient = readUnary();
      if (quotient < 0) return false;
      folded = (quotient << k) | readBits(k);
      b = bits;
      n = available;
      from = next;
    }
    store<i32>(out, (folded >> 1) ^ -(folded & 1));
  }
  bits = b;
  available = n;
  next = from;
  return true;
}

/** Reads what the predictor got wrong, for the samples after the first `order` ones. */
function readResidual(out: usize, blockSize: i32, order: i32): i32 {
  const method = readBits(2);
  if (method > 1) return isInvalid;
  const parameterBits = 4 + method, escape = (1 << parameterBits) - 1;
  const partitionOrder = readBits(4), partitionSize = blockSize >> partitionOrder;
  if (partitionSize << partitionOrder !== blockSize || partitionSize < order) return isInvalid;
  out += 4 * order;
  for (let partition = 0; partition < 1 << partitionOrder; partition++) {
    const count = partition === 0 ? partitionSize - order : partitionSize;
    const parameter = readBits(parameterBits);
    if (parameter === escape) {
      const width = readBits(5);
      for (let i = 0; i < count; i++) store<i32>(out + 4 * i, readSigned(width));
    } else if (!readRice(out, count, parameter)) {
      return needsMoreBytes;
    }
    if (isPastEnd()) return needsMoreBytes;
    out += 4 * count;
  }
  return 1;
}

/** Adds the prediction of a fixed polynomial of 0 to 4 earlier samples. Wrapping at 32 bits is harmless. */
function restoreFixed(out: usize, blockSize: i32, order: i32): void {
  for (let p = out + 4 * order, last = out + 4 * blockSize; p < last; p += 4) {
    let prediction = 0;
    if (order === 1) prediction = load<i32>(p - 4);
    else if (order === 2) prediction = 2 * load<i32>(p - 4) - load<i32>(p - 8);
    else if (order === 3) {
      prediction = 3 * (load<i32>(p - 4) - load<i32>(p - 8)) + load<i32>(p - 12);
    } else if (order === 4) {
      prediction = 4 * (load<i32>(p - 4) + load<i32>(p - 12)) - 6 * load<i32>(p - 8) -
        load<i32>(p - 16);
    }
    store<i32>(p, load<i32>(p) + prediction);
  }
}

const maxOrder = 32;
const coefficients = memory.data(8 * maxOrder);

// @ts-ignore: decorator
@inline
function coefficient(i: i32): i64 {
  return load<i64>(coefficients + 8 * i);
}

/** Adds the prediction from `order` earlier samples, the nearest one's coefficient first. */
function restoreLinear(out: usize, blockSize: i32, order: i32, shift: i32): void {
  const first = out + 4 * order, last = out + 4 * blockSize;
  // Unused coefficients are 0, so that whatever lies before the plane does not matter.
  if (order <= 8) return restoreLinear8(first, last, shift);
  if (order <= 12) return restoreLinear12(first, last, shift);
  for (let p = first; p < last; p += 4) {
    let sum: i64 = 0;
    for (let i = 0; i < order; i++) sum += coefficient(i) * <i64>load<i32>(p - 4 - 4 * i);
    store<i32>(p, load<i32>(p) + <i32>(sum >> shift));
  }
}

/** The same for up to 8 coefficients, in variables: memory is slow in a loop. */
function restoreLinear8(p: usize, last: usize, shift: i64): void {
  const c0 = coefficient(0);
  const c1 = coefficient(1);
  const c2 = coefficient(2);
  const c3 = coefficient(3);
  const c4 = coefficient(4);
  const c5 = coefficient(5);
  const c6 = coefficient(6);
  const c7 = coefficient(7);
  let x0 = <i64>load<i32>(p - 4);
  let x1 = <i64>load<i32>(p - 8);
  let x2 = <i64>load<i32>(p - 12);
  let x3 = <i64>load<i32>(p - 16);
  let x4 = <i64>load<i32>(p - 20);
  let x5 = <i64>load<i32>(p - 24);
  let x6 = <i64>load<i32>(p - 28);
  let x7 = <i64>load<i32>(p - 32);
  for (; p < last; p += 4) {
    const sum = c7 * x7 + c6 * x6 + c5 * x5 + c4 * x4 + c3 * x3 + c2 * x2 + c1 * x1 + c0 * x0;
    x7 = x6; x6 = x5; x5 = x4; x4 = x3; x3 = x2; x2 = x1; x1 = x0;
    x0 = <i64>(load<i32>(p) + <i32>(sum >> shift));
    store<i32>(p, <i32>x0);
  }
}

/** The same for up to 12 coefficients, in variables: memory is slow in a loop. */
function restoreLinear12(p: usize, last: usize, shift: i64): void {
  const c0 = coefficient(0);
  const c1 = coefficient(1);
  const c2 = coefficient(2);
  const c3 = coefficient(3);
  const c4 = coefficient(4);
  const c5 = coefficient(5);
  const c6 = coefficient(6);
  const c7 = coefficient(7);
  const c8 = coefficient(8);
  const c9 = coefficient(9);
  const c10 = coefficient(10);
  const c11 = coefficient(11);
  let x0 = <i64>load<i32>(p - 4);
  let x1 = <i64>load<i32>(p - 8);
  let x2 = <i64>load<i32>(p - 12);
  let x3 = <i64>load<i32>(p - 16);
  let x4 = <i64>load<i32>(p - 20);
  let x5 = <i64>load<i32>(p - 24);
  let x6 = <i64>load<i32>(p - 28);
  let x7 = <i64>load<i32>(p - 32);
  let x8 = <i64>load<i32>(p - 36);
  let x9 = <i64>load<i32>(p - 40);
  let x10 = <i64>load<i32>(p - 44);
  let x11 = <i64>load<i32>(p - 48);
  for (; p < last; p += 4) {
    const sum = c11 * x11 + c10 * x10 + c9 * x9 + c8 * x8 + c7 * x7 + c6 * x6 + c5 * x5 + c4 * x4 + c3 *
      x3 + c2 * x2 + c1 * x1 + c0 * x0;
    x11 = x10; x10 = x9; x9 = x8; x8 = x7; x7 = x6; x6 = x5; x5 = x4; x4 = x3; x3 = x2; x2 =
    x1; x1 = x0;
    x0 = <i64>(load<i32>(p) + <i32>(sum >> shift));
    store<i32>(p, <i32>x0);
  }
}

/** Decodes one channel's block to its plane. */
function decodeSubframe(out: usize, blockSize: i32, bitsPerSample: i32): i32 {
  if (readBits(1) !== 0) return isInvalid;
  const type = <i32>readBits(6);
  let wastedBits = 0;
  if (readBits(1)) {
    wastedBits = readUnary() + 1;
    if (wastedBits === 0) return needsMoreBytes;
  }
  const width = bitsPerSample - wastedBits;
  if (width < 1) return isInvalid;
  let result = 1;
  if (type === 0) {
    const value = readSigned(width);
    for (let i = 0; i < blockSize; i++) store<i32>(out + 4 * i, value);
  } else if (type === 1) {
    for (let i = 0; i < blockSize; i++) store<i32>(out + 4 * i, readSigned(width));
  } else {
    const isLinear = type >= 32;
    const order = isLinear ? type - 31 : type - 8;
    if (order < 0 || order > blockSize || (!isLinear && order > 4)) return isInvalid;
    for (let i = 0; i < order; i++) store<i32>(out + 4 * i, readSigned(width));
    if (isLinear) {
      const precision = <i32>readBits(4) + 1, shift = readSigned(5);
      if (precision === 16 || shift < 0) return isInvalid;
      memory.fill(coefficients, 0, 8 * maxOrder);
      for (let i = 0; i < order; i++) store<i64>(coefficients + 8 * i, readSigned(precision));
      result = readResidual(out, blockSize, order);
      if (result > 0) restoreLinear(out, blockSize, order, shift);
    } else {
      result = readResidual(out, blockSize, order);
      if (result > 0) restoreFixed(out, blockSize, order);
    }
  }
  if (wastedBits > 0) {
    for (let i = 0; i < blockSize; i++) store<i32>(out + 4 * i, load<i32>(out + 4 * i) << wastedBits);
  }
  return isPastEnd() ? needsMoreBytes : result;
}

/** Turns left/side, side/right or mid/side into left and right, in place. */
function restoreStereo(assignment: i32, blockSize: i32): void {
  const left = planes, right = planes + 4 * maxBlock;
  for (let i: usize = 0, length: usize = 4 * blockSize; i < length; i += 16) {
    const a = v128.load(left + i), b = v128.load(right + i);
    if (assignment === 8) {
      v128.store(right + i, i32x4.sub(a, b));
    } else if (assignment === 9) {
      v128.store(left + i, i32x4.add(a, b));
    } else {
      // mid lost its lowest bit, which is that of side
      const sum = v128.or(i32x4.shl(a, 1), v128.and(b, i32x4.splat(1)));
      v128.store(left + i, i32x4.shr_s(i32x4.add(sum, b), 1));
      v128.store(right + i, i32x4.shr_s(i32x4.sub(sum, b), 1));
    }
  }
}

/** Writes the mean of the channels, full scale being 1. */
function mix(blockSize: i32, numChannels: i32, bitsPerSample: i32): void {
  const scale = f32x4.splat(<f32>(1.0 / (<f64>(<u64>1 << (bitsPerSample - 1)) * numChannels)));
  for (let i: usize = 0, length: usize = 4 * blockSize; i < length; i += 16) {
    let sum = f32x4.splat(0);
    for (let channel = 0; channel < numChannels; channel++) {
      sum = f32x4.add(sum, f32x4.convert_i32x4_s(v128.load(planes + 4 * maxBlock * channel + i)));
    }
    v128.store(mono + i, f32x4.mul(sum, scale));
  }
}

/**
 * Decodes the frame at `input`.
 *
 * @param length Bytes there are.
 * @param headerBytes Bytes of the frame's header, its CRC-8 included.
 * @param assignment The header's channel assignment: 8, 9 and 10 are left/side, side/right, mid/side.
 * @returns The frame's length in bytes, or one of the codes above.
 */
export function decodeFrame(
  length: i32,
  headerBytes: i32,
  blockSize: i32,
  numChannels: i32,
  assignment: i32,
  bitsPerSample: i32,
): i32 {
  bits = 0;
  available = 0;
  next = input + headerBytes;
  end = input + length;
  for (let channel = 0; channel < numChannels; channel++) {
    const isSide = (assignment === 8 && channel === 1) || (assignment === 9 && channel === 0) ||
      (assignment === 10 && channel === 1);
    const width = bitsPerSample + i32(isSide);
    const result = decodeSubframe(planes + 4 * maxBlock * channel, blockSize, width);
    if (result <= 0) return result;
  }
  const crcAt = next - (available >> 3); // the bits up to the next whole byte are padding
  if (crcAt + 2 > end) return needsMoreBytes;
  const stored = (<u32>load<u8>(crcAt) << 8) | load<u8>(crcAt + 1);
  if (checksum(input, crcAt) !== stored) return hasWrongChecksum;
  if (assignment >= 8) restoreStereo(assignment, blockSize);
  mix(blockSize, numChannels, bitsPerSample);
  return <i32>(crcAt + 2 - input);
}

/** CRC-16 with polynomial 0x8005, most significant bit first, eight bytes a step (slicing). */
function checksum(from: usize, to: usize): u32 {
  let crc: u32 = 0;
  for (; from + 8 <= to; from += 8) {
    const first = crc ^ ((<u32>load<u8>(from) << 8) | load<u8>(from, 1));
    crc = crcOf(7, first >> 8) ^ crcOf(6, first & 255) ^
      crcOf(5, load<u8>(from, 2)) ^ crcOf(4, load<u8>(from, 3)) ^
      crcOf(3, load<u8>(from, 4)) ^ crcOf(2, load<u8>(from, 5)) ^
      crcOf(1, load<u8>(from, 6)) ^ crcOf(0, load<u8>(from, 7));
  }
  for (; from < to; from++) {
    crc = ((crc << 8) & 0xffff) ^ crcOf(0, (crc >> 8) ^ load<u8>(from));
  }
  return crc;
}

/** The CRC of `byte` followed by `zeros` zero bytes. */
// @ts-ignore: decorator
@inline
function crcOf(zeros: u32, byte: u32): u32 {
  return load<u16>(crcTables + 512 * zeros + 2 * byte);
}

for (let byte: u32 = 0; byte < 256; byte++) {
  let crc = byte << 8;
  for (let zeros: u32 = 0; zeros < 8; zeros++) {
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) & 0xffff) ^ (crc & 0x8000 ? 0x8005 : 0);
    store<u16>(crcTables + 512 * zeros + 2 * byte, <u16>crc);
  }
}
