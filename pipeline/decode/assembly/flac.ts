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
/** The CRC of each byte. */
const crcTable = memory.data(2 * 256, 16);
/** Bytes that a step of the checksum takes. */
const foldBytes = 32;
const folded = memory.data(foldBytes, 16);
/** What each value of a word's four hexadecimal digits becomes, low bytes first. */
const foldTables = memory.data(8 * 16, 16);

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

/** One Rice code: quotient in unary, remainder in k bits, sign folded in. Past the end it may be anything. */
function readRice(k: i32): i32 {
  const quotient = readUnary();
  return unfold((quotient << k) | readBits(k));
}

/** The number with sign that is coded as 0, −1, 1, −2, … */
// @ts-ignore: decorator
@inline
function unfold(code: u32): i32 {
  return (code >> 1) ^ -(code & 1);
}

/** The Rice code of this length with which `b` begins: the quotient's zeros, then 2^k + remainder. */
// @ts-ignore: decorator
@inline
function riceAt(b: u64, length: u64, zeros: u64, one: u32): i32 {
  return unfold((<u32>rotl(b, length) & (2 * one - 1)) + (<u32>zeros - 1) * one);
}

const maxOrder = 32;
const coefficients = memory.data(8 * maxOrder);

// @ts-ignore: decorator
@inline
function coefficient(i: i32): i64 {
  return load<i64>(coefficients + 8 * i);
}

/** Adds the prediction from `order` earlier samples, the nearest one's coefficient first. */
function predict(out: usize, count: i32, order: i32, shift: i32): void {
  for (const last = out + 4 * count; out < last; out += 4) {
    let sum: i64 = 0;
    for (let i = 0; i < order; i++) sum += coefficient(i) * <i64>load<i32>(out - 4 - 4 * i);
    store<i32>(out, load<i32>(out) + <i32>(sum >> shift));
  }
}

/** Samples that `readPredicted` can look back. */
const fastOrder = 12;

/**
 * Reads Rice codes and adds their predictions, from at most 12 earlier samples, four samples at a time:
 * the processor decodes the next codes while it multiplies. Products with the nearest 7 samples are
 * scalar, as each result is waited for; those with the 5 before them are vectors.
 *
 * @returns How many samples were read: the last three at most are left.
 */
function readPredicted(out: usize, count: i32, parameter: i32, shift: i64): i32 {
  const k1: u64 = parameter + 1, one: u32 = 1 << parameter;
  const c0 = coefficient(0);
  const c1 = coefficient(1);
  const c2 = coefficient(2);
  const c3 = coefficient(3);
  const c4 = coefficient(4);
  const c5 = coefficient(5);
  const c6 = coefficient(6);
  const c7 = i32x4.splat(<i32>coefficient(7));
  const c8 = i32x4.splat(<i32>coefficient(8));
  const c9 = i32x4.splat(<i32>coefficient(9));
  const c10 = i32x4.splat(<i32>coefficient(10));
  const c11 = i32x4.splat(<i32>coefficient(11));
  let x0 = <i64>load<i32>(out - 4);
  let x1 = <i64>load<i32>(out - 8);
  let x2 = <i64>load<i32>(out - 12);
  let x3 = <i64>load<i32>(out - 16);
  let x4 = <i64>load<i32>(out - 20);
  let x5 = <i64>load<i32>(out - 24);
  let x6 = <i64>load<i32>(out - 28);
  let near = v128.load(out - 16), far = v128.load(out - 32), farthest = v128.load(out - 48);
  // The bit reader: globals are slow in a loop.
  let b = bits, n: i64 = available, from = next;
  const numRead = count & ~3;
  for (const last = out + 4 * numRead; out < last; out += 16) {
    const bBefore = b, nBefore = n, fromBefore = from;
    b |= loadBigEndian(from) >> n;
    from += <usize>((63 - n) >> 3);
    n |= 56;
    const zeros0 = clz(b), length0 = zeros0 + k1;
    let r0 = riceAt(b, length0, zeros0, one);
    b <<= length0;
    const zeros1 = clz(b), length1 = zeros1 + k1;
    let r1 = riceAt(b, length1, zeros1, one);
    b <<= length1;
    n -= length0 + length1;
    if (parameter > 9) { // else four codes mostly fit
      b |= loadBigEndian(from) >> n;
      from += <usize>((63 - n) >> 3);
      n |= 56;
    }
    const zeros2 = clz(b), length2 = zeros2 + k1;
    let r2 = riceAt(b, length2, zeros2, one);
    b <<= length2;
    const zeros3 = clz(b), length3 = zeros3 + k1;
    let r3 = riceAt(b, length3, zeros3, one);
    b <<= length3;
    n -= length2 + length3;
    if (n < 0) { // rare: they were longer than the reader holds at once
      bits = bBefore;
      available = <i32>nBefore;
      next = fromBefore;
      r0 = readRice(parameter);
      r1 = readRice(parameter);
      r2 = readRice(parameter);
      r3 = readRice(parameter);
      b = bits;
      n = available;
      from = next;
    }
    // Sums over the samples 8 to 12 before each of the four.
    const far1 = v128.shuffle<i32>(farthest, far, 3, 4, 5, 6);
    const far2 = v128.shuffle<i32>(farthest, far, 2, 3, 4, 5);
    const far3 = v128.shuffle<i32>(farthest, far, 1, 2, 3, 4);
    let low = i64x2.extmul_low_i32x4_s(farthest, c11), high = i64x2.extmul_high_i32x4_s(farthest, c11);
    low = i64x2.add(low, i64x2.extmul_low_i32x4_s(far3, c10));
    high = i64x2.add(high, i64x2.extmul_high_i32x4_s(far3, c10));
    low = i64x2.add(low, i64x2.extmul_low_i32x4_s(far2, c9));
    high = i64x2.add(high, i64x2.extmul_high_i32x4_s(far2, c9));
    low = i64x2.add(low, i64x2.extmul_low_i32x4_s(far1, c8));
    high = i64x2.add(high, i64x2.extmul_high_i32x4_s(far1, c8));
    low = i64x2.add(low, i64x2.extmul_low_i32x4_s(far, c7));
    high = i64x2.add(high, i64x2.extmul_high_i32x4_s(far, c7));
    const s0 = i64x2.extract_lane(low, 0), s1 = i64x2.extract_lane(low, 1);
    const s2 = i64x2.extract_lane(high, 0), s3 = i64x2.extract_lane(high, 1);
    const sum0 = s0 + c6 * x6 + c5 * x5 + c4 * x4 + c3 * x3 +
      c2 * x2 + c1 * x1 + c0 * x0;
    const y0 = <i64>(r0 + <i32>(sum0 >> shift));
    const sum1 = s1 + c6 * x5 + c5 * x4 + c4 * x3 + c3 * x2 +
      c2 * x1 + c1 * x0 + c0 * y0;
    const y1 = <i64>(r1 + <i32>(sum1 >> shift));
    const sum2 = s2 + c6 * x4 + c5 * x3 + c4 * x2 + c3 * x1 +
      c2 * x0 + c1 * y0 + c0 * y1;
    const y2 = <i64>(r2 + <i32>(sum2 >> shift));
    const sum3 = s3 + c6 * x3 + c5 * x2 + c4 * x1 + c3 * x0 +
      c2 * y0 + c1 * y1 + c0 * y2;
    const y3 = <i64>(r3 + <i32>(sum3 >> shift));
    x6 = x2; x5 = x1; x4 = x0; x3 = y0; x2 = y1; x1 = y2; x0 = y3;
    farthest = far;
    far = near;
    near = i32x4.replace_lane(i32x4.splat(<i32>y0), 1, <i32>y1);
    near = i32x4.replace_lane(i32x4.replace_lane(near, 2, <i32>y2), 3, <i32>y3);
    v128.store(out, near);
  }
  bits = b;
  available = <i32>n;
  next = from;
  return numRead;
}

/** Reads what the predictor got wrong, for the samples after the first `order` ones, and adds what it said. */
function readResidual(out: usize, blockSize: i32, order: i32, shift: i32): i32 {
  const method = readBits(2);
  if (method > 1) return isInvalid;
  const parameterBits = 4 + method, escape = (1 << parameterBits) - 1;
  const partitionOrder = readBits(4), partitionSize = blockSize >> partitionOrder;
  if (partitionSize << partitionOrder !== blockSize || partitionSize < order) return isInvalid;
  out += 4 * order;
  for (let partition = 0; partition < 1 << partitionOrder; partition++) {
    const count = partition === 0 ? partitionSize - order : partitionSize;
    const parameter = readBits(parameterBits);
    let done = 0;
    if (parameter === escape) {
      const width = readBits(5);
      for (let i = 0; i < count; i++) store<i32>(out + 4 * i, readSigned(width));
    } else {
      if (order <= fastOrder) done = readPredicted(out, count, parameter, shift);
      for (let i = done; i < count; i++) store<i32>(out + 4 * i, readRice(parameter));
    }
    if (isPastEnd()) return needsMoreBytes;
    predict(out + 4 * done, count - done, order, shift);
    out += 4 * count;
  }
  return 1;
}

/** The coefficients of a fixed polynomial of 1 to 4 earlier samples: 1; 2, −1; 3, −3, 1; 4, −6, 4, −1. */
function fixedCoefficient(order: i32, i: i32): i64 {
  let binomial: i64 = order;
  for (let j = 1; j <= i; j++) binomial = -binomial * (order - j) / (j + 1);
  return binomial;
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
    memory.fill(coefficients, 0, 8 * maxOrder);
    let shift = 0;
    if (isLinear) {
      const precision = <i32>readBits(4) + 1;
      shift = readSigned(5);
      if (precision === 16 || shift < 0) return isInvalid;
      for (let i = 0; i < order; i++) store<i64>(coefficients + 8 * i, readSigned(precision));
    } else {
      for (let i = 0; i < order; i++) store<i64>(coefficients + 8 * i, fixedCoefficient(order, i));
    }
    result = readResidual(out, blockSize, order, shift);
  }
  if (wastedBits > 0) {
    for (let i = 0; i < blockSize; i++) store<i32>(out + 4 * i, load<i32>(out + 4 * i) << wastedBits);
  }
  return isPastEnd() ? needsMoreBytes : result;
}

/** What makes the mean of the channels, full scale being 1, of their sum. */
function scaleOf(bitsPerSample: i32, numChannels: i32): f32 {
  return <f32>(1.0 / (<f64>(<u64>1 << (bitsPerSample - 1)) * numChannels));
}

/** Writes the mean of left/side, side/right or mid/side's channels, full scale being 1. */
function mixStereo(assignment: i32, blockSize: i32, bitsPerSample: i32): void {
  const scale = f32x4.splat(scaleOf(bitsPerSample, 2));
  const first = planes, second = planes + 4 * maxBlock;
  for (let i: usize = 0, length: usize = 4 * blockSize; i < length; i += 16) {
    const a = v128.load(first + i), b = v128.load(second + i);
    let sum: v128; // left + right
    if (assignment === 8) sum = i32x4.sub(i32x4.shl(a, 1), b);
    else if (assignment === 9) sum = i32x4.add(a, i32x4.shl(b, 1));
    else sum = v128.or(i32x4.shl(a, 1), v128.and(b, i32x4.splat(1))); // mid lost its lowest bit, which is that of side
    v128.store(mono + i, f32x4.mul(f32x4.convert_i32x4_s(sum), scale));
  }
}

/** Writes the mean of the channels, full scale being 1. */
function mix(blockSize: i32, numChannels: i32, bitsPerSample: i32): void {
  const scale = f32x4.splat(scaleOf(bitsPerSample, numChannels));
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
  if (assignment >= 8) mixStereo(assignment, blockSize, bitsPerSample);
  else mix(blockSize, numChannels, bitsPerSample);
  return <i32>(crcAt + 2 - input);
}

/** CRC-16 with polynomial 0x8005, most significant bit first. */
function checksum(from: usize, to: usize): u32 {
  let crc: u32 = 0;
  if (from + 64 <= to) {
    fold(from, to);
    crc = addToChecksum(crc, folded, folded + foldBytes);
    from += (to - from) / foldBytes * foldBytes;
  }
  return addToChecksum(crc, from, to);
}

function addToChecksum(crc: u32, from: usize, to: usize): u32 {
  for (; from < to; from++) {
    crc = ((crc << 8) & 0xffff) ^ load<u16>(crcTable + 2 * ((crc >> 8) ^ load<u8>(from)));
  }
  return crc;
}

/**
 * Makes 32 bytes at `folded` that have the checksum of all whole blocks of 32 bytes. A block that is
 * followed by another counts as much as one in the other's place whose 16-bit words are multiplied by
 * x^256, modulo the polynomial: a sum of one number for each of the word's hexadecimal digits.
 */
function fold(from: usize, to: usize): void {
  const lowOf0 = v128.load(foldTables), lowOf1 = v128.load(foldTables, 16);
  const lowOf2 = v128.load(foldTables, 32), lowOf3 = v128.load(foldTables, 48);
  const highOf0 = v128.load(foldTables, 64), highOf1 = v128.load(foldTables, 80);
  const highOf2 = v128.load(foldTables, 96), highOf3 = v128.load(foldTables, 112);
  const digit = i8x16.splat(15);
  let low = i8x16.splat(0), high = low;
  for (; from + foldBytes <= to; from += foldBytes) {
    const first = v128.load(from), second = v128.load(from, 16);
    const digit0 = v128.and(low, digit), digit1 = i8x16.shr_u(low, 4);
    const digit2 = v128.and(high, digit), digit3 = i8x16.shr_u(high, 4);
    low = v128.xor(
      v128.xor(v128.swizzle(lowOf0, digit0), v128.swizzle(lowOf1, digit1)),
      v128.xor(v128.swizzle(lowOf2, digit2), v128.swizzle(lowOf3, digit3)),
    );
    high = v128.xor(
      v128.xor(v128.swizzle(highOf0, digit0), v128.swizzle(highOf1, digit1)),
      v128.xor(v128.swizzle(highOf2, digit2), v128.swizzle(highOf3, digit3)),
    );
    high = v128.xor(
      high,
      v128.shuffle<u8>(first, second, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
    );
    low = v128.xor(
      low,
      v128.shuffle<u8>(first, second, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31),
    );
  }
  v128.store(
    folded,
    v128.shuffle<u8>(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
  );
  v128.store(
    folded,
    v128.shuffle<u8>(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
    16,
  );
}

for (let byte: u32 = 0; byte < 256; byte++) {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) & 0xffff) ^ (crc & 0x8000 ? 0x8005 : 0);
  store<u16>(crcTable + 2 * byte, <u16>crc);
}

for (let place: u32 = 0; place < 4; place++) {
  for (let digit: u32 = 0; digit < 16; digit++) {
    let word = digit << (4 * place);
    for (let bit = 0; bit < 256; bit++) word = ((word << 1) & 0xffff) ^ (word & 0x8000 ? 0x8005 : 0);
    store<u8>(foldTables + 16 * place + digit, <u8>word);
    store<u8>(foldTables + 64 + 16 * place + digit, <u8>(word >> 8));
  }
}
