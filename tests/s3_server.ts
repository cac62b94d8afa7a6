/** A server on loopback that speaks as much of S3's protocol as is asked of it, and misbehaves on demand. */
import { forgetAccess } from "../pipeline/locations/bucket_access.ts";
import { answer, type FileServer, type ServerFault } from "./file_server.ts";

/** What it has, and what it does wrong. */
export interface S3ServerOptions {
  /** Objects by their keys, all in one bucket, `clips`. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** Keys and prefixes on a page of a list. @default {1000} */
  readonly pageSize?: number;
  /** What is wrong with a request; `count` says how many there were before. */
  readonly faultOf?: (path: string, count: number) => ServerFault | undefined;
  /** Who may ask: requests are looked at for this key. @default {anyone} */
  readonly accessKey?: string;
}

const escape = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const errorOf = (status: number, code: string) =>
  new Response(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`, { status });

/** Starts a server on a free port. */
export function serveBucket(
  { objects, pageSize = 1000, faultOf = () => undefined, accessKey }: S3ServerOptions,
): FileServer {
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: () => new Response() },
    (request) => {
      const { pathname, searchParams } = new URL(request.url), path = decodeURIComponent(pathname);
      const range = request.headers.get("range") ?? "";
      const fault = faultOf(path, asked.length);
      asked.push(`${path} ${range || searchParams.get("prefix")}`.trim());
      if (fault instanceof Response) return fault.clone() as Response;
      const signature = request.headers.get("authorization") ?? "";
      const isKnown = /^AWS4-HMAC-SHA256 .*SignedHeaders=host;.*Signature=[0-9a-f]{64}$/;
      if (accessKey && !(isKnown.test(signature) && signature.includes(`=${accessKey}/`))) {
        return errorOf(403, signature === "" ? "AccessDenied" : "InvalidAccessKeyId");
      }
      if (!path.startsWith("/clips/")) return errorOf(404, "NoSuchBucket");
      if (searchParams.get("list-type") === "2") return listOf(objects, searchParams, pageSize);
      const bytes = objects.get(path.slice("/clips/".length));
      return bytes ? answer(bytes, range, fault) : errorOf(404, "NoSuchKey");
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function listOf(
  objects: ReadonlyMap<string, Uint8Array>,
  query: URLSearchParams,
  pageSize: number,
): Response {
  const prefix = query.get("prefix") ?? "", after = query.get("continuation-token") ?? "";
  const found = new Map<string, string>();
  for (const [key, { length }] of objects) {
    if (!key.startsWith(prefix)) continue;
    const slash = key.indexOf("/", prefix.length), inner = key.slice(0, slash + 1);
    const encode = (name: string) => escape(encodeURIComponent(name).replaceAll("%20", "+"));
    if (slash >= 0) {
      found.set(inner, `<CommonPrefixes><Prefix>${encode(inner)}</Prefix></CommonPrefixes>`);
    } else {
      const tag = `<ETag>&quot;${length}&quot;</ETag><Size>${length}</Size>`;
      found.set(key, `<Contents><Key>${encode(key)}</Key>${tag}</Contents>`);
    }
  }
  const names = [...found.keys()].sort().filter((name) => name > after);
  const page = names.slice(0, Math.min(pageSize, Number(query.get("max-keys") ?? pageSize)));
  const isTruncated = page.length < names.length;
  const next = `<NextContinuationToken>${escape(page.at(-1) ?? "")}</NextContinuationToken>`;
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/` +
      `2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>` +
      `${isTruncated ? next : ""}${
        page.map((name) => found.get(name)).join("")
      }</ListBucketResult>`,
  );
}

/** Sets variables of the environment while something runs. */
export async function withAccess<T>(
  variables: Readonly<Record<string, string>>,
  run: () => Promise<T>,
): Promise<T> {
  const names = [
    ...["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_REGION", "AWS_DEFAULT_REGION"],
    ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  ];
  const before = new Map(names.map((name) => [name, Deno.env.get(name)]));
  for (const name of names) Deno.env.delete(name);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  forgetAccess();
  try {
    return await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
    forgetAccess();
  }
}
