import type { ModelCard } from "../../model/model_card.ts";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import type { ClipEmbedder } from "../../pipeline/graph_options.ts";
import { GraphError } from "../../pipeline/graph_stage.ts";

/** Times that a server that is busy is asked. */
const mostTries = 30;

/**
 * Has the server answer for a clip, where a page cannot: what stands for its embedding is the probability of every
 * class. It is sent as the graph has it, at the model's rate, so that the server hears the same samples.
 *
 * @param page The address of the page, or of its thread.
 */
export function createServerEmbedder(
  { classes, frontEnd: { sampleRateHz } }: ModelCard,
  page: string,
): ClipEmbedder {
  const address = new URL("predict", page);
  return {
    size: classes.length,
    async embed(samples, out) {
      const { probabilities } = await ask(address, encodeWav(samples, sampleRateHz, "float32"));
      classes.forEach((name, k) => out[k] = probabilities[name]);
    },
  };
}

interface ServerAnswer {
  readonly probabilities: Readonly<Record<string, number>>;
}

/** @throws {GraphError} where the server is gone or refuses: in its words. */
async function ask(address: URL, body: Uint8Array<ArrayBuffer>): Promise<ServerAnswer> {
  for (let tries = 1;; tries++) {
    const response = await fetch(address, { method: "POST", body }).catch((cause) => {
      throw new GraphError("Cannot go on as the server must answer: it cannot be reached", {
        cause,
      });
    });
    if (response.ok) return await response.json();
    const { error = `it says ${response.status}` } = await response.json().catch(() => ({}));
    const seconds = Number(response.headers.get("retry-after"));
    if (!(seconds > 0) || tries === mostTries) throw new GraphError(error);
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  }
}
