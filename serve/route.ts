import type { StreamedAnswer } from "./events_route.ts";

/** What is at a path. */
export interface Route {
  /** The method it is asked by; `GET` stands for `HEAD`, too. */
  readonly method: "GET" | "POST";
  /** Set where an answer is work, of which there is only so much at a time. */
  readonly isWork?: true;
  /** Set where it answers for all paths that begin with its own. */
  readonly coversBelow?: true;
  /** Answers. @param signal Ends the answer. */
  answer(request: Request, signal: AbortSignal): Promise<Response | StreamedAnswer> | Response;
}
