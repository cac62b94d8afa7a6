/**
 * Messages of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), written: what ONNX files are
 * made of. Weights are not copied before the whole is put together.
 */

/** A message, or a run of bytes, in pieces. */
export interface Encoded {
  /** Length of all pieces. */
  readonly numBytes: number;
  /** One behind the other they are the message. */
  readonly pieces: readonly Uint8Array[];
}

/** A value of the wire type I32; other numbers are whole ones and written as varints. */
export interface Float32 {
  /** The number, which is rounded to the nearest float32. */
  readonly float32: number;
}

/** A field's number in its message, and its value; a repeated field comes once for each value. */
export type Field = readonly [
  number: number,
  value: number | string | Uint8Array | Float32 | Encoded,
];

const wireType = { varint: 0, bytes: 2, float32: 5 } as const;

/**
 * Encodes a message, its fields in the order given.
 *
 * @throws {RangeError} where a number is no whole one.
 */
export function encodeMessage(fields: readonly Field[]): Encoded {
  const pieces = fields.flatMap(([number, value]) => encodeField(number, value));
  return { numBytes: pieces.reduce((sum, { length }) => sum + length, 0), pieces };
}

/** The bytes of a message, in an array of their own. */
export function joinPieces({ numBytes, pieces }: Encoded): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(numBytes);
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}

function encodeField(number: number, value: Field[1]): readonly Uint8Array[] {
  const tag = (type: number) => encodeVarint(number * 8 + type);
  if (typeof value === "number") return [tag(wireType.varint), encodeVarint(value)];
  if (typeof value === "string") return encodeField(number, new TextEncoder().encode(value));
  if (value instanceof Uint8Array) {
    return [tag(wireType.bytes), encodeVarint(value.length), value];
  }
  if ("pieces" in value) {
    return [tag(wireType.bytes), encodeVarint(value.numBytes), ...value.pieces];
  }
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value.float32, true);
  return [tag(wireType.float32), bytes];
}

/** Seven bits a byte, the lowest first; a negative number as its two's complement of 64 bits. */
function encodeVarint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
