import { clipId } from "../pipeline/clip.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { writeCsv } from "./files/csv_file.ts";
import { exists } from "./files/file_errors.ts";

/** The clips that could not be read, each once with its first cause. */
export class SkippedClips {
  readonly #failures = new Map<string, ClipFailure>();

  /** With the ones that are known already. */
  constructor(known: Iterable<ClipFailure> = []) {
    for (const failure of known) this.add(failure);
  }

  /** Notes a failure; says whether its clip is a new one. */
  add(failure: ClipFailure): boolean {
    const id = clipId(failure.request.clip);
    if (this.#failures.has(id)) return false;
    this.#failures.set(id, failure);
    return true;
  }

  /** True for a clip, by its id, that could not be read. */
  has(id: string): boolean {
    return this.#failures.has(id);
  }

  /** All failures, in the order they were noted in. */
  get all(): readonly ClipFailure[] {
    return [...this.#failures.values()];
  }

  /** Writes `skipped.csv` where there is something to name, or an earlier job's could be taken for this one's. */
  async writeIfNeeded(path: string): Promise<void> {
    if (this.all.length > 0 || await exists(path)) await this.write(path);
  }

  /** Writes `skipped.csv`; with nothing skipped it has its header alone. */
  async write(path: string): Promise<void> {
    const rows = this.all.map((
      { request, stage, message },
    ) => [clipId(request.clip), stage, message]);
    await writeCsv(path, ["filename", "stage", "cause"], rows);
  }
}
