/** A reader of Protocol Buffers that shares nothing with the writer. */

/** The fields of a message in their order: varints as unsigned numbers of 64 bits, floats as their bytes. */
export function readMessage(bytes: Uint8Array): [number: number, value: bigint | Uint8Array][] {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = BigInt(bytes[at++]);
      value |= (byte & 127n) << shift;
      if (byte < 128n) return value;
    }
  };
  const take = (length: number) => bytes.slice(at, at += length);
  const fields: [number, bigint | Uint8Array][] = [];
  while (at < bytes.length) {
    const tag = varint(), number = Number(tag >> 3n);
    switch (tag & 7n) {
      case 0n:
        fields.push([number, varint()]);
        break;
      case 2n:
        fields.push([number, take(Number(varint()))]);
        break;
      case 5n:
        fields.push([number, take(4)]);
        break;
      default:
        throw new SyntaxError(`wire type ${tag & 7n} at byte ${at}`);
    }
  }
  return fields;
}

/** All values of a field, which are messages or text, as bytes. */
export function fieldsOf(bytes: Uint8Array, number: number): Uint8Array[] {
  return readMessage(bytes).filter(([field]) => field === number)
    .map(([, value]) => value as Uint8Array);
}

/** The text of a field. */
export function textOf(bytes: Uint8Array, number: number): string {
  return new TextDecoder().decode(fieldsOf(bytes, number)[0]);
}
