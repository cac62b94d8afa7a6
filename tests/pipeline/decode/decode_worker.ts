/** Decodes the file whose path it is sent, and sends the samples back. */
/// <reference lib="deno.worker" />
import { decodeFile } from "../../../pipeline/decode/decode.ts";

self.onmessage = async (event: MessageEvent<string>) => {
  const { samples } = await decodeFile(event.data);
  self.postMessage(samples, [samples.buffer as ArrayBuffer]);
};
