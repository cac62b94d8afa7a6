/** Writes a data set as shards, as WebDataset reads them: tars of equal size, mixed, to be read in one go each. */
import { Buffer } from "node:buffer";
import { readdir } from "node:fs/promises";
import { Header } from "../deps/tar.ts";
import { basename, dirname, extname } from "../deps/std_path.ts";
import { audioExtensions } from "../pipeline/decode/decode.ts";
import { DecodeError } from "../pipeline/decode/audio.ts";
import type { OpenSource } from "../pipeline/locations/byte_source.ts";
import { openLocation } from "../pipeline/locations/open_location.ts";
import { createRandom, shuffle } from "../pipeline/random.ts";
import type { Recording } from "../pipeline/recording.ts";
import { byteSize, text } from "../settings/value_range.ts";
import { SettingError, type SettingsOf } from "../settings/setting.ts";
import { type AtomicFile, createAtomicFile } from "./atomic_file.ts";
import { acquireLock, lockPathOf } from "./lock.ts";
import { RunError } from "./run_error.ts";

/** Where shards are written, and how large. */
export interface ShardSettings {
  /** Their paths, with `%06d` for a shard's number. */
  readonly out: string;
  /** Bytes that one has at the most, unless one recording has more. */
  readonly shardSize: number;
}

/** See `ShardSettings`. */
export const shardSettings: SettingsOf<ShardSettings> = {
  out: {
    range: text,
    default: "shards-%06d.tar",
    help: "paths of the shards, with %06d for the number",
    group: "Output",
    placeholder: "pattern",
  },
  shardSize: {
    range: byteSize,
    default: 1e9,
    help: "most bytes of a shard",
    group: "Output",
    placeholder: "size",
  },
};

/** A recording to write, and the set that it is in. */
export interface ShardSample {
  /** The recording. */
  readonly recording: Recording;
  /** What it is for; absent where nobody knows. */
  readonly split?: "train" | "val" | "test";
}

/** What is written, and who is told. */
export interface WriteShardsOptions extends ShardSettings {
  /** The recordings. */
  readonly samples: readonly ShardSample[];
  /** The classes: a sample's `.cls` is its class's place here. */
  readonly classes: readonly string[];
  /** Key of the order in which they are mixed. */
  readonly seed: number;
  /** Is told how many are written. */
  readonly onSample?: (done: number, bytes: number) => void;
  /** Is told of each that cannot be read, and why. */
  readonly onSkipped?: (message: string) => void;
}

/** What came of it. */
export interface WriteShardsResult {
  /** Shards. */
  readonly shards: number;
  /** Recordings in them. */
  readonly written: number;
  /** Recordings that could not be read, and are not in them. */
  readonly skipped: number;
}

/** Recordings are read as a whole before anything of them is written, up to this size. */
const mostHeldBytes = 2 ** 28, pieceBytes = 2 ** 20, blockBytes = 512;

/**
 * Writes shards: of every recording its bytes as they are, a `.json` with its id, labels, group and set, and,
 * where it has one label, a `.cls` with the class's number. Each shard appears whole or not at all.
 *
 * @throws {SettingError} where the paths have no place for a number, or there is a shard already.
 * @throws {RunError} where they cannot be written, or none of the recordings can be read.
 */
export async function writeShards(options: WriteShardsOptions): Promise<WriteShardsResult> {
  const { samples, out, seed, onSample = () => {}, onSkipped = () => {} } = options;
  if (samples.some(({ recording }) => recording.part)) {
    throw new RunError(
      "Cannot write shards of parts of recordings, as recordings are copied whole",
    );
  }
  await Deno.mkdir(dirname(out), { recursive: true });
  using _ = await acquireLock(lockPathOf(out), out);
  await refuseOldShards(out);
  const writer = new ShardWriter(options);
  let written = 0, skipped = 0;
  try {
    for (const sample of shuffle([...samples], createRandom(seed, "shards"))) {
      try {
        await writer.add(sample);
        onSample(++written, writer.numBytes);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        skipped++;
        onSkipped(error.message);
      }
    }
    if (written === 0) {
      throw new RunError("Cannot write shards as none of the recordings can be read");
    }
    await writer.finish();
  } finally {
    await writer.abort();
  }
  return { shards: writer.numShards, written, skipped };
}

const place = /%0?(\d*)d/;

/** The path of a shard. */
function pathOf(pattern: string, number: number): string {
  return pattern.replace(place, (_, digits: string) => `${number}`.padStart(Number(digits), "0"));
}

/** @throws {SettingError} where a pattern is none, or something is called like a shard. */
async function refuseOldShards(pattern: string): Promise<void> {
  const name = basename(pattern),
    [before, after, ...more] = name.split(place).filter((_, i) => i !== 1);
  const refuse = (rule: string) => {
    throw new SettingError("write shards", "out", rule, pattern);
  };
  if (after === undefined || more.length > 0) {
    refuse("a path with one place for a number, such as %06d");
  }
  if (!name.endsWith(".tar")) refuse("a path that ends in .tar");
  const old = (await readdir(dirname(pattern))).find((other) =>
    other.startsWith(before) && other.endsWith(after) &&
    /^\d+$/.test(other.slice(before.length, other.length - after.length))
  );
  if (old !== undefined) refuse(`a place where no shard is yet: there is ${old}`);
}

/** Puts samples in one shard after the other. */
class ShardWriter {
  readonly #options: WriteShardsOptions;
  readonly #numbers: ReadonlyMap<string, number>;
  #file?: AtomicFile;
  #shardBytes = 0;
  #numSamples = 0;
  /** Shards that were begun. */
  numShards = 0;
  /** Bytes of all of them. */
  numBytes = 0;

  constructor(options: WriteShardsOptions) {
    this.#options = options;
    this.#numbers = new Map(options.classes.map((name, i) => [name, i]));
  }

  /** @throws {DecodeError} where a recording cannot be read: nothing of it is written then. */
  async add({ recording, split }: ShardSample): Promise<void> {
    using source = await openLocation(recording.location);
    const held = source.size <= mostHeldBytes ? await readWhole(source) : undefined;
    const { id, labels, group, annotations } = recording;
    const number = labels?.length === 1 ? this.#numbers.get(labels[0]) : undefined;
    const known = labels === undefined
      ? {}
      : number === undefined
      ? { labels }
      : { label: labels[0] };
    const json = JSON.stringify({ id, ...known, group, split, annotations });
    const key = `${this.#numSamples}`.padStart(9, "0");
    const [description, cls] = [json, number === undefined ? undefined : `${number}`].map((text) =>
      text === undefined ? undefined : new TextEncoder().encode(text)
    );
    await this.#makeRoom([source.size, description!.length, cls?.length ?? 0]);
    this.#numSamples++;
    await this.#write(`${key}.json`, description!.length, [description!]);
    if (cls) await this.#write(`${key}.cls`, cls.length, [cls]);
    await this.#write(`${key}${extensionOf(id)}`, source.size, held ? [held] : piecesOf(source));
  }

  /** Ends the last shard. */
  async finish(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    await file.write(new Uint8Array(2 * blockBytes));
    await file.commit();
    this.#file = undefined;
  }

  /** Takes an unfinished shard away. */
  async abort(): Promise<void> {
    await this.#file?.abort();
  }

  async #makeRoom(sizes: readonly number[]): Promise<void> {
    const numBytes = sizes.reduce((sum, size) => sum + blockBytes + size + paddingOf(size), 0);
    const isFull = this.#shardBytes + numBytes + 2 * blockBytes > this.#options.shardSize;
    if (this.#file && isFull) await this.finish();
    if (this.#file) return;
    this.#file = await createAtomicFile(pathOf(this.#options.out, this.numShards++));
    this.#shardBytes = 0;
  }

  async #write(
    path: string,
    size: number,
    pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const block = Buffer.alloc(blockBytes), file = this.#file!;
    // The same recordings make the same shards.
    new Header({ path, mode: 0o644, size, type: "File", mtime: new Date(0) }).encode(block);
    await file.write(new Uint8Array(block));
    for await (const piece of pieces) await file.write(piece);
    await file.write(new Uint8Array(paddingOf(size)));
    const numBytes = blockBytes + size + paddingOf(size);
    this.#shardBytes += numBytes;
    this.numBytes += numBytes;
  }
}

function paddingOf(size: number): number {
  return -size & (blockBytes - 1);
}

/** What a sample's recording is called behind its key: readers go by it. */
function extensionOf(id: string): string {
  const extension = extname(id).toLowerCase();
  return audioExtensions.has(extension) ? extension : ".audio";
}

async function readWhole(source: OpenSource): Promise<Uint8Array> {
  const bytes = await source.read(0, source.size);
  if (bytes.length === source.size) return bytes;
  const seen = `the end after ${bytes.length} of them`;
  throw new DecodeError({ path: source.name, expected: `${source.size} bytes`, seen });
}

/** @throws {RunError} where they end early: what was written of them cannot be taken back. */
async function* piecesOf(source: OpenSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += pieceBytes) {
    const length = Math.min(pieceBytes, source.size - at);
    let bytes: Uint8Array;
    try {
      bytes = await source.read(at, length);
    } catch (cause) {
      throw new RunError(`Cannot write ${source.name} to a shard: ${(cause as Error).message}`, {
        cause,
      });
    }
    if (bytes.length < length) {
      throw new RunError(`Cannot write ${source.name} to a shard: it was cut`);
    }
    yield bytes;
  }
}
