/** What a model says of a recording, from what it says of its windows. */
import type { LabelledRow } from "../../model/label_rows.ts";
import type { Recording } from "../../pipeline/recording.ts";

/** What becomes of a class's probabilities in the windows of a recording: their mean, or the highest. */
export type Aggregate = "mean" | "max";

/** A recording and what was said of all of it. */
export interface LabelledRecording {
  /** The recording. */
  readonly recording: Recording;
  /** Of every class; absent where no window of it could be read. */
  readonly probabilities?: Float64Array;
}

/** Joins the rows of each recording, which come one after the other; those that could not be read are left out. */
export async function* joinWindows(
  rows: AsyncIterable<LabelledRow>,
  aggregate: Aggregate,
): AsyncGenerator<LabelledRecording> {
  let joined: JoinedWindows | undefined;
  for await (const { request: { clip: { recording } }, probabilities } of rows) {
    if (joined && joined.recording !== recording) {
      yield joined.build();
      joined = undefined;
    }
    joined ??= new JoinedWindows(recording, aggregate);
    if (probabilities) joined.add(probabilities);
  }
  if (joined) yield joined.build();
}

class JoinedWindows {
  #values?: Float64Array;
  #numWindows = 0;

  constructor(readonly recording: Recording, readonly aggregate: Aggregate) {}

  add(probabilities: Float64Array): void {
    const isMean = this.aggregate === "mean",
      values = this.#values ??= new Float64Array(probabilities.length);
    for (const [i, value] of probabilities.entries()) {
      values[i] = isMean ? values[i] + value : Math.max(values[i], value);
    }
    this.#numWindows++;
  }

  build(): LabelledRecording {
    const { recording } = this, divisor = this.aggregate === "mean" ? this.#numWindows : 1;
    return this.#values
      ? { recording, probabilities: this.#values.map((value) => value / divisor) }
      : { recording };
  }
}
