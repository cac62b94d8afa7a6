/**
 * Applies a function to items, several at a time, as what lies far away answers late.
 *
 * @returns The results in the items' order.
 * @throws What the function throws; no more items are begun then.
 */
export async function mapAtOnce<T, U>(
  items: readonly T[],
  atOnce: number,
  apply: (item: T) => Promise<U>,
): Promise<U[]> {
  const results = new Array<U>(items.length), positions = items.keys();
  const work = async () => {
    for (const i of positions) results[i] = await apply(items[i]);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  } finally {
    positions.return?.();
  }
  return results;
}
