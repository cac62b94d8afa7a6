/** Answers of servers that are no bytes: faults that pass, and those that stay. */
import { DecodeError } from "../decode/audio.ts";
import { TransientError } from "./patience.ts";

/** What a busy server, or one in between, answers. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** As much of an answer as may say why. */
const mostReasonBytes = 1 << 12;

/**
 * The fault that an answer tells of, which is let go of.
 *
 * @param path What messages call the file.
 * @param advice What may help where nobody is let in.
 * @returns a `TransientError` where it may be gone at the next try.
 */
export async function faultOf(path: string, response: Response, advice?: string): Promise<Error> {
  const { status, headers } = response, text = await readStart(response);
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1];
  const words = [status, code ?? response.statusText].join(" ").trim();
  if (passing.has(status)) return new TransientError(words, pauseIn(headers));
  const region = headers.get("x-amz-bucket-region") ?? /<Region>([\w-]+)</.exec(text)?.[1];
  const isExpired = [400, 401, 403].includes(status) && /expired/i.test(text);
  const why = isExpired
    ? "its address or key has expired"
    : region !== undefined && [301, 307, 400].includes(status)
    ? `the bucket is in ${region}: set AWS_REGION`
    : [401, 403].includes(status) && advice !== undefined
    ? advice
    : reasons[status];
  return new DecodeError({
    path,
    expected: "a file",
    seen: why === undefined ? words : `${words}: ${why}`,
  });
}

const reasons: Readonly<Record<number, string>> = {
  401: "the server wants to know who asks",
  403: "the server lets nobody read it, or not with this key",
  404: "nothing is there",
  410: "nothing is there any more",
};

/** What the system says of connections, as people say it. */
const connectionWords: readonly (readonly [RegExp, string])[] = [
  [/dns error|failed to lookup/i, "that no server of this name is known"],
  [/connection refused/i, "that its server refuses connections"],
  [/network is unreachable|no route to host/i, "that there is no way to its server"],
];

/**
 * The fault of a connection that failed, without the address, which may hold a key.
 *
 * @param path What messages call what was asked for.
 */
export function connectionFault(path: string, cause: unknown): Error {
  if (cause instanceof DecodeError) return cause;
  const { name, message, cause: inner } = cause as Error;
  if (name === "NotCapable") { // a server that leads to another one
    return new DecodeError({ path, expected: "permission to reach its server", seen: message });
  }
  if (name === "TimeoutError") return new TransientError("no answer in time");
  const words = inner instanceof Error ? inner.message : message;
  const known = connectionWords.find(([sign]) => sign.test(words));
  return new TransientError(known?.[1] ?? words.replace(/^error sending request[^)]*\): /, ""));
}

/** How long a server asks to be left alone, in milliseconds. */
function pauseIn(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? NaN);
  return seconds >= 0 ? 1000 * seconds : undefined;
}

async function readStart({ body }: Response): Promise<string> {
  if (!body) return "";
  const reader = body.getReader(), decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < mostReasonBytes) {
      const { value, done } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch { /* it has said enough */ }
  await reader.cancel().catch(() => {});
  return text;
}
