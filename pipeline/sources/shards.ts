/**
 * WebDataset's shards: tars in which the files of one sample follow each other and share their name up to the
 * first dot, such as `000012.wav`, `000012.cls` and `000012.json`.
 */
import { extname } from "../../deps/std_path.ts";
import type { Annotation } from "../annotation.ts";
import { audioExtensions } from "../decode/decode.ts";
import { openLocation } from "../locations/open_location.ts";
import type { Recording } from "../recording.ts";
import { DatasetError } from "./dataset.ts";
import { setKindOf } from "./folder_layout.ts";
import { fileSystem, type FolderReader, readerOf } from "./folder_reader.ts";
import { splitLabels } from "./label_table.ts";
import type { Entry, Manifest, ManifestChoices } from "./manifest_entries.ts";
import { isHidden } from "./passed_over.ts";
import { insideOf } from "./remote_path.ts";
import { Unused } from "./unused.ts";

/** Extensions of shards. */
const shardExtensions: ReadonlySet<string> = new Set([".tar", ".tgz", ".gz", ".zst"]);
/** The longest description of a sample: what is longer is something else. */
const mostTextBytes = 1 << 20;

/** Files of one sample, by their extensions in lower case, without the first dot. */
type Sample = Map<string, string>;

/** Whether a path has the extension of a shard. */
export function isShardName(path: string): boolean {
  return shardExtensions.has(extname(path).toLowerCase());
}

/**
 * Whether an archive holds samples and not folders of classes: recordings have a `.cls` beside them or, where
 * they lie in no folder, a `.json`.
 */
export async function holdsSamples(path: string): Promise<boolean> {
  const reader = await readerOf(path);
  const isArchive = reader !== fileSystem &&
    await reader.stat(path).then(({ isDirectory }) => isDirectory, () => false);
  if (!isArchive) return false;
  const samples = await collectSamples(reader, path, new Unused());
  return samples.entries().some(([key, sample]) =>
    (sample.has("cls") || sample.has("json") && !key.includes("/")) &&
    extensionIn(sample) !== undefined
  );
}

/** The extension of a sample's recording. */
function extensionIn(sample: Sample): string | undefined {
  return [...sample.keys()].find((it) => audioExtensions.has(extname(`x.${it}`)));
}

/**
 * Reads a shard: the fields of a sample's `.json` are its columns, `id`, `label` or `labels`, `split`, and
 * whatever groups; without a label there, that in its `.cls` counts. Its id is its name in the shard else.
 *
 * @throws {DatasetError} where it cannot be read, or holds no recording.
 */
export async function readShard(path: string, choices: ManifestChoices): Promise<Manifest> {
  const reader = await readerOf(path), unused = new Unused();
  const info = await reader.stat(path).catch(() => undefined);
  if (!info) throw new DatasetError(`Cannot read ${path}: expected a shard, saw nothing there`);
  if (info.isFile) throw new DatasetError(`Cannot read ${path}: expected a tar, saw another file`);
  const columns = new Set<string>(), entries: Entry[] = [];
  for (const [key, sample] of await collectSamples(reader, path, unused)) {
    const extension = extensionIn(sample);
    if (extension === undefined) {
      unused.add("samples without a recording, not used", key);
      continue;
    }
    const fields = await readFields(reader, sample);
    for (const name of Object.keys(fields)) columns.add(name);
    const location = reader.locationOf(sample.get(extension)!);
    entries.push(entryOf(`${key}.${extension}`, location, fields, path, choices));
  }
  if (entries.length === 0) {
    throw new DatasetError(
      `Cannot read ${path} as a shard as it must hold recordings: it holds none`,
    );
  }
  return {
    columns: [...columns],
    entries,
    notes: [...reader.describeUnused?.() ?? [], ...unused.describe()],
  };
}

/** The samples of an archive in its order, by their names. */
async function collectSamples(
  reader: FolderReader,
  root: string,
  unused: Unused,
): Promise<Map<string, Sample>> {
  const samples = new Map<string, Sample>();
  const visit = async (dir: string): Promise<void> => {
    for await (const { name, isFile, isDirectory } of reader.readDir(dir)) {
      const path = `${dir}/${name}`;
      if (isHidden(name)) continue;
      if (isDirectory) await visit(path);
      else if (!isFile) unused.add("links in shards, not used", path);
      else {
        const dot = name.indexOf("."), inner = path.slice(root.length + 1);
        const key = dot < 0 ? inner : inner.slice(0, inner.length - name.length + dot);
        const sample = samples.get(key) ?? new Map<string, string>();
        sample.set(dot < 0 ? "" : name.slice(dot + 1).toLowerCase(), path);
        samples.set(key, sample);
      }
    }
  };
  await visit(root);
  return samples;
}

type Fields = Readonly<Record<string, unknown>>;

async function readFields(reader: FolderReader, sample: Sample): Promise<Fields> {
  const read = async (path: string): Promise<string> => {
    using source = await openLocation(reader.locationOf(path));
    if (source.size > mostTextBytes) {
      const expected = `a sample's description of ${mostTextBytes} bytes at most`;
      throw new DatasetError(`Cannot read ${path}: expected ${expected}, saw ${source.size}`);
    }
    return new TextDecoder().decode(await source.read(0, source.size));
  };
  const json = sample.get("json"), cls = sample.get("cls");
  const fields = json === undefined ? {} : parseFields(json, await read(json));
  if (cls === undefined || fields.label !== undefined || fields.labels !== undefined) return fields;
  return { ...fields, label: (await read(cls)).trim() };
}

function parseFields(path: string, text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DatasetError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new DatasetError(`Cannot read ${path}: expected a JSON object, saw something else`);
}

function entryOf(
  name: string,
  location: Recording["location"],
  fields: Fields,
  path: string,
  { labelColumn, idColumn, groups }: ManifestChoices,
): Entry {
  const cannot = (words: string) =>
    new DatasetError(`Cannot list the recordings of ${path} ${words}`);
  const id = textOf(fields[idColumn ?? "id"]) ?? (idColumn === undefined ? name : undefined);
  if (id === undefined) throw cannot(`as every sample must have its ${idColumn}: ${name} has none`);
  if (id !== insideOf(id)) throw cannot(`as ids must not lead out of a folder, as ${id} does`);
  const split = textOf(fields.split), set = split === undefined ? undefined : setKindOf(split);
  if (split !== undefined && set === undefined) {
    throw cannot(`as split must be train, val or test: ${name} has ${split}`);
  }
  const label = fields[labelColumn ?? (fields.labels === undefined ? "label" : "labels")];
  const labels = Array.isArray(label) ? label.map(String) : splitLabels(textOf(label) ?? "");
  const isKnown = labels.length > 0 || Array.isArray(label);
  const group = groups === undefined ? undefined : textOf(fields[groups]);
  const annotations = Array.isArray(fields.annotations)
    ? fields.annotations.map((each) => annotationOf(each, name, cannot))
    : undefined;
  return {
    recording: {
      ...{ id: id.normalize("NFC"), location },
      ...isKnown && { labels: [...new Set(labels.map((it) => it.normalize("NFC")))].sort() },
      ...annotations && { annotations },
      ...group !== undefined && { group },
    },
    set,
  };
}

function annotationOf(
  value: unknown,
  name: string,
  cannot: (words: string) => DatasetError,
): Annotation {
  const { startSeconds, endSeconds, label } = (value ?? {}) as Partial<Annotation>;
  const isWhole = typeof startSeconds === "number" && typeof endSeconds === "number" &&
    typeof label === "string" && startSeconds <= endSeconds;
  if (isWhole) return { startSeconds, endSeconds, label };
  throw cannot(
    `as annotations must have startSeconds, endSeconds and label: one of ${name} has not`,
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number"
    ? `${value}` || undefined
    : undefined;
}
