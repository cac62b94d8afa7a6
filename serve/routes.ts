/** What the server has at which path. */
import type { PageFile } from "../web/page_files.ts";
import { answerEvents, type StreamedAnswer } from "./events_route.ts";
import { answerPredict } from "./predict_route.ts";
import type { Places, ServeContext } from "./serve_context.ts";

/** What is at a path. */
export interface Route {
  /** The method it is asked by; `GET` stands for `HEAD`, too. */
  readonly method: "GET" | "POST";
  /** Set where an answer is work, of which there is only so much at a time. */
  readonly isWork?: true;
  /** Answers. @param signal Ends the answer. */
  answer(request: Request, signal: AbortSignal): Promise<Response | StreamedAnswer> | Response;
}

/** Every route, by its path. Nothing else is served, and no file of this machine. */
export function createRoutes(
  context: ServeContext,
  { files, requests }: {
    readonly files: ReadonlyMap<string, PageFile>;
    readonly requests: Places;
  },
): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>(), asksServer = !!context.labeller.card.backbone;
  for (const [name, { type, content }] of files) {
    const headers = { ...pageHeaders(asksServer), "content-type": type };
    routes.set(name === "index.html" ? "/" : `/${name}`, {
      method: "GET",
      answer: () => new Response(content, { headers }),
    });
  }
  routes.set("/healthz", { method: "GET", answer: () => new Response("ok\n") });
  routes.set("/metrics", { method: "GET", answer: () => describeMetrics(context, requests) });
  routes.set("/predict", {
    ...{ method: "POST", isWork: true },
    answer: (request, signal) => answerPredict(request, context, signal),
  });
  routes.set("/events", {
    ...{ method: "POST", isWork: true },
    answer: (request, signal) => answerEvents(request, context, signal),
  });
  return routes;
}

/**
 * What the page may do: run what comes from here, and reach nothing else.
 *
 * @param asksServer Set where it has the server hear in its place.
 */
const pageHeaders = (asksServer: boolean): Readonly<Record<string, string>> => ({
  "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; " +
    "worker-src 'self'; style-src 'self'; img-src 'self' data:; media-src blob:; " +
    (asksServer ? "connect-src 'self'; " : "") +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  // Isolated, so that its threads may share memory.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy": "microphone=(self)",
  "cache-control": "no-cache",
});

function describeMetrics(
  { metrics, budget, listeners }: ServeContext,
  requests: Places,
): Response {
  const text = metrics.format({
    melstream_requests_in_flight: ["Requests for labels under way.", requests.numTaken],
    melstream_listeners: ["Sounds that are heard in windows.", listeners.numTaken],
    melstream_held_bytes: ["Bytes of requests that are held.", budget.held],
    process_resident_memory_bytes: ["Memory of the process.", Deno.memoryUsage().rss],
  });
  return new Response(text, { headers: { "content-type": "text/plain; version=0.0.4" } });
}
