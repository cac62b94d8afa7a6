import type { Engine } from "./engine.ts";
import { freeArrays } from "./free_arrays.ts";
import type { Weight } from "./weights.ts";

/**
 * An exponential moving average of a model's weights, running statistics included (Polyak averaging;
 * the decay rises with the updates, min(decay, (1 + n) / (10 + n)), so that it forgets the start).
 */
export class WeightAverage {
  #weights: Weight[] | undefined;
  #updates = 0;

  /** Of this decay, the share of the average that stays at an update; 0 averages nothing. */
  constructor(readonly decay: number) {}

  /** Number of updates so far. */
  get updates(): number {
    return this.#updates;
  }

  /** The averaged weights; nothing before the first update. */
  get weights(): readonly Weight[] | undefined {
    return this.#weights;
  }

  /** Goes on from an average that was saved. */
  restore(weights: readonly Weight[], updates: number): void {
    this.#weights = [...weights];
    this.#updates = updates;
  }

  /** Begins anew. */
  reset(): void {
    this.#weights = undefined;
    this.#updates = 0;
  }

  /** Takes the engine's weights into the average. */
  async update(engine: Engine): Promise<void> {
    const now = await engine.exportWeights();
    const decay = Math.min(this.decay, (1 + this.#updates) / (10 + this.#updates));
    this.#updates++;
    if (!this.#weights) {
      this.#weights = now;
      return;
    }
    this.#weights.forEach(({ values }, i) => {
      const fresh = now[i].values;
      for (let k = 0; k < values.length; k++) values[k] += (1 - decay) * (fresh[k] - values[k]);
    });
    freeArrays(now.map(({ values }) => values));
  }

  /** Does something with the averaged weights in the engine, then puts its own back. */
  async borrow<T>(engine: Engine, use: () => Promise<T>): Promise<T> {
    if (!this.#weights) return await use();
    const own = await engine.exportWeights();
    await engine.importWeights(this.#weights);
    try {
      return await use();
    } finally {
      await engine.importWeights(own);
      freeArrays(own.map(({ values }) => values));
    }
  }
}
