/** Puts recordings into tars, one after the other. */
import { Buffer } from "node:buffer";
import { extname } from "../../deps/std_path.ts";
import { Header } from "../../deps/tar.ts";
import { DecodeError } from "../../pipeline/decode/audio.ts";
import { audioExtensions } from "../../pipeline/decode/decode.ts";
import type { OpenSource } from "../../pipeline/locations/byte_source.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import { splitLabels } from "../../pipeline/sources/label_table.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { type AtomicFile, createAtomicFile } from "../files/atomic_file.ts";
import { RunError } from "../run_error.ts";
import type { ShardSettings } from "./shard_settings.ts";

/** A recording to write, and the set that it is in. */
export interface ShardSample {
  /** The recording. */
  readonly recording: Recording;
  /** What it is for; absent where nobody knows. */
  readonly split?: "train" | "val" | "test";
}

/** Where shards are written, how large, and of which classes. */
export interface ShardWriterOptions extends ShardSettings {
  /** The classes: a sample's `.cls` is its class's place here. */
  readonly classes: readonly string[];
}

/** A shard's number in the pattern of their paths. */
export const numberPlace: RegExp = /%0?(\d*)d/;

/** Recordings are read as a whole before anything of them is written, up to this size. */
const mostHeldBytes = 2 ** 28, pieceBytes = 2 ** 20, blockBytes = 512;

/** The path of a shard. */
function pathOf(pattern: string, number: number): string {
  return pattern.replace(
    numberPlace,
    (_, digits: string) => `${number}`.padStart(Number(digits), "0"),
  );
}

/** Puts samples in one shard after the other. */
export class ShardWriter {
  readonly #options: ShardWriterOptions;
  readonly #numbers: ReadonlyMap<string, number>;
  #file?: AtomicFile;
  #path = "";
  #shardBytes = 0;
  #numSamples = 0;
  /** The shards that are whole. */
  readonly paths: string[] = [];
  /** Bytes of all of them. */
  numBytes = 0;

  /** Nothing is written before the first sample. */
  constructor(options: ShardWriterOptions) {
    this.#options = options;
    this.#numbers = new Map(options.classes.map((name, i) => [name, i]));
  }

  /**
   * Writes a sample, in a new shard where the last one has no room for it.
   *
   * @throws {DecodeError} where a recording cannot be read: nothing of it is written then.
   */
  async add({ recording, split }: ShardSample): Promise<void> {
    using source = await openLocation(recording.location);
    const held = source.size <= mostHeldBytes ? await readWhole(source) : undefined;
    const { id, labels, group, annotations } = recording;
    const number = labels?.length === 1 ? this.#numbers.get(labels[0]) : undefined;
    // A single label is written as such, unless whoever reads it would take it for several.
    const isOne = number !== undefined && splitLabels(labels![0]).length === 1;
    const known = labels === undefined ? {} : isOne ? { label: labels[0] } : { labels };
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
    this.paths.push(this.#path);
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
    this.#path = pathOf(this.#options.out, this.paths.length);
    this.#file = await createAtomicFile(this.#path);
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
