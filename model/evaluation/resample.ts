import { createRandom } from "../../pipeline/random.ts";

/** Sampling unit, drawn whole: the clips of a group, or a clip without one. */
export interface SamplingUnit {
  /** Clips of each class, by its index; none for a clip without labels. */
  readonly classCounts: ReadonlyMap<number, number>;
  /** How many units there are that are equal to this one. */
  readonly times: number;
}

/**
 * Bootstrap resamplings (Efron 1979), stratified by class and drawn by group: each draws from every
 * stratum as many units as there are, with replacement. A unit stands in the stratum of its rarest
 * class, so that a class of few clips does not vanish from a resampling, which would move the mean
 * over the classes. A stratum of one unit is the same in all, and adds nothing to an interval.
 *
 * @param figuresOf Figures of a resampling, given how often each unit was drawn (equal ones together).
 * @param numClips Decides with `numResamplings` how many there are.
 * @param seed The same seed and units give the same resamplings.
 * @returns a list of resampled figures for each of the figures, `[resamplings]`.
 */
export function resample(
  units: readonly SamplingUnit[],
  figuresOf: (drawn: Uint32Array) => readonly number[],
  { numClips, seed }: { readonly numClips: number; readonly seed: number },
): Float64Array[] {
  const random = createRandom(seed, "bootstrap"), strata = strataOf(units);
  const resamplings = numResamplings(numClips), resampled: Float64Array[] = [];
  const drawn = new Uint32Array(units.length);
  for (let k = 0; k < resamplings; k++) {
    drawn.fill(0);
    for (const stratum of strata) {
      for (let i = 0; i < stratum.length; i++) drawn[stratum[random.integer(stratum.length)]]++;
    }
    figuresOf(drawn).forEach((figure, i) => {
      resampled[i] ??= new Float64Array(resamplings);
      resampled[i][k] = figure;
    });
  }
  return resampled;
}

/** 1,000 resamplings, fewer where there are so many clips that the interval is narrow anyway. */
export function numResamplings(numClips: number): number {
  return Math.round(Math.min(1000, Math.max(200, 1e7 / numClips)));
}

/** The units' indices by stratum, each as many times as there are equal ones. */
function strataOf(units: readonly SamplingUnit[]): Uint32Array[] {
  const totals = new Map<number, number>();
  for (const { classCounts, times } of units) {
    for (const [index, count] of classCounts) {
      totals.set(index, (totals.get(index) ?? 0) + count * times);
    }
  }
  const byRarest = new Map<number, number[]>(), sizes = new Map<number, number>();
  units.forEach(({ classCounts, times }, unit) => {
    let rarest = -1;
    for (const index of classCounts.keys()) {
      if (rarest < 0 || totals.get(index)! < totals.get(rarest)!) rarest = index;
    }
    const members = byRarest.get(rarest);
    if (members) members.push(unit);
    else byRarest.set(rarest, [unit]);
    sizes.set(rarest, (sizes.get(rarest) ?? 0) + times);
  });
  return [...byRarest].map(([rarest, members]) => {
    const stratum = new Uint32Array(sizes.get(rarest)!);
    let next = 0;
    for (const unit of members) {
      stratum.fill(unit, next, next + units[unit].times);
      next += units[unit].times;
    }
    return stratum;
  });
}
