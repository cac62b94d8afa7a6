/** Work for when the program ends. */
const pending = new Set<() => void>();

globalThis.addEventListener("unload", () => {
  for (const act of pending) act();
});

/**
 * Has something done when the program ends by itself or by `Deno.exit`, which is what the command line
 * makes of errors and signals.
 *
 * @param act Must not wait; what it throws is lost.
 * @returns what calls it off.
 */
export function doOnExit(act: () => void): () => void {
  const safe = () => {
    try {
      act();
    } catch { /* the others still have their turn */ }
  };
  pending.add(safe);
  return () => pending.delete(safe);
}
