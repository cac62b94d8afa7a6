/** A look at what a folder holds, in a thread of its own. */
import type { SurveyState } from "../../web/training_messages.ts";
import type { FromTrainingWorker } from "./protocol.ts";
import { startTrainingThread } from "./training_thread.ts";

/** One look. */
export class SurveyJob {
  readonly #thread: Worker;
  #state: SurveyState;
  #page?: string;

  /**
   * Begins it.
   *
   * @param id Tells it from others.
   * @param path The folder as the page knows it; none for the recordings that come along.
   * @param dir The folder as training is told it.
   */
  constructor(readonly id: number, path: string | undefined, dir: string | undefined) {
    this.#state = { id, path, done: 0, total: 0 };
    this.#thread = startTrainingThread({ kind: "survey", dir }, (message) => this.#take(message));
  }

  /** What the page is told. @param isKnown It knows what the folder holds. */
  state(isKnown: boolean): SurveyState {
    return isKnown ? { ...this.#state, held: undefined } : this.#state;
  }

  /** The page that `inspect` makes, once all is looked at. */
  get page(): string | undefined {
    return this.#page;
  }

  /** Leaves it. */
  close(): void {
    this.#thread.terminate();
  }

  #take(message: FromTrainingWorker): void {
    switch (message.kind) {
      case "looked":
        this.#state = { ...this.#state, done: message.done, total: message.total };
        return;
      case "held":
        this.#state = { ...this.#state, held: message.held };
        this.#page = message.page;
        return this.close();
      case "failed":
        this.#state = { ...this.#state, failure: message.message };
        return this.close();
    }
  }
}
