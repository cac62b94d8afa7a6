/**
 * The server: labels of sounds for programs, the page to try a model, and the page that trains one. What it holds
 * in memory is bounded; it writes nothing but the runs that it trains.
 */
import type { Labeller } from "../run/prediction/labeller.ts";
import { resolveSettings } from "../settings/setting.ts";
import type { PageFile } from "../web/page_files.ts";
import { isLoopback } from "./access.ts";
import { ByteBudget } from "./body.ts";
import { Metrics } from "./metrics.ts";
import { RequestHandler } from "./request_handler.ts";
import { createRoutes } from "./routes.ts";
import { Places } from "./serve_context.ts";
import { type ServeSettings, serveSettings } from "./serve_settings.ts";
import { TrainingDesk, type TrainingOptions } from "./training/training_desk.ts";

/** What is served, and how. */
export interface ServeOptions extends Partial<Omit<ServeSettings, "tokenFile" | "root">> {
  /** The models, open; the caller closes them behind the server. @default {no sound is labelled} */
  readonly labeller?: Labeller;
  /** What may be trained on from a page. @default {nothing} */
  readonly training?: TrainingOptions;
  /** What requests must carry. @default {none, on this machine's own address; else one is drawn} */
  readonly token?: string;
  /** The page's files, by `createPageFiles`. @default {no page} */
  readonly files?: ReadonlyMap<string, PageFile>;
  /** Is told what went wrong in the server itself. */
  readonly onNotice?: (text: string) => void;
}

/** A server that answers. */
export interface RunningServer {
  /** What a browser opens, the token included. */
  readonly address: string;
  /**
   * Ends it: a run under way is saved, new requests are refused, those under way are answered.
   *
   * @param seconds What lasts longer is broken off. @default {10}
   */
  stop(seconds?: number): Promise<void>;
}

/**
 * Serves until it is stopped.
 *
 * @throws {SettingError} where a setting is not allowed.
 * @throws {Deno.errors.AddrInUse} where another program has the port.
 */
export function startServer(options: ServeOptions): RunningServer {
  const { labeller, files = new Map(), training, onNotice = () => {} } = options;
  const settings = resolveSettings(serveSettings, options, "serve");
  const { port, maxSize, timeout, parallel, listeners } = settings;
  const hostname = settings.host.replace(/^\[(.*)\]$/, "$1");
  const { token = isLoopback(hostname) ? undefined : drawToken() } = options;
  const metrics = new Metrics(), requests = new Places(parallel, "requests");
  const budget = new ByteBudget(Math.max(4 * maxSize, 256e6));
  const desk = training && new TrainingDesk(training);
  const routes = createRoutes({
    ...{ budget, metrics },
    limits: { maxBytes: maxSize, seconds: timeout },
    listeners: new Places(listeners, "sounds that are heard in windows"),
  }, { labeller, files, desk, requests });
  const access = { hostname, token };
  const handler = new RequestHandler({ routes, access, requests, metrics, onNotice });
  const server = Deno.serve(
    { hostname, port, onListen() {} },
    (request, { completed }) => handler.answer(request, completed),
  );
  const isAny = hostname === "0.0.0.0" || hostname === "::"; // nobody opens that
  const name = isAny ? "localhost" : hostname.includes(":") ? `[${hostname}]` : hostname;
  const query = token === undefined ? "" : `?token=${encodeURIComponent(token)}`;
  return {
    address: `http://${name}:${server.addr.port}/${query}`,
    async stop(seconds = 10) {
      const answered = handler.stop();
      await desk?.close();
      const timers: ReturnType<typeof setTimeout>[] = [];
      const after = (seconds: number) =>
        new Promise<void>((resolve) => timers.push(setTimeout(resolve, 1000 * seconds)));
      const late = after(seconds).then(() => handler.breakOff()).then(() => after(1));
      await Promise.race([answered, late]);
      server.unref(); // who sends no more and leaves his connection open is not waited for
      await Promise.race([server.shutdown(), after(1)]);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** 128 bits that nobody guesses, as text for an address. */
function drawToken(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}
