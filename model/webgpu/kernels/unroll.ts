/** The lines of a shader that a loop of `count` turns would run, one after the other in its text. */
export function unroll(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join("\n");
}
