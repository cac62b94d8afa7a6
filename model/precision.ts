/** What `--precision` takes: how training computes the products of its convolutions. */
export const precisions = ["float32", "float16"] as const;
/** See `precisions`. */
export type Precision = typeof precisions[number];
