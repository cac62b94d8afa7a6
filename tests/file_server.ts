/** A web server on loopback, of files in memory, which misbehaves where it is asked to. */

/** What a server does wrong with one request. */
export type ServerFault =
  /** It sends a piece, and the connection breaks. */
  | "cut"
  /** It sends less than it says. */
  | "short"
  /** It says that the file has another length than before. */
  | "longer"
  /** It gives the file another `ETag` than before. */
  | "changed"
  /** It knows of no ranges. */
  | "whole"
  /** Nor says how long the file is. */
  | "endless"
  /** It knows of no ranges, and the connection breaks. */
  | "whole, cut"
  /** It sends a little at a time. */
  | "slow"
  /** It answers nothing but this. */
  | Response;

/** A server that runs. */
export interface FileServer extends AsyncDisposable {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** What was asked for so far: path and range. */
  readonly asked: string[];
}

/** What a server has, and what it does wrong. */
export interface FileServerOptions {
  /** The bytes at a path, which begins with a slash. */
  readonly find: (path: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** What is wrong with a request; `count` says how many there were of its path before. */
  readonly faultOf?: (path: string, count: number) => ServerFault | undefined;
}

/** Starts a server on a free port. */
export function serveFiles({ find, faultOf = () => undefined }: FileServerOptions): FileServer {
  const asked: string[] = [], counts = new Map<string, number>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: () => new Response() },
    async (request) => {
      const path = decodeURIComponent(new URL(request.url).pathname);
      const range = request.headers.get("range") ?? "", count = counts.get(path) ?? 0;
      counts.set(path, count + 1);
      asked.push(`${path} ${range}`.trim());
      const bytes = await find(path), fault = faultOf(path, count);
      if (fault instanceof Response) return fault.clone() as Response;
      if (!bytes) return new Response("", { status: 404, statusText: "Not Found" });
      return answer(bytes, range, fault);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The answer to a request for a range. */
export function answer(bytes: Uint8Array, range: string, fault?: ServerFault): Response {
  const match = /^bytes=(\d+)-(\d*)$/.exec(range), size = bytes.length;
  const etag = fault === "changed" ? '"other"' : `"${size}"`;
  const isWhole = !match || fault === "whole" || fault === "endless" || fault === "whole, cut";
  if (isWhole) {
    const headers: HeadersInit = { etag };
    if (fault !== "endless") headers["content-length"] = `${size}`;
    const body = fault === "endless" || fault === "whole, cut"
      ? pieces(bytes, fault === "whole, cut")
      : bytes;
    return new Response(body as BodyInit, { headers });
  }
  const start = Number(match[1]), end = Math.min(size - 1, Number(match[2] || size));
  if (start >= size) {
    return new Response("", { status: 416, headers: { "content-range": `bytes */${size}` } });
  }
  const total = fault === "longer" ? size + 1 : size, piece = bytes.slice(start, end + 1);
  const body = fault === "cut"
    ? pieces(piece, true)
    : fault === "slow"
    ? pieces(piece, false)
    : fault === "short"
    ? piece.subarray(1)
    : piece;
  const headers = { etag, "content-range": `bytes ${start}-${end}/${total}` };
  return new Response(body as BodyInit, { status: 206, headers });
}

/** Bytes a piece at a time; the connection breaks in the middle, where it is to. */
function pieces(bytes: Uint8Array, isCut: boolean): ReadableStream<Uint8Array> {
  const step = Math.ceil(bytes.length / 4);
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (isCut && at > 0) return controller.error(new Error("cut"));
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at += step));
    },
  });
}
