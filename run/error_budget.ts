import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { countOf } from "../settings/value_range.ts";
import { describeFailures } from "./common_cause.ts";
import type { FaultSettings } from "./config/fault_settings.ts";
import { RunError } from "./run_error.ts";

/** What to do behind an end of what goes on behind what is done. */
export const resumeAdvice = ". Go on behind what is done by the same command with --resume";

/** Counts the recordings that cannot be read, and says when there are too many. */
export class ErrorBudget {
  readonly #failures = new Map<string, ClipFailure>();

  /**
   * Begins with nothing spent.
   *
   * @param settings See `faultSettings`.
   * @param numRecordings All recordings: what a share is of.
   * @param skipped Where the failures are written, for the message.
   * @param advice How to go on, a sentence behind the message.
   */
  constructor(
    readonly settings: Partial<FaultSettings>,
    readonly numRecordings: number,
    readonly skipped: string,
    readonly advice = "",
  ) {}

  /** The first failure of each recording that could not be read so far. */
  get failures(): readonly ClipFailure[] {
    return [...this.#failures.values()];
  }

  /** Counts a failure of an earlier sitting. */
  note(failure: ClipFailure): void {
    const { id } = failure.request.clip.recording;
    if (!this.#failures.has(id)) this.#failures.set(id, failure);
  }

  /**
   * Counts a failure; several of one recording count once.
   *
   * @returns The error to end with, once `skipped` is written: where the first failure is the end, or one more
   *   recording than is allowed cannot be read.
   */
  spend(failure: ClipFailure): RunError | undefined {
    this.note(failure);
    const { onError = "skip", maxErrors } = this.settings, numFailed = this.#failures.size;
    if (onError === "fail") {
      return new RunError(
        `Cannot go on with an unreadable recording (--on-error): ${failure.message}${this.advice}`,
      );
    }
    if (maxErrors === undefined || numFailed <= countOf(maxErrors, this.numRecordings)) {
      return undefined;
    }
    return new RunError(
      `Cannot go on as at most ${maxErrors} of ${this.numRecordings} recordings may be unreadable ` +
        `(--max-errors): ${numFailed} are so far. ${describeFailures(this.failures)} ` +
        `(see ${this.skipped})${this.advice}`,
    );
  }
}
