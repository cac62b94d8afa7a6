/** Paths that stand for several: `shards-{000..123}.tar`, `{train,extra}.parquet`. */
import { DatasetError } from "./dataset.ts";

const range = /^(\d+)\.\.(\d+)$/, braced = /\{([^{}/]+)\}/;
/** So many paths are meant at the most. */
const mostPaths = 100_000;

/** Whether a path stands for several. */
export function hasBraces(path: string): boolean {
  return braced.test(path);
}

/**
 * The paths that one stands for, as a shell would have them: numbers have as many digits as the first.
 *
 * @throws {DatasetError} where they are too many.
 */
export function expandBraces(path: string): string[] {
  const [all, inner] = braced.exec(path) ?? [];
  if (all === undefined) return [path];
  const [, first, last] = range.exec(inner) ?? [];
  const count = first === undefined ? 0 : Math.abs(Number(last) - Number(first)) + 1;
  if (count > mostPaths) {
    throw new DatasetError(`Cannot read ${path} as it must stand for ${mostPaths} files at most`);
  }
  const step = Number(last) < Number(first) ? -1 : 1;
  const words = first === undefined ? inner.split(",") : Array.from(
    { length: count },
    (_, i) => `${Number(first) + i * step}`.padStart(first.length, "0"),
  );
  return words.flatMap((word) => expandBraces(path.replace(all, () => word)));
}
