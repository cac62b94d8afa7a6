import type { ModelCard } from "../../model/model_card.ts";
import type { Answer, FromPageWorker, HeardEvent, HeardWindow } from "../messages.ts";
import { clock } from "./plots.ts";

/** What the page shows of a sound, in words. */
export interface ShownAnswer {
  readonly answer?: Answer;
  /** What it is the answer to. */
  readonly title: string;
  readonly note: string;
}

/** A sound, and what was heard in it so far. */
export class Sound {
  /** In their order. */
  readonly windows: HeardWindow[] = [];
  readonly events: HeardEvent[] = [];
  /** What the model sees of the window that is shown. */
  picture?: Extract<FromPageWorker, { kind: "picture" }>;
  /** The window that is shown; all of the sound without it. */
  selected?: number;
  /** What the windows' mean says, when all are heard. */
  mean?: Answer;
  /** What is said of it, in a few words; absent until it is heard. */
  said?: string;
  /** What is said of it, in full. */
  words: string;
  /** Nothing of it could be read. */
  isWrong = false;

  /** Nothing of it is heard yet. */
  constructor(readonly id: number, readonly name: string, readonly card: ModelCard) {
    this.words = `Listening to ${name}…`;
  }

  /** All of it is heard. */
  end(said: string, words: string, { mean, isWrong = false }: {
    readonly mean?: Answer;
    readonly isWrong?: boolean;
  } = {}): void {
    Object.assign(this, { said, words, mean, isWrong });
  }

  /** Whether the model hears it in more than one window. */
  get isLong(): boolean {
    return this.windows.length > 1;
  }

  /** As far as it is heard. */
  get seconds(): number {
    return this.windows.at(-1)?.endSeconds ?? 0;
  }

  /** Seconds of a place in samples. */
  secondsAt(start: number): number {
    return start / this.card.frontEnd.sampleRateHz;
  }

  /** The window in which a moment lies. */
  indexAt(seconds: number): number {
    const after = this.windows.findIndex(({ startSeconds }) => startSeconds > seconds);
    return Math.max(0, (after < 0 ? this.windows.length : after) - 1);
  }

  /** The answer that is shown. */
  shown(): ShownAnswer {
    const window = this.selected === undefined ? undefined : this.windows[this.selected];
    if (window) {
      const { startSeconds, endSeconds, answer } = window;
      return { answer, title: `${clock(startSeconds, 1)} to ${clock(endSeconds, 1)}`, note: "" };
    }
    if (!this.isLong) return { answer: this.mean, title: this.name, note: "" };
    return {
      answer: this.mean,
      title: this.name,
      note: `, the mean of ${this.windows.length} windows`,
    };
  }
}
