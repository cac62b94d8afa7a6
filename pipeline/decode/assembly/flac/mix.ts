/** Mixing: the samples of a frame's channels become their mean, full scale being 1. */
import { planeBytes } from "./layout";

/** What makes the mean of the channels, full scale being 1, of their sum. */
function scaleOf(bitsPerSample: i32, numChannels: i32): f32 {
  return <f32>(1.0 / (<f64>(<u64>1 << (bitsPerSample - 1)) * numChannels));
}

/** Mixes left and right, left/side, side/right or mid/side: assignment 1, 8, 9 or 10. */
function mixPair(first: usize, out: usize, assignment: i32, blockSize: i32, bitsPerSample: i32): void {
  // Left + right is l + r, 2l − s, s + 2r, or 2m + (s & 1): mid lost its lowest bit, which is that of side.
  const weightA = i32x4.splat(assignment === 8 || assignment === 10 ? 2 : 1);
  const weightB = i32x4.splat(
    assignment === 1 ? 1 : assignment === 8 ? -1 : assignment === 9 ? 2 : 0,
  );
  const lowest = i32x4.splat(assignment === 10 ? 1 : 0);
  const scale = f32x4.splat(scaleOf(bitsPerSample, 2));
  for (const last = first + 4 * blockSize; first < last; first += 16) {
    const a = v128.load(first), b = v128.load(first, planeBytes);
    const sum = i32x4.add(
      i32x4.add(i32x4.mul(a, weightA), i32x4.mul(b, weightB)),
      v128.and(b, lowest),
    );
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(sum), scale));
    out += 16;
  }
}

function mixIndependent(
  first: usize, out: usize, numChannels: i32, blockSize: i32, bitsPerSample: i32,
): void {
  const scale = f32x4.splat(scaleOf(bitsPerSample, numChannels));
  for (let i: usize = 0, length: usize = 4 * blockSize; i < length; i += 16) {
    let sum = f32x4.splat(0);
    for (let channel = 0; channel < numChannels; channel++) {
      sum = f32x4.add(sum, f32x4.convert_i32x4_s(v128.load(first + channel * planeBytes + i)));
    }
    v128.store(out + i, f32x4.mul(sum, scale));
  }
}

/**
 * Mixes one frame.
 *
 * @param first The plane of its first channel.
 * @param out Where `blockSize` f32 go, and perhaps three more.
 * @param assignment The header's channel assignment.
 */
export function mix(
  first: usize, out: usize, assignment: i32, numChannels: i32, blockSize: i32, bitsPerSample: i32,
): void {
  // The sum of two channels is exact in f32, too, up to 24 bits.
  if (assignment >= 8 || (assignment === 1 && bitsPerSample <= 24)) {
    mixPair(first, out, assignment, blockSize, bitsPerSample);
  } else mixIndependent(first, out, numChannels, blockSize, bitsPerSample);
}
