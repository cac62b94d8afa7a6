import type { BatchRow } from "./batch.ts";
import { clipId } from "./clip.ts";
import type { ClipRemark } from "./graph_stage.ts";

/** What a person should know of clips that can be used: each kind counted once, with an example. */
export class Remarks {
  /** By kind, the clips it was said of and the first of them. */
  readonly #seen = new Map<ClipRemark["kind"], { ids: Set<string>; first: ClipRemark }>();

  /** Takes what was remarked on a row's clip; copies of it count once. */
  add({ request, remarks = [] }: Pick<BatchRow, "request" | "remarks">): void {
    const id = clipId(request.clip);
    for (const remark of remarks) {
      const seen = this.#seen.get(remark.kind);
      if (seen) seen.ids.add(id);
      else this.#seen.set(remark.kind, { ids: new Set([id]), first: remark });
    }
  }

  /** A line a kind. @param durationSeconds What the model hears of a recording. */
  describe(durationSeconds: number): string[] {
    return [...this.#seen.values()].map(({ ids, first }) => {
      const [example] = ids, count = `${ids.size} ${ids.size === 1 ? "recording" : "recordings"}`;
      const is = ids.size === 1 ? "is" : "are";
      switch (first.kind) {
        case "longer":
          return `${count} ${is} longer than the ${durationSeconds} s that the model hears: the rest ` +
            `of ${example} (${first.totalSeconds.toFixed(1)} s) and its like is not used`;
        case "silent":
          return `${count} ${is} silent, such as ${example}` +
            (first.numChannels > 1
              ? `: its ${first.numChannels} channels may cancel each other`
              : "");
        case "guessed":
          return `${count} ${is} not as the format says, such as ${example}: ${first.guess}`;
      }
    });
  }
}

/** A remark on one recording, behind its name. @param durationSeconds What the model hears of a recording. */
export function describeRemark(remark: ClipRemark, durationSeconds: number): string {
  switch (remark.kind) {
    case "longer":
      return `${
        remark.totalSeconds.toFixed(1)
      } s long, of which the first ${durationSeconds} s were heard`;
    case "silent":
      return "silent" +
        (remark.numChannels > 1
          ? `: its ${remark.numChannels} channels may cancel each other`
          : "");
    case "guessed":
      return `not as its format says: ${remark.guess}`;
  }
}
