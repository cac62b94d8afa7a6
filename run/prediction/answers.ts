import type { EvaluatedRow } from "../../model/evaluation/evaluator.ts";
import type { Recording } from "../../pipeline/recording.ts";
import type { GrowingFile } from "../files/growing_file.ts";
import type { ResumableOutput } from "../files/resumable_output.ts";
import { RunError } from "../run_error.ts";

/** What was said of the recordings whose labels are known: kept, so that a prediction that was stopped is scored whole. */
export class Answers {
  readonly #score: (row: EvaluatedRow) => void;
  readonly #numClasses: number;
  readonly #file: GrowingFile | undefined;

  private constructor(
    score: (row: EvaluatedRow) => void,
    numClasses: number,
    file: GrowingFile | undefined,
  ) {
    this.#score = score;
    this.#numClasses = numClasses;
    this.#file = file;
  }

  /**
   * Opens them, and scores those of the recordings that are done.
   *
   * @throws {RunError} where they cannot be read or written.
   */
  static async open(
    output: ResumableOutput<unknown>,
    recordings: readonly Recording[],
    numClasses: number,
    score: (row: EvaluatedRow) => void,
  ): Promise<Answers> {
    const isScored = recordings.some(({ labels }) => labels);
    const file = isScored ? await output.file("answers.bin") : undefined;
    const answers = new Answers(score, numClasses, file);
    if (file && file.size > 0) await answers.#replay(file.path, recordings.slice(0, output.done));
    return answers;
  }

  /** Takes what was said of a recording; nothing, where it could not be read. */
  async add(recording: Recording, probabilities: Float64Array | undefined): Promise<void> {
    if (!recording.labels) return;
    const values = probabilities ?? new Float64Array(this.#numClasses).fill(NaN);
    await this.#file?.write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.#evaluate(recording, values);
  }

  async #replay(path: string, recordings: readonly Recording[]): Promise<void> {
    using stored = await Deno.open(path);
    for (const recording of recordings) {
      if (!recording.labels) continue;
      const values = new Float64Array(this.#numClasses);
      for (let rest = new Uint8Array(values.buffer); rest.length > 0;) {
        const numRead = await stored.read(rest);
        if (numRead === null) throw new RunError(`Cannot go on with ${path} as it ends too early`);
        rest = rest.subarray(numRead);
      }
      this.#evaluate(recording, values);
    }
  }

  #evaluate({ id, labels, group }: Recording, probabilities: Float64Array): void {
    if (labels && !Number.isNaN(probabilities[0])) {
      this.#score({ id, labels, group, probabilities });
    }
  }
}
