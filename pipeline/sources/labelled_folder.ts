import { fileLocation } from "../locations/location.ts";
import type { Recording } from "../recording.ts";
import { type Dataset, DatasetError } from "./dataset.ts";
import {
  type LabelledFile,
  type LabelTable,
  normalizeName,
  readLabelTable,
} from "./label_table.ts";
import { listAudio, listFolder } from "./listing.ts";
import { compareNatural } from "./natural_order.ts";

/**
 * Lists a folder of recordings that a CSV file labels (see `readLabelTable`), however they lie in it.
 * A name in the file is a path below DIR, or below DIR/train where that exists; its extension may be
 * left out. Recordings in DIR/test are those to label; ones that the file names, as `test/…`, are
 * scored. A file that is named but missing is a clip that cannot be read; recordings that are not
 * named are left out.
 *
 * @param groupColumn A column that says which clips belong together; it may be missing.
 * @throws {DatasetError} where the folder or the file cannot be used together.
 */
export async function openLabelledFolder(
  dir: string,
  labelsFile: string,
  groupColumn?: string,
): Promise<Dataset & { readonly columns: readonly string[] }> {
  const { folders } = await listFolder(dir);
  const trainFolder = folders.find((name) => name.toLowerCase() === "train");
  const testFolder = folders.find((name) => name.toLowerCase() === "test");
  const root = trainFolder === undefined ? dir : `${dir}/${trainFolder}`;
  const isTest = (id: string) => trainFolder === undefined && id.startsWith(`${testFolder}/`);
  const recordings = (await listAudio(root, "")).filter(({ id }) => !isTest(id));
  const tests = testFolder === undefined ? [] : await listAudio(`${dir}/${testFolder}`, "");

  const table = await readLabelTable(labelsFile, groupColumn);
  const index = new NameIndex(labelsFile);
  for (const clip of recordings) index.add(clip, clip.id, `${trainFolder ?? "."}/${clip.id}`);
  for (const clip of tests) index.add(clip, `${testFolder}/${clip.id}`);
  const known = new Map<Recording, LabelledFile>(), missing: Recording[] = [];
  for (const [name, file] of table.files) {
    const found = index.find(name),
      clip = found ?? { id: name, location: fileLocation(`${root}/${name}`) };
    if (!found) missing.push(clip);
    const before = known.get(clip); // by another of its names
    for (const label of before?.labels ?? []) file.labels.add(label);
    known.set(clip, { ...before, ...file });
  }
  const label = (clip: Recording): Recording => {
    const file = known.get(clip);
    if (!file) return clip;
    const labels = [...file.labels].sort();
    return { ...clip, labels, ...file.group === undefined ? {} : { group: file.group } };
  };
  const labelled = recordings.filter((clip) => known.has(clip));
  if (labelled.length === 0) {
    const first = table.files.keys().next().value;
    throw new DatasetError(
      `Cannot train on ${root} as ${labelsFile} must name recordings in it: ` +
        (first === undefined ? "it labels none" : `there is no ${first}, nor any other it names`),
    );
  }
  const train = [...labelled, ...missing].map(label).sort((a, b) => compareNatural(a.id, b.id));
  return {
    origin: `${dir}, labelled by ${labelsFile}`,
    dir: await Deno.realPath(dir),
    labelsFile: await Deno.realPath(labelsFile),
    columns: table.columns,
    classes: [...new Set(train.flatMap(({ labels }) => labels!))].sort(),
    train,
    test: tests.map(label),
    notes: describe(table, recordings.length - labelled.length, missing),
  };
}

/**
 * Gives recordings the labels that a CSV file has for them, so that they can be scored; those that it
 * does not name stay as they are. A name is a clip's id, or that behind `test/`.
 *
 * @throws {DatasetError} where the file cannot be read or names none of them.
 */
export async function labelRecordings(
  clips: readonly Recording[],
  labelsFile: string,
): Promise<Recording[]> {
  const { files } = await readLabelTable(labelsFile), index = new NameIndex(labelsFile);
  for (const clip of clips) index.add(clip, clip.id, `test/${clip.id}`);
  const known = new Map<Recording | undefined, readonly string[]>();
  for (const [name, { labels }] of files) known.set(index.find(name), [...labels].sort());
  if (!clips.some((clip) => known.has(clip))) {
    throw new DatasetError(
      `Cannot score by ${labelsFile} as it must name recordings that are labelled: it names none`,
    );
  }
  return clips.map((clip) => known.has(clip) ? { ...clip, labels: known.get(clip) } : clip);
}

/** Finds recordings by the names that a person gives them. */
class NameIndex {
  readonly #exact = new Map<string, Recording>();
  /** Without the extension: every recording of that name. */
  readonly #stems = new Map<string, Set<Recording>>();

  constructor(readonly labelsFile: string) {}

  add(clip: Recording, ...names: string[]): void {
    for (const name of names.map(normalizeName)) {
      if (!this.#exact.has(name)) this.#exact.set(name, clip);
      const stem = name.slice(0, name.lastIndexOf("."));
      const namesakes = this.#stems.get(stem);
      if (namesakes) namesakes.add(clip);
      else this.#stems.set(stem, new Set([clip]));
    }
  }

  /** @throws {DatasetError} where a name without extension may mean several files. */
  find(name: string): Recording | undefined {
    const exact = this.#exact.get(name);
    if (exact) return exact;
    const [clip, other] = this.#stems.get(name) ?? [];
    if (other) {
      throw new DatasetError(
        `Cannot label by ${this.labelsFile} as ${name} must be one file: ` +
          `it may be ${clip.id} or ${other.id}`,
      );
    }
    return clip;
  }
}

function describe(table: LabelTable, numUnnamed: number, missing: readonly Recording[]): string[] {
  const notes: string[] = [];
  const say = (text: string, count: number) => void (count > 0 && notes.push(`${text}: ${count}`));
  say(`its files that are missing, and skipped, such as ${missing[0]?.id}`, missing.length);
  say("recordings that it does not name, left out", numUnnamed);
  say("its rows without a label, left out", table.numUnlabelled);
  say("its rows that repeat another", table.numDuplicates);
  return notes;
}
