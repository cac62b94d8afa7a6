/** What a bucket holds, page by page. */
import { parseXml, XmlElement } from "../../deps/parse_xml.ts";
import { DecodeError } from "../decode/audio.ts";
import { accessAdvice, addressOf, askBucket } from "./bucket_access.ts";
import { connectionFault, faultOf } from "./http_fault.ts";
import { bareTag } from "./http_headers.ts";
import { describeLocation, type ObjectLocation } from "./location.ts";
import { askServer, defaultPatience } from "./patience.ts";

/** A page of a bucket's list. */
export interface BucketPage {
  /** Keys below the prefix, with no slash behind it, and what they lead to. */
  readonly objects: readonly ObjectLocation[];
  /** What keys that have a slash behind the prefix begin with, up to it. */
  readonly prefixes: readonly string[];
}

/**
 * Lists the objects whose keys begin with a location's, as `ListObjectsV2` of S3's protocol.
 *
 * @param mostKeys On a page, of which at least one comes. @default {as many as the server gives}
 * @throws {DecodeError} where the bucket cannot be listed.
 */
export async function* listBucket(
  location: ObjectLocation,
  mostKeys?: number,
): AsyncGenerator<BucketPage> {
  const { bucket, key: prefix, endpoint } = location, name = describeLocation(location);
  const query = new URLSearchParams({ "list-type": "2", "encoding-type": "url", delimiter: "/" });
  query.set("prefix", prefix);
  if (mostKeys !== undefined) query.set("max-keys", `${mostKeys}`);
  for (;;) {
    // A space is %20 where addresses are signed.
    const address = `${addressOf({ bucket, key: "", endpoint })}?${
      `${query}`.replaceAll("+", "%20")
    }`;
    const text = await askServer(() => readPage(address, name), location);
    const { page, next } = parsePage(text, location);
    yield page;
    if (next === undefined) return;
    query.set("continuation-token", next);
  }
}

async function readPage(address: string, name: string): Promise<string> {
  const signal = AbortSignal.timeout(defaultPatience.timeoutMs);
  let response: Response;
  try {
    response = await askBucket(address, name, { signal });
    if (response.status === 200) return await response.text();
  } catch (cause) {
    throw connectionFault(name, cause);
  }
  throw await faultOf(name, response, accessAdvice());
}

function parsePage(
  text: string,
  { bucket, endpoint, ...location }: ObjectLocation,
): { page: BucketPage; next?: string } {
  let list: XmlElement | null;
  try {
    list = parseXml(text).root;
  } catch {
    list = null;
  }
  if (list?.name !== "ListBucketResult") {
    const path = describeLocation({ bucket, endpoint, ...location });
    const seen = list ? `a ${list.name}` : "no XML";
    throw new DecodeError({ path, expected: "a list of a bucket (ListBucketResult)", seen });
  }
  const isEncoded = textOf(list, "EncodingType") === "url";
  const decode = (key: string) => isEncoded ? decodeURIComponent(key.replaceAll("+", "%20")) : key;
  const objects = childrenOf(list, "Contents").map((object): ObjectLocation => {
    const tag = textOf(object, "ETag"), size = Number(textOf(object, "Size") ?? NaN);
    return {
      ...{ kind: "object", bucket, key: decode(textOf(object, "Key") ?? "") },
      ...endpoint !== undefined && { endpoint },
      ...size >= 0 && { size },
      ...tag && { version: bareTag(tag) },
    };
  });
  const prefixes = childrenOf(list, "CommonPrefixes").map((each) =>
    decode(textOf(each, "Prefix") ?? "")
  );
  const hasMore = textOf(list, "IsTruncated") === "true";
  const next = hasMore ? textOf(list, "NextContinuationToken") : undefined;
  return { page: { objects, prefixes }, next };
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child instanceof XmlElement)
    .filter((child) => child.name === name);
}

function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text;
}
