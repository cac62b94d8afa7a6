/**
 * Orders names as people do: digits by their value (`2.wav` before `10.wav`), letters without regard
 * to case, and what is still equal by its code units, so that the order is total and the same everywhere.
 */
export function compareNatural(a: string, b: string): number {
  const left = tokens(a), right = tokens(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareTokens(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Cuts a name into runs of digits and single other characters. */
function tokens(name: string): string[] {
  return name.toLowerCase().match(/\d+|\D/g) ?? [];
}

function compareTokens(a: string, b: string): number {
  if (/^\d/.test(a) && /^\d/.test(b)) {
    const left = a.replace(/^0+(?=\d)/, ""), right = b.replace(/^0+(?=\d)/, "");
    if (left.length !== right.length) return left.length - right.length;
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
