/**
 * Random Vorbis packets, and what they decode to by the specification's formulas, written down as they
 * stand there, in float64: the oracle of the kernel.
 */
import type { Random } from "../../../pipeline/random.ts";
import {
  bitLength,
  BitWriter,
  codewordsOf,
  type Floor1Options,
  type ResidueOptions,
  type VorbisOptions,
} from "./vorbis_files.ts";

/** One packet, and its spectrum. */
export interface MadePacket {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isLong: boolean;
  /** The mean of the channels' spectra, where only the first bytes of the packet are there. */
  spectrum(numBytes?: number): Float64Array;
}

/** Numbers of a book's vector: section 3.2.1. */
function vectorOf(options: VorbisOptions, book: number, entry: number): number[] {
  const { dimensions, lengths, lookup } = options.codebooks[book];
  const { type, values, smallest = 0, step = 1, isCumulative = false } = lookup!;
  const numValues = type === 1 ? Math.floor(lengths.length ** (1 / dimensions) + 1e-9) : 0;
  let last = 0;
  return Array.from({ length: dimensions }, (_, i) => {
    const index = type === 1
      ? Math.floor(entry / numValues ** i) % numValues
      : entry * dimensions + i;
    const value = values[index] * step + smallest + last;
    if (isCumulative) last = value;
    return value;
  });
}

/** Height of a line at x, rounded towards its beginning: section 9.2.6. */
function renderPoint(x0: number, y0: number, x1: number, y1: number, x: number): number {
  const offset = Math.floor(Math.abs(y1 - y0) * (x - x0) / (x1 - x0));
  return y1 < y0 ? y0 - offset : y0 + offset;
}

/** A floor's curve from what is coded for its points: section 7.2.4. */
export function renderFloor(floor: Floor1Options, coded: readonly number[], length: number) {
  const range = [256, 128, 86, 64][floor.multiplier - 1];
  const xs = [0, 2 ** floor.xBits, ...floor.xs];
  const heights = [...coded], isUsed = coded.map((_, i) => i < 2);
  for (let i = 2; i < xs.length; i++) {
    const before = xs.slice(0, i).map((x, j) => ({ x, j }));
    const low = before.filter(({ x }) => x < xs[i]).reduce((a, b) => b.x > a.x ? b : a).j;
    const high = before.filter(({ x }) => x > xs[i]).reduce((a, b) => b.x < a.x ? b : a).j;
    const predicted = renderPoint(xs[low], heights[low], xs[high], heights[high], xs[i]);
    const value = coded[i], above = range - predicted, below = predicted;
    heights[i] = predicted;
    if (value === 0) continue;
    isUsed[low] = isUsed[high] = isUsed[i] = true;
    if (value >= 2 * Math.min(above, below)) {
      heights[i] = above > below ? value - below + predicted : predicted - value + above - 1;
    } else heights[i] += value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
  const points = xs.map((x, i) => ({ x, y: heights[i] * floor.multiplier }))
    .filter((_, i) => isUsed[i]).toSorted((a, b) => a.x - b.x);
  return Float64Array.from({ length }, (_, x) => {
    const next = points.findIndex((point) => point.x > x);
    const { x: x0, y: y0 } = points[(next < 0 ? points.length : next) - 1];
    const y = next < 0 ? y0 : renderPoint(x0, y0, points[next].x, points[next].y, x);
    return Math.exp(0.11512925 * (y - 255) * 140 / 256); // section 10.1
  });
}

/** Makes a packet of random content. Floors are of type 1, each channel is silent one time in eight. */
export function makePacket(options: VorbisOptions, random: Random, modeIndex: number): MadePacket {
  const { numChannels, modes, blockSizes } = options;
  const mode = modes[modeIndex], mapping = options.mappings[mode.mapping];
  const length = blockSizes[mode.isLong ? 1 : 0] / 2;
  const floor = options.floors[mapping.floor] as Floor1Options;
  const bits = new BitWriter().write(0, 1).write(modeIndex, bitLength(modes.length - 1));
  if (mode.isLong) bits.write(3, 2);
  /** What each codeword adds, and how many bits there have to be for it. */
  const steps: { endBit: number; apply(curves: Float64Array[], residues: Float64Array[]): void }[] =
    [];
  const writeEntry = (book: number, limit = Infinity): number => {
    const { lengths } = options.codebooks[book];
    let entry = 0;
    do entry = random.nextUint32() % Math.min(limit, lengths.length); while (lengths[entry] === 0);
    bits.writeCodeword(codewordsOf(lengths)[entry]);
    return entry;
  };

  const hasFloor = Array.from({ length: numChannels }, (_, channel) => {
    const isThere = random.next() < 7 / 8;
    bits.write(+isThere, 1);
    if (!isThere) return false;
    const range = [256, 128, 86, 64][floor.multiplier - 1];
    const coded = [0, 1].map(() => random.nextUint32() % range);
    for (const y of coded) bits.write(y, bitLength(range - 1));
    for (let i = 0; i < floor.xs.length; i++) coded.push(writeEntry(floor.book, range));
    const curve = renderFloor(floor, coded, length);
    steps.push({ endBit: bits.numBits, apply: (curves) => curves[channel] = curve });
    return true;
  });
  const hasResidue = [...hasFloor];
  for (const [a, b] of mapping.steps ?? []) {
    hasResidue[a] = hasResidue[b] = hasResidue[a] || hasResidue[b];
  }
  const residue = options.residues[mapping.residue];
  const channels = [...hasResidue.keys()].filter((c) => hasResidue[c] || residue.type === 2);
  if (hasResidue.includes(true)) {
    const places = residue.type === 2
      ? [(i: number) => [channels[i % channels.length], Math.floor(i / channels.length)] as const]
      : channels.map((channel) => (i: number) => [channel, i] as const);
    const total = residue.type === 2 ? length * numChannels : length;
    writeResidue(residue, total, places.length, (vector, i, value) => {
      const [channel, at] = places[vector](i);
      steps.push({
        endBit: bits.numBits,
        apply: (_, residues) => residues[channel][at] += value,
      });
    });
  }

  /** Sections 8.6.2 to 8.6.5: `add` says what is added to which number of which vector. */
  function writeResidue(
    { type, begin, end, partitionSize, classBook, classes }: ResidueOptions,
    total: number,
    numVectors: number,
    add: (vector: number, i: number, value: number) => void,
  ): void {
    const numPartitions = Math.floor((Math.min(end, total) - begin) / partitionSize);
    const perWord = options.codebooks[classBook].dimensions;
    const chosen = Array.from({ length: numVectors }, (): number[] => []);
    for (let pass = 0; pass < 8; pass++) {
      for (let first = 0; first < numPartitions; first += perWord) {
        if (pass === 0) {
          for (const list of chosen) {
            const word = writeEntry(classBook);
            for (let i = perWord - 1; i >= 0; i--) {
              list.push(Math.floor(word / classes.length ** i) % classes.length);
            }
          }
        }
        for (let i = first; i < Math.min(first + perWord, numPartitions); i++) {
          for (const [vector, list] of chosen.entries()) {
            const book = classes[list[i]][pass] ?? -1;
            if (book < 0) continue;
            const { dimensions } = options.codebooks[book], count = partitionSize / dimensions;
            for (let k = 0; k < count; k++) {
              const at = begin + i * partitionSize + (type === 0 ? k : k * dimensions);
              const step = type === 0 ? count : 1;
              for (const [j, value] of vectorOf(options, book, writeEntry(book)).entries()) {
                add(vector, at + j * step, value);
              }
            }
          }
        }
      }
    }
  }

  const bytes = bits.toBytes();
  return {
    bytes,
    isLong: mode.isLong,
    spectrum: (numBytes = bytes.length) => {
      const zeros = () => new Float64Array(length);
      const curves = Array.from({ length: numChannels }, zeros);
      const residues = Array.from({ length: numChannels }, zeros);
      for (const { endBit, apply } of steps) if (endBit <= 8 * numBytes) apply(curves, residues);
      for (const [a, b] of (mapping.steps ?? []).toReversed()) decouple(residues[a], residues[b]);
      return zeros().map((_, i) =>
        curves.reduce((sum, curve, c) => sum + curve[i] * residues[c][i], 0) / numChannels
      );
    },
  };
}

/** Section 4.3.5. */
function decouple(magnitudes: Float64Array, angles: Float64Array): void {
  for (let i = 0; i < magnitudes.length; i++) {
    const m = magnitudes[i], a = angles[i];
    if (m > 0) [magnitudes[i], angles[i]] = a > 0 ? [m, m - a] : [m + a, m];
    else [magnitudes[i], angles[i]] = a > 0 ? [m, m + a] : [m - a, m];
  }
}

/** The samples that blocks with these spectra become: sections 4.3.1, 4.3.7 and 4.3.8. */
export function synthesize(spectra: readonly Float64Array[]): Float64Array {
  const lengths = spectra.map(({ length }) => length); // half of the blocks
  const ends = lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, m) => sum + m, 0));
  // Block i's middle lies between halves of its neighbours; time 0 is the first block's middle.
  const middles = lengths.map((m, i) => ends[i] - (m + lengths[0]) / 2);
  const samples = new Float64Array(middles.at(-1)!);
  for (const [i, spectrum] of spectra.entries()) {
    const m = lengths[i], block = inverseMdct(spectrum);
    for (let n = 0; n < 2 * m; n++) {
      const at = middles[i] - m + n;
      if (at < 0 || at >= samples.length) continue;
      const before = Math.min(m, lengths[i - 1] ?? m), after = Math.min(m, lengths[i + 1] ?? m);
      const rising = slope(n - (m - before) / 2, before);
      const falling = slope(2 * m - 1 - n - (m - after) / 2, after);
      samples[at] += block[n] * rising * falling;
    }
  }
  return samples;
}

/** The rising half of a window, 0 before it and 1 after it. */
function slope(n: number, length: number): number {
  if (n < 0) return 0;
  if (n >= length) return 1;
  return Math.sin(Math.PI / 2 * Math.sin((n + 0.5) / length * Math.PI / 2) ** 2);
}

function inverseMdct(spectrum: Float64Array): Float64Array {
  const m = spectrum.length;
  const cosines = Float64Array.from({ length: 8 * m }, (_, i) => Math.cos(Math.PI / 4 / m * i));
  return Float64Array.from({ length: 2 * m }, (_, n) => {
    let sum = 0;
    for (let k = 0; k < m; k++) {
      sum += spectrum[k] * cosines[(2 * n + 1 + m) * (2 * k + 1) % (8 * m)];
    }
    return sum;
  });
}
