/** A request that is answered with a status above 399 and one line that says why. */
export class HttpError extends Error {
  /**
   * Takes the answer's parts.
   *
   * @param message What was asked, the rule, the value seen: the client reads it.
   */
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "HttpError";
  }
}

/** The answer to a request that had no room, with the seconds after which it may come again. */
export function busy(status: 429 | 503, message: string): HttpError {
  return new HttpError(status, message, { "retry-after": "1" });
}

/** An error as a client is told it: `{"error": "…"}`. */
export function errorResponse({ status, message, headers }: HttpError): Response {
  return Response.json({ error: message }, { status, headers });
}
