import { parseVint } from "./ebml.ts";

/**
 * Parses a Matroska block: which track it is of, and the packets in it, views of `block`.
 *
 * Source: RFC 9559, 10: one packet, or several laced together, their lengths as in Ogg, all equal, or as
 * differences.
 *
 * @returns `undefined` where it does not hold what it claims.
 */
export function parseBlock(
  block: Uint8Array,
): { readonly track: number; readonly packets: readonly Uint8Array[] } | undefined {
  const track = parseVint(block, 0);
  if (!track || block.length < track.numBytes + 3) return undefined;
  const headBytes = track.numBytes + 3, lacing = (block[headBytes - 1] >> 1) & 3;
  const body = block.subarray(headBytes);
  const packets = lacing === 0 ? [body] : unlace(body, lacing);
  return packets && { track: track.value, packets };
}

function unlace(body: Uint8Array, lacing: number): Uint8Array[] | undefined {
  if (body.length === 0) return undefined;
  const count = body[0] + 1, lengths: number[] = [];
  let at = 1;
  if (lacing === 2) {
    const each = (body.length - at) / count;
    if (!Number.isInteger(each)) return undefined;
    for (let i = 0; i < count - 1; i++) lengths.push(each);
  } else {
    for (let i = 0; i < count - 1; i++) {
      const length = lacing === 1 ? xiphLength(body, at) : ebmlLength(body, at, lengths.at(-1));
      if (!length || !(length.value >= 0 && length.value <= body.length)) return undefined;
      lengths.push(length.value);
      at += length.numBytes;
    }
  }
  const packets: Uint8Array[] = [];
  for (const length of lengths) {
    packets.push(body.subarray(at, at + length));
    at += length;
  }
  if (at > body.length) return undefined;
  packets.push(body.subarray(at));
  return packets;
}

/** Bytes of 255 and one that is less, added up. */
export function xiphLength(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly numBytes: number } | undefined {
  let value = 0;
  for (let at = offset; at < bytes.length; at++) {
    value += bytes[at];
    if (bytes[at] < 255) return { value, numBytes: at + 1 - offset };
  }
  return undefined;
}

/** The first length as it is, the others as differences from the one before, shifted to be positive. */
function ebmlLength(
  bytes: Uint8Array,
  offset: number,
  before: number | undefined,
): { readonly value: number; readonly numBytes: number } | undefined {
  const number = parseVint(bytes, offset);
  if (!number || before === undefined) return number;
  const { numBytes } = number, middle = 2 ** (7 * numBytes - 1) - 1;
  // All ones, elsewhere «unknown», is the greatest difference here.
  const raw = number.value === Infinity ? 2 ** (7 * numBytes) - 1 : number.value;
  return { value: before + raw - middle, numBytes };
}
