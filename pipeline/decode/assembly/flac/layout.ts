/** Where things lie in the kernel's memory. Addresses are constants: an access there needs no check. */

/** Where the coded bytes are to be put. */
export const input: usize = 65536;
/** The longest frame: 65,535 samples of 8 channels and 32 bits, stored as they are, and their headers. */
export const inputBytes: usize = 2162688;

/** Samples that are worked on at once: one subframe in each lane of a vector. */
export const lanes: i32 = 4;
/** The most subframes that are pending: those of one frame, or as many frames as fill the lanes. */
export const maxSubframes: i32 = 8;
/** Bytes of one subframe's numbers, 4 bytes each: the longest block, and a vector that hangs over. */
export const planeBytes: usize = 4 * 65536 + 64;

/** A plane for each subframe: its residual, sign folded in. */
export const codes: usize = input + inputBytes;
/** A plane for each subframe: its samples, i32. */
export const samples: usize = codes + maxSubframes * planeBytes;
/**
 * Where the blocks, one after the other, averaged over the channels, are found: f32. The codes have become
 * samples by then. Not at the start of a page of 4 KiB: large arrays begin 16 bytes after one, and Zen 3
 * copies 14 times slower to a place that is so little further on in its page.
 */
export const mono: usize = codes + 2048;
/** The coded bytes, the last one first: a little-endian word has the earliest bits on top. */
export const reversed: usize = samples + maxSubframes * planeBytes;
/** One past the first byte. */
export const reversedEnd: usize = reversed + inputBytes + 16;

/** What is returned instead of a length. */
export const needsMoreBytes: i32 = 0;
export const isInvalid: i32 = -1;
export const hasWrongChecksum: i32 = -2;
