import type { BatchRow } from "./batch.ts";
import { clipId } from "./clip.ts";
import type { ClipRemark } from "./graph_stage.ts";

/** What was remarked on clips, by its kind: plain data. */
export interface RemarkCount {
  /** Clips that it was said of. */
  count: number;
  /** The first of them. */
  readonly example: string;
  /** What was said of that one. */
  readonly first: ClipRemark;
}

/** What a person should know of clips that can be used: each kind counted once, with an example. */
export class Remarks {
  readonly #counts: Map<ClipRemark["kind"], RemarkCount>;
  /** Clips that each kind was said of, where they come more than once. */
  readonly #seen?: Map<ClipRemark["kind"], Set<string>>;
  /** What each kind was said of last. */
  readonly #last = new Map<ClipRemark["kind"], string>();

  /**
   * Begins with those of an earlier sitting.
   *
   * @param repeat `once`: a clip comes no second time, so that none has to be remembered.
   */
  constructor(repeat: "once" | "often" = "often", counts: readonly RemarkCount[] = []) {
    this.#counts = new Map(counts.map((count) => [count.first.kind, { ...count }]));
    if (repeat === "often") this.#seen = new Map();
  }

  /** The kinds so far. */
  get counts(): readonly RemarkCount[] {
    return [...this.#counts.values()];
  }

  /** Takes what was remarked on a row's clip; copies of it count once. */
  add({ request, remarks = [] }: Pick<BatchRow, "request" | "remarks">): void {
    for (const first of remarks) {
      const { kind } = first, seen = this.#seen?.get(kind);
      // Of a file that is wrong each window says so.
      const id = kind === "guessed" ? request.clip.recording.id : clipId(request.clip);
      if (this.#last.get(kind) === id) continue;
      this.#last.set(kind, id);
      if (seen?.has(id)) continue;
      if (seen) seen.add(id);
      else this.#seen?.set(kind, new Set([id]));
      const known = this.#counts.get(kind);
      if (known) known.count++;
      else this.#counts.set(kind, { count: 1, example: id, first });
    }
  }

  /** A line a kind. @param durationSeconds What the model hears of a recording. */
  describe(durationSeconds: number): string[] {
    return this.counts.map(({ count: size, example, first }) => {
      const count = `${size} ${size === 1 ? "recording" : "recordings"}`;
      const is = size === 1 ? "is" : "are";
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
