/** Memory for what a setup header asks for: taken once, never given back, and not without end. */

/** The most of it: 16 MiB. Setups of real files ask for less than one. */
const LIMIT: usize = 1 << 24;
const ALIGNMENT: usize = 16;

let top: usize = __heap_base;

/** Address of that many new bytes, which may hold anything; 0 where there is no room for them. */
export function allocate(numBytes: u64): usize {
  const start = (top + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
  if (<u64>start + numBytes > LIMIT) return 0;
  top = start + <usize>numBytes;
  return ensure(top) ? start : 0;
}

/** The same, all zero. */
export function allocateZeros(numBytes: u64): usize {
  const start = allocate(numBytes);
  if (start !== 0) memory.fill(start, 0, <usize>numBytes);
  return start;
}

/** Address of that many bytes behind everything that was allocated; 0 where there is no room for them. */
export function room(numBytes: usize): usize {
  const start = (top + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
  return ensure(start + numBytes) ? start : 0;
}

/** Grows the memory up to address `end`. */
function ensure(end: usize): bool {
  const missing = <i32>((end + 0xffff) >> 16) - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}
