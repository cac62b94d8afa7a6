import { createWindowing, type Windowing } from "../pipeline/windows.ts";
import type { Labeller } from "../run/prediction/labeller.ts";
import type { PredictWindows } from "../run/prediction/predict_windows.ts";
import type { BodyLimits, ByteBudget } from "./body.ts";
import type { ClipBatcher } from "./clip_batcher.ts";
import { busy, HttpError } from "./http_error.ts";
import type { Metrics } from "./metrics.ts";

/** What all routes share. */
export interface ServeResources {
  /** Limits of one request's body. */
  readonly limits: BodyLimits;
  /** Bytes of all. */
  readonly budget: ByteBudget;
  /** Room for what is heard in windows. */
  readonly listeners: Places;
  /** Counters. */
  readonly metrics: Metrics;
}

/** What the routes that label share, too. */
export interface ServeContext extends ServeResources {
  /** The models, open. */
  readonly labeller: Labeller;
  /** Where beginnings of sounds are labelled. */
  readonly batcher: ClipBatcher;
}

/** The windows that a request asks for. @throws {HttpError} 400 where there are none like that. */
export function windowingOf(
  { card }: Labeller,
  { window, hop }: Pick<PredictWindows, "window" | "hop">,
): Windowing {
  try {
    return createWindowing(card.frontEnd, { windowSeconds: window, hopSeconds: hop });
  } catch (error) {
    throw new HttpError(400, (error as Error).message);
  }
}

/** Places that requests take and give back; nobody waits for one. */
export class Places {
  #numTaken = 0;

  /**
   * So many, all free.
   *
   * @param what Those who take them, for messages: `requests`.
   */
  constructor(readonly size: number, readonly what: string) {}

  /** Places that are taken. */
  get numTaken(): number {
    return this.#numTaken;
  }

  /** Takes a place until it is disposed of. @throws {HttpError} 429 where all are taken. */
  take(): Disposable {
    if (this.#numTaken >= this.size) {
      throw busy(429, `Cannot answer now as at most ${this.size} ${this.what} are: send it again`);
    }
    this.#numTaken++;
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#numTaken--;
        isTaken = false;
      },
    };
  }
}
