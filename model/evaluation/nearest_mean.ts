import type { Batch } from "../../pipeline/batch.ts";
import { ratio } from "./class_figures.ts";

/** The sums behind the class means: plain data, kept with a run's state. */
export interface ClassMeans {
  /** `[numClasses][melBands]`: sums of the clips' mean decibels over time. */
  readonly sums: number[][];
  /** Clips of each class. */
  readonly counts: number[];
}

/** No clips yet. */
export function createClassMeans(numClasses: number, melBands: number): ClassMeans {
  return {
    sums: Array.from({ length: numClasses }, () => new Array(melBands).fill(0)),
    counts: new Array(numClasses).fill(0),
  };
}

/**
 * Nearest class mean, the baseline without training: a clip is given the class whose mean spectrum is
 * nearest to its own, by the squared distance of the features averaged over time.
 */
export class NearestMean {
  #correct = 0;
  #asked = 0;

  /** Over the means learnt so far, which it goes on with. */
  constructor(readonly means: ClassMeans, readonly classes: readonly string[]) {}

  /** Takes the clips of a batch into the means of their classes; copies are left out. */
  learn(batch: Batch): void {
    this.#forEach(batch, (trueClass, spectrum, copy) => {
      if (copy > 0) return;
      const sum = this.means.sums[trueClass];
      for (let band = 0; band < sum.length; band++) sum[band] += spectrum[band];
      this.means.counts[trueClass]++;
    });
  }

  /** Classifies the clips of a batch and compares with their labels. */
  test(batch: Batch): void {
    this.#forEach(batch, (trueClass, spectrum) => {
      const distances = this.means.sums.map((sum, i) => {
        const count = this.means.counts[i];
        if (count === 0) return Infinity;
        return sum.reduce((total, x, band) => total + (x / count - spectrum[band]) ** 2, 0);
      });
      this.#asked++;
      if (distances.indexOf(Math.min(...distances)) === trueClass) this.#correct++;
    });
  }

  /** Share of the tested clips that it named rightly; `null` where there were none. */
  get accuracy(): number | null {
    return ratio(this.#correct, this.#asked);
  }

  #forEach(
    { inputs, clips }: Batch,
    visit: (trueClass: number, spectrum: Float64Array, copy: number) => void,
  ): void {
    const melBands = this.means.sums[0].length, numCells = inputs.length / clips.length;
    const numFrames = numCells / melBands, spectrum = new Float64Array(melBands);
    clips.forEach(({ clip, copy }, row) => {
      const trueClass = this.classes.indexOf(clip.labels?.[0] ?? "");
      if (trueClass < 0) return;
      for (let band = 0; band < melBands; band++) {
        const start = row * numCells + band * numFrames;
        let sum = 0;
        for (let i = start; i < start + numFrames; i++) sum += inputs[i];
        spectrum[band] = sum / numFrames;
      }
      visit(trueClass, spectrum, copy);
    });
  }
}
