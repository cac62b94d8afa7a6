/**
 * Decodes the files named on the command line in a worker thread; prints the sum of the magnitudes of
 * each one's samples. Run by a test with no leave but to read.
 */
const worker = new Worker(new URL("./decode_worker.ts", import.meta.url), { type: "module" });
worker.onmessage = (event: MessageEvent<number[]>) => {
  console.log(event.data.join("\n"));
  worker.terminate();
};
worker.postMessage(Deno.args);
