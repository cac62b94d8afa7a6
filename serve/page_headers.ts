/** What pages may do: run what comes from here, and reach nothing else. */

const noneElsewhere = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Headers of the page to try a model: it computes, isolated, so that its threads may share memory.
 *
 * @param asksServer Set where it has the server hear in its place.
 */
export const tryPageHeaders = (asksServer: boolean): Readonly<Record<string, string>> => ({
  "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; " +
    "worker-src 'self'; style-src 'self'; img-src 'self' data:; media-src blob:; " +
    `${asksServer ? "connect-src 'self'; " : ""}${noneElsewhere}`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy": "microphone=(self)",
  "cache-control": "no-cache",
});

/** Headers of the page that trains: it asks its server. */
export const trainPageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; " +
    `style-src 'self'; img-src data:; ${noneElsewhere}`,
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-cache",
};

/** Headers of a report: it runs nothing, and all that it shows is in it. */
export const reportHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
    `media-src data:; ${noneElsewhere}`,
  "cache-control": "no-cache",
};
