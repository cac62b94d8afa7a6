/** What the server has at which path. */
import type { Labeller } from "../run/prediction/labeller.ts";
import type { PageFile } from "../web/page_files.ts";
import { ClipBatcher } from "./clip_batcher.ts";
import { answerEvents } from "./events_route.ts";
import { tryPageHeaders } from "./page_headers.ts";
import { answerPredict } from "./predict_route.ts";
import type { Route } from "./route.ts";
import type { Places, ServeResources } from "./serve_context.ts";
import type { TrainingDesk } from "./training/training_desk.ts";
import { createTrainingRoutes, trainAddress } from "./training/training_routes.ts";

/** What is served, beside what all routes share. */
export interface Served {
  /** The models; without them, no sound is labelled. */
  readonly labeller?: Labeller;
  /** Files of the page to try them. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** What trains, where that may be asked for. */
  readonly desk?: TrainingDesk;
  /** Room for requests that are work. */
  readonly requests: Places;
}

/** Every route, by its path. Nothing else is served. */
export function createRoutes(
  resources: ServeResources,
  { labeller, files, desk, requests }: Served,
): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>(), asksServer = !!labeller?.card.backbone;
  for (const [name, { type, content }] of files) {
    const headers = { ...tryPageHeaders(asksServer), "content-type": type };
    routes.set(name === "index.html" ? "/" : `/${name}`, {
      method: "GET",
      answer: () => new Response(content, { headers }),
    });
  }
  if (desk) {
    const goThere: Route = {
      method: "GET",
      answer: () => new Response(null, { status: 303, headers: { location: trainAddress } }),
    };
    if (files.size === 0) routes.set("/", goThere);
    routes.set(trainAddress.slice(0, -1), goThere);
    for (const [path, route] of createTrainingRoutes(desk, files.size > 0)) {
      routes.set(path, route);
    }
  }
  routes.set("/healthz", { method: "GET", answer: () => new Response("ok\n") });
  routes.set("/metrics", { method: "GET", answer: () => describeMetrics(resources, requests) });
  if (!labeller) return routes;
  const context = { ...resources, labeller, batcher: new ClipBatcher(labeller) };
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

/** The route of a path, and the path that it is known by. */
export function findRoute(
  routes: ReadonlyMap<string, Route>,
  pathname: string,
): readonly [path: string, route: Route] | undefined {
  const exact = routes.get(pathname);
  if (exact) return [pathname, exact];
  return [...routes].find(([path, { coversBelow }]) => coversBelow && pathname.startsWith(path));
}

function describeMetrics(
  { metrics, budget, listeners }: ServeResources,
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
