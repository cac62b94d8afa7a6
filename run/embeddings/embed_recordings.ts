/** Embeddings of recordings, or of all their windows, one after the other: memory does not grow with them. */
import type { Backbone } from "../../backbone/backbone.ts";
import type { BatchRow } from "../../pipeline/batch.ts";
import { type Clip, firstClip } from "../../pipeline/clip.ts";
import { type FrontEnd, resolveFrontEnd } from "../../pipeline/front_end.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { plainRequests } from "../../pipeline/requests.ts";
import { createWindowing } from "../../pipeline/windows.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import { createPool } from "./embedding_pool.ts";
import { createGoldenEmbedding } from "../golden.ts";
import type { Machine } from "../config/machine.ts";
import { labelWindows } from "../prediction/label_windows.ts";

/** What is embedded, and by what. */
export interface EmbedOptions extends Pick<Machine, "workers" | "cache"> {
  /** The backbone, by `openBackbone`. */
  readonly backbone: Backbone;
  /** The recordings. */
  readonly recordings: Iterable<Recording> | AsyncIterable<Recording>;
  /** Length of a clip, or of a window, in seconds. @default {what the backbone's card says, else 5} */
  readonly seconds?: number;
  /** From a window's start to that of the next: all of a recording then, not its beginning alone. */
  readonly hopSeconds?: number;
  /** Is told what a person should know and no clip is to blame for. */
  readonly onNotice?: (text: string) => void;
}

/** A clip as it was embedded. */
export interface EmbeddedClip extends BatchRow {
  /** Its embedding; absent where it failed. */
  readonly embedding?: Float32Array;
}

/** The front end of a backbone's clips: of it the rate and the length count. */
export function embeddingFrontEnd({ card }: Backbone, seconds?: number): FrontEnd {
  return resolveFrontEnd({
    sampleRateHz: card.rateHz,
    durationSeconds: seconds ?? card.clipSeconds ?? card.seconds,
  });
}

/**
 * Embeds recordings in their order.
 *
 * @returns A row for every recording, or for every window of each; left early, the rest is not computed.
 * @throws {Error} where the backbone cannot be computed.
 */
export async function* embedRecordings(options: EmbedOptions): AsyncGenerator<EmbeddedClip> {
  const { backbone, recordings, seconds, hopSeconds, workers, cache, onNotice } = options;
  const frontEnd = embeddingFrontEnd(backbone, seconds), { size } = backbone.feeding;
  const pool = createPool({ workers, onNotice }, backbone);
  async function* rowsOf(
    clips: Iterable<Clip> | AsyncIterable<Clip>,
    order: "any" | "forward",
  ): AsyncGenerator<EmbeddedClip> {
    const graph = { frontEnd, seed: 0, order };
    const batches = createBatchStream(pool, plainRequests(clips), {
      ...{ graph, cache, backbone, batchSize: 16 },
    });
    for await (const { inputs, rows, release } of batches) {
      const all = inputs.slice();
      release();
      let good = 0;
      for (const row of rows) {
        if (row.failure) yield row;
        else yield { ...row, embedding: all.subarray(good * size, ++good * size) };
      }
    }
  }
  try {
    await createGoldenEmbedding(pool, backbone, frontEnd); // what cannot be computed is said at once
    if (hopSeconds === undefined) {
      yield* rowsOf(beginnings(recordings), "any");
    } else {
      const windowing = createWindowing(frontEnd, { hopSeconds });
      const windowed = { recordings, windowing, open: openLocation };
      yield* labelWindows((clips) => rowsOf(clips, "forward"), windowed);
    }
  } finally {
    pool.close();
  }
}

async function* beginnings(
  recordings: Iterable<Recording> | AsyncIterable<Recording>,
): AsyncGenerator<Clip> {
  for await (const recording of recordings) yield firstClip(recording);
}
