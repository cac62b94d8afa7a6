/**
 * Gives the memory of arrays back at once; they have no values any more. What is only let go waits for a garbage
 * collection, which comes late where large arrays hang on few objects, and leaves gaps behind.
 *
 * @param arrays Those of one owner: whatever else shares their memory loses it too.
 */
export function freeArrays(arrays: Iterable<{ readonly buffer: ArrayBufferLike }>): void {
  for (const { buffer } of arrays) {
    if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
  }
}
