/** CRC-16 with polynomial 0x8005, most significant bit first: the end of every frame. */

/** The CRC of each byte. */
const crcTable = memory.data(2 * 256, 16);
/** Bytes that a step takes. */
const foldBytes = 32;
const folded = memory.data(foldBytes, 16);
/** What each value of a word's four hexadecimal digits becomes, low bytes first. */
const foldTables = memory.data(8 * 16, 16);

/** The checksum of the bytes from one address to another. */
export function checksum(from: usize, to: usize): u32 {
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
