/**
 * Random numbers that depend on nothing but their key: the same key gives the same numbers on every
 * machine, for any number of workers and in any order of work.
 */
export interface Random {
  /** The next number, evenly spread over [0, 1), with 32 random bits. */
  next(): number;
  /** The next 32 random bits as an unsigned integer: a seed for kernels that draw in bulk. */
  nextUint32(): number;
  /** A number evenly spread over [low, high). */
  uniform(low: number, high: number): number;
  /** A whole number from 0 to `bound` − 1. */
  integer(bound: number): number;
  /** A number from the standard normal distribution (Box–Muller). */
  normal(): number;
}

/** What a stream of random numbers is keyed by, most general part first: seed, epoch, clip id, stage. */
export type RandomKey = readonly (string | number)[];

/** Four 32-bit hashes of a text (the cyrb128 construction over MurmurHash3's mixing constants). */
function hash128(text: string): [number, number, number, number] {
  let h1 = 1779033703, h2 = 3144134277, h3 = 1013904242, h4 = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ code, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ code, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ code, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ code, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  const all = h1 ^ h2 ^ h3 ^ h4;
  return [all >>> 0, (h2 ^ all) >>> 0, (h3 ^ all) >>> 0, (h4 ^ all) >>> 0];
}

/** Starts the random numbers of one key (generator: sfc32 of PractRand, 128 bits of state). */
export function createRandom(...key: RandomKey): Random {
  let [a, b, c, d] = hash128(JSON.stringify(key));
  const nextUint32 = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) nextUint32(); // sfc32 mixes its seed over the first steps
  const next = () => nextUint32() / 0x1_0000_0000;
  return {
    next,
    nextUint32,
    uniform: (low, high) => low + (high - low) * next(),
    integer: (bound) => Math.floor(next() * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** Shuffles in place (Fisher–Yates) and returns the same array. */
export function shuffle<A extends unknown[] | Uint32Array>(items: A, random: Random): A {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}
