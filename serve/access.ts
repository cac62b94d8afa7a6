/** Who is answered: requests to this machine's own name, from no other site's pages, with the token where there is one. */
import { createHash, timingSafeEqual } from "node:crypto";
import { HttpError } from "./http_error.ts";

const cookieName = "melstream_token";

/** What decides who is answered. */
export interface AccessOptions {
  /** The address that is listened at. */
  readonly hostname: string;
  /** What requests must carry; without it, whoever reaches the address is answered. */
  readonly token?: string;
}

/** Tells an address of this machine alone from one that others can reach. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" ||
    /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * Refuses a request that is not to be answered.
 *
 * @returns An answer that signs a browser in, where the request is the address that was printed.
 * @throws {HttpError} 401 without the token; 403 from another site's page, or to another name than this machine's.
 */
export function checkAccess(
  request: Request,
  { hostname, token }: AccessOptions,
): Response | undefined {
  const url = new URL(request.url), { headers } = request;
  // A name that another's page has had point to this machine would be a way around the browser's rules.
  if (isLoopback(hostname) && !isLoopback(url.hostname)) {
    throw new HttpError(403, `Cannot answer as the host must be this machine: it is ${url.host}`);
  }
  checkOrigin(request, url);
  if (token === undefined || url.pathname === "/healthz") return undefined;
  const offered = url.pathname === "/" ? url.searchParams.get("token") : null;
  if (offered !== null && isEqual(offered, token)) {
    const cookie = `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`;
    return new Response(null, { status: 303, headers: { location: "/", "set-cookie": cookie } });
  }
  const bearer = /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (isEqual(bearer ?? cookieOf(headers) ?? "", token)) return undefined;
  throw new HttpError(
    401,
    "Cannot answer as the request must carry the token: open the address that the server printed, or send " +
      "the header Authorization: Bearer TOKEN",
    { "www-authenticate": "Bearer" },
  );
}

/** @throws {HttpError} where a page of another site asks. */
function checkOrigin({ method, headers }: Request, { host, pathname }: URL): void {
  const origin = headers.get("origin"), site = headers.get("sec-fetch-site");
  const isVisit = method === "GET" && pathname === "/" &&
    headers.get("sec-fetch-mode") === "navigate";
  const isForeign = origin !== null && hostOf(origin) !== host;
  if (isForeign || !isVisit && (site === "cross-site" || site === "same-site")) {
    const from = origin ?? "another site";
    throw new HttpError(403, `Cannot answer as pages of other sites may not ask: it is ${from}`);
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function cookieOf(headers: Headers): string | undefined {
  const cookies = (headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(
    cookieName.length + 1,
  );
}

/** Compares in a time that says nothing of where they differ. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
