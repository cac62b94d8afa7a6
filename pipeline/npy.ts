/**
 * Writes an array as NumPy's `.npy` file, format version 1.0, little-endian float32, C order
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @param values Row-major.
 * @throws {TypeError} where the shape does not hold exactly the values.
 */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const size = shape.reduce((product, n) => product * n, 1);
  if (size !== values.length) {
    throw new TypeError(
      `Cannot write an array as its shape [${shape}] must hold ${values.length} values: ` +
        `current value is ${size}`,
    );
  }
  const header = npyHeader(shape);
  const bytes = new Uint8Array(header.length + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set(header);
  values.forEach((value, i) => view.setFloat32(header.length + 4 * i, value, true));
  return bytes;
}

/** The header of such a file: the values follow it. */
export function npyHeader(shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefixBytes = 10; // magic, version, header length
  const headerBytes = Math.ceil((prefixBytes + header.length + 1) / 64) * 64 - prefixBytes;
  const bytes = new Uint8Array(prefixBytes + headerBytes);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY, version 1.0
  new DataView(bytes.buffer).setUint16(8, headerBytes, true);
  bytes.set(new TextEncoder().encode(header.padEnd(headerBytes - 1) + "\n"), prefixBytes);
  return bytes;
}
