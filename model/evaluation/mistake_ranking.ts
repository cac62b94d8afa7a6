/** A clip that was named wrongly. */
export interface Mistake {
  /** The clip's id. */
  readonly id: string;
  /** Its labels. */
  readonly labels: readonly string[];
  /** The classes that it was named. */
  readonly named: readonly string[];
  /** Probabilities of the classes that it was wrongly named, then of those of its labels that were missed. */
  readonly shares: readonly { readonly name: string; readonly probability: number }[];
  /** Its loss: what the mistakes are ranked by. */
  readonly loss: number;
}

/**
 * Mistakes, those first that gave the truth the least probability, of equal ones the earlier added.
 * It keeps no more than are asked for.
 */
export class MistakeRanking {
  readonly #mistakes: Mistake[] = [];
  #count = 0;

  /** Starts with none. @param most Most mistakes to keep. */
  constructor(readonly classes: readonly string[], readonly most: number) {}

  /** Adds a clip that was named wrongly. @param named Indices of the classes that it was named. */
  add(
    { id, labels, probabilities }: {
      readonly id: string;
      readonly labels: readonly string[];
      readonly probabilities: ArrayLike<number>;
    },
    named: readonly number[],
    loss: number,
  ): void {
    this.#count++;
    if (
      this.#mistakes.length === this.most && !(loss > (this.#mistakes.at(-1)?.loss ?? Infinity))
    ) {
      return;
    }
    const names = named.map((index) => this.classes[index]);
    const wrong = names.filter((name) => !labels.includes(name));
    const missed = labels.filter((label) => !names.includes(label));
    const shares = [...wrong, ...missed].flatMap((name) => {
      const index = this.classes.indexOf(name);
      return index < 0 ? [] : [{ name, probability: probabilities[index] }];
    });
    const place = this.#mistakes.findIndex((other) => other.loss < loss);
    const mistake = { id, labels: [...labels], named: names, shares, loss };
    this.#mistakes.splice(place < 0 ? this.#mistakes.length : place, 0, mistake);
    this.#mistakes.length = Math.min(this.#mistakes.length, this.most);
  }

  /** How many were added. */
  get count(): number {
    return this.#count;
  }

  /** Those that were kept. */
  get mistakes(): readonly Mistake[] {
    return [...this.#mistakes];
  }
}
