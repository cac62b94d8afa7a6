/**
 * FLAC's inner loops: coded frames become blocks of mono samples. Source: RFC 9639.
 *
 * The caller (`flac_frames.ts`) puts bytes at `input`, names the frames among them one after the other with
 * `readFrame`, and has them all turned into samples at `mono` with `finishFrames`: reading waits for bit
 * after bit, but frames know nothing of each other, so that their samples are computed side by side.
 * Nothing is kept beyond that: a bad frame cannot spoil another.
 */
import { bitPosition, isPastEnd, reverseBytes, seekBit } from "./bit_reader";
import { checksum } from "./checksum";
import {
  hasWrongChecksum, input, maxSubframes, mono, needsMoreBytes, planeBytes, samples,
} from "./layout";
import { mix } from "./mix";
import { predict } from "./predict";
import { readSubframe } from "./subframe";

export { input, inputBytes, mono } from "./layout";

/** Bytes there are. */
let length: i32 = 0;
let numFrames: i32 = 0;
/** What all frames have in common. */
let blockSize: i32 = 0;
let numChannels: i32 = 0;
let bitsPerSample: i32 = 0;
/** Each frame's channel assignment: 8, 9 and 10 are left/side, side/right, mid/side. */
const assignments = memory.data(4 * maxSubframes, 4);

/** Takes over the first `numBytes` bytes at `input`; they have to stay. */
export function takeBytes(numBytes: i32): void {
  length = numBytes;
  reverseBytes(numBytes);
  numFrames = 0;
}

/** Says what the next frames have in common, as many as `finishFrames` ends. */
export function startFrames(newBlockSize: i32, newNumChannels: i32, newBitsPerSample: i32): void {
  blockSize = newBlockSize;
  numChannels = newNumChannels;
  bitsPerSample = newBitsPerSample;
  numFrames = 0;
}

/**
 * Reads the frame that begins `at` bytes after `input`.
 *
 * @param headerBytes Bytes of its header, the CRC-8 included.
 * @param assignment The header's channel assignment.
 * @returns The frame's length in bytes, or one of the codes of `layout`.
 */
export function readFrame(at: i32, headerBytes: i32, assignment: i32): i32 {
  seekBit(8 * (at + headerBytes));
  for (let channel = 0; channel < numChannels; channel++) {
    const isSide = channel === (assignment === 9 ? 0 : 1) && assignment >= 8;
    const result = readSubframe(
      numFrames * numChannels + channel, blockSize, bitsPerSample + i32(isSide),
    );
    if (isPastEnd()) return needsMoreBytes; // whatever was seen there
    if (result <= 0) return result;
  }
  const end = (bitPosition() + 7) >> 3; // the bits up to the next whole byte are padding
  if (end + 2 > length) return needsMoreBytes;
  const stored = (<u32>load<u8>(input + end) << 8) | load<u8>(input + end + 1);
  if (checksum(input + at, input + end) !== stored) return hasWrongChecksum;
  store<i32>(assignments + 4 * numFrames++, assignment);
  return end + 2 - at;
}

/** Turns the frames read since `startFrames` into samples at `mono`, one block after the other. */
export function finishFrames(): void {
  predict(numFrames * numChannels, blockSize, bitsPerSample);
  for (let frame = 0; frame < numFrames; frame++) {
    mix(
      samples + frame * numChannels * planeBytes, mono + 4 * frame * blockSize,
      load<i32>(assignments + 4 * frame), numChannels, blockSize, bitsPerSample,
    );
  }
}
