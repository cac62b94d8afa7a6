/** How buckets are reached and who asks, by the variables that other programs know. */
import { AwsClient } from "../../deps/aws4fetch.ts";
import { variable } from "./environment.ts";
import type { HttpFile } from "./http_source.ts";
import { describeLocation, type ObjectLocation } from "./location.ts";
import { checkMayReach } from "./net_permission.ts";

/** Who asks; nobody, where no key is set: some buckets are open to all. */
function readClient(): AwsClient | undefined {
  const accessKeyId = variable("AWS_ACCESS_KEY_ID");
  const secretAccessKey = variable("AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const sessionToken = variable("AWS_SESSION_TOKEN");
  const service = "s3", region = readRegion();
  return new AwsClient({ accessKeyId, secretAccessKey, sessionToken, service, region });
}

let client: { readonly made: AwsClient | undefined } | undefined;

function readRegion(): string {
  return variable("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1";
}

/**
 * The address of an object, or of a bucket by the empty key. Amazon's has the bucket in the host's name,
 * unless that has dots, which no certificate covers; other servers have it in the path.
 */
export function addressOf({ bucket, key, endpoint }: Omit<ObjectLocation, "kind">): string {
  const path = key.split("/").map(encodeURIComponent).join("/"), region = readRegion();
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, "")}/${bucket}/${path}`;
  return bucket.includes(".")
    ? `https://s3.${region}.amazonaws.com/${bucket}/${path}`
    : `https://${bucket}.s3.${region}.amazonaws.com/${path}`;
}

/**
 * Asks a bucket's server, as who the environment says.
 *
 * @param name What messages call what is asked for.
 * @throws {DecodeError} where the program may not ask it.
 */
export async function askBucket(
  address: string,
  name: string,
  { headers, signal }: { readonly headers?: HeadersInit; readonly signal?: AbortSignal } = {},
): Promise<Response> {
  checkMayReach(address, name);
  client ??= { made: readClient() };
  if (!client.made) return await fetch(address, { headers, signal });
  const signed = await client.made.sign(address);
  // Servers in between may change these: they are not signed.
  return await fetch(address, {
    headers: [...signed.headers, ...new Headers(headers)],
    signal,
  });
}

/** What may help where a server lets nobody in. */
export function accessAdvice(): string | undefined {
  client ??= { made: readClient() };
  return client.made ? undefined : "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set";
}

/** Reads the environment anew: for tests, whose servers come and go. */
export function forgetAccess(): void {
  client = undefined;
}

/** An object of a bucket, as a file. */
export function objectFile(location: ObjectLocation): HttpFile {
  const { size, version } = location, name = describeLocation(location);
  return {
    name,
    known: { size, version },
    advice: accessAdvice(),
    ask: (range, signal) =>
      askBucket(addressOf(location), name, {
        headers: { range, "accept-encoding": "identity" },
        signal,
      }),
  };
}
