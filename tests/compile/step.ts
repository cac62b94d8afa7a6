/** Says what is done, and how long it took. */
export async function step<T>(name: string, act: () => Promise<T>): Promise<T> {
  const startMs = performance.now(), result = await act();
  console.log(`${name} (${((performance.now() - startMs) / 1000).toFixed(0)} s)`);
  return result;
}

/** Bytes as megabytes. */
export function formatSize(numBytes: number): string {
  return `${(numBytes / 1e6).toFixed(0)} MB`;
}
