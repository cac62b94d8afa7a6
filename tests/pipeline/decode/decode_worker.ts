/** Decodes the files whose paths it is sent; answers with the sum of the magnitudes of each one's samples. */
/// <reference lib="deno.worker" />
import { decodeFile } from "../../../pipeline/decode/decode_file.ts";

self.onmessage = async (event: MessageEvent<string[]>) => {
  const sums: number[] = [];
  for (const path of event.data) {
    const { samples } = await decodeFile(path);
    sums.push(samples.reduce((sum, x) => sum + Math.abs(x), 0));
  }
  self.postMessage(sums);
};
