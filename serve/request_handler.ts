import { type AccessOptions, checkAccess } from "./access.ts";
import type { StreamedAnswer } from "./events_route.ts";
import { busy, errorResponse, HttpError } from "./http_error.ts";
import type { Metrics } from "./metrics.ts";
import type { Route } from "./route.ts";
import { findRoute } from "./routes.ts";
import type { Places } from "./serve_context.ts";

/** What requests are answered by. */
export interface RequestHandlerOptions {
  /** What is at which path. */
  readonly routes: ReadonlyMap<string, Route>;
  /** Who is answered. */
  readonly access: AccessOptions;
  /** Room for those that are work. */
  readonly requests: Places;
  /** Counts them. */
  readonly metrics: Metrics;
  /** Is told what went wrong in the server itself. */
  readonly onNotice: (text: string) => void;
}

const everyHeader: Readonly<Record<string, string>> = {
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Answers requests, whatever comes: with a route's answer, or with one line that says why there is none. */
export class RequestHandler {
  readonly #options: RequestHandlerOptions;
  /** What ends each request that is being answered. */
  readonly #ends = new Set<AbortController>();
  /** Answers that are not sent whole yet. */
  readonly #open = new Set<Promise<unknown>>();
  #isStopping = false;

  /** Over these routes. */
  constructor(options: RequestHandlerOptions) {
    this.#options = options;
  }

  /**
   * Answers one request.
   *
   * @param sent Settles when its answer is sent, or the client has left: nothing else tells that.
   */
  async answer(request: Request, sent: Promise<void>): Promise<Response> {
    const end = new AbortController(), leave = () => end.abort(new HttpError(400, "You have left"));
    this.#ends.add(end);
    sent.then(leave, leave).finally(() => this.#ends.delete(end));
    const startMs = performance.now(), { metrics, routes } = this.#options;
    const [path] = findRoute(routes, new URL(request.url).pathname) ?? ["other"];
    const { response, ended } = await this.#tryToAnswer(request, end.signal);
    const counted = ended.then(() => {
      const seconds = (performance.now() - startMs) / 1000;
      metrics.countRequest(path, request.method, response.status, seconds);
    });
    const closed: Promise<unknown> = Promise.allSettled([counted, sent]).finally(() =>
      this.#open.delete(closed)
    );
    this.#open.add(closed);
    for (const [name, value] of Object.entries(everyHeader)) response.headers.set(name, value);
    return response;
  }

  /** Answers no request that comes from now on. @returns when those under way have their answers. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#open);
  }

  /** Ends what is under way. */
  breakOff(): void {
    const reason = busy(503, "Cannot go on as the server is being stopped");
    for (const end of this.#ends) end.abort(reason);
  }

  async #tryToAnswer(request: Request, signal: AbortSignal): Promise<StreamedAnswer> {
    using stack = new DisposableStack();
    try {
      const answer = await this.#answerOf(request, signal, stack);
      if (answer instanceof Response) return { response: answer, ended: Promise.resolve() };
      const held = stack.move();
      return { ...answer, ended: answer.ended.finally(() => held.dispose()) };
    } catch (error) {
      return { response: errorResponse(this.#explain(error)), ended: Promise.resolve() };
    }
  }

  async #answerOf(
    request: Request,
    signal: AbortSignal,
    stack: DisposableStack,
  ): Promise<Response | StreamedAnswer> {
    const { routes, access, requests } = this.#options, { method } = request;
    if (this.#isStopping) throw busy(503, "Cannot answer as the server is being stopped");
    const signedIn = checkAccess(request, access);
    if (signedIn) return signedIn;
    const { pathname } = new URL(request.url), [, route] = findRoute(routes, pathname) ?? [];
    if (!route) {
      throw new HttpError(
        404,
        `Cannot find ${pathname}: there is ${[...routes.keys()].join(", ")}`,
      );
    }
    if (method !== route.method && !(method === "HEAD" && route.method === "GET")) {
      const rule = `Cannot ${method} ${pathname} as its method must be ${route.method}`;
      throw new HttpError(405, rule, { allow: route.method });
    }
    if (route.isWork) stack.use(requests.take());
    return await route.answer(request, signal);
  }

  /** What a client is told of an error; the server's own are the operator's to know. */
  #explain(error: unknown): HttpError {
    if (error instanceof HttpError) return error;
    this.#options.onNotice(`answered 500: ${(error as Error).stack ?? error}`);
    return new HttpError(500, "Cannot answer as the server has failed: its own output says how");
  }
}
