/// <reference lib="dom" />
/** Where the page's threads come from: files beside it, or texts in it where it is opened from disk. */

declare global {
  /** Texts of the threads by their files' names; absent where these are there. */
  var melstreamThreads: Readonly<Record<string, string>> | undefined;
}

/** The address of what a thread runs: `worker.js` or `recorder.js`. */
export function threadAddress(name: string): string {
  const text = globalThis.melstreamThreads?.[name];
  if (text === undefined) return new URL(name, document.baseURI).href;
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}
