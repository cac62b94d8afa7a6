/** Backbones as files: opened, recognised, and found again by their contents. */
import { createHash } from "node:crypto";
import { basename, dirname } from "../deps/std_path.ts";
import { type BackboneCard, isOnnxFrontEnd, resolveCard } from "./card.ts";
import { chooseInput, describe, resolveFeeding } from "./feeding.ts";
import { knownCardOf } from "./known_cards.ts";
import { type OnnxFile, readOnnx } from "./onnx_file.ts";
import type { BackboneOrigin, FileStamp } from "./origin.ts";

/** A backbone whose bytes are here. Plain data: threads share the bytes. */
export interface Backbone extends BackboneOrigin {
  /** The network's file. */
  readonly networkBytes: SharedArrayBuffer;
  /** The file that makes its spectrograms. */
  readonly frontEndBytes?: SharedArrayBuffer;
  /** How its card was come by, in words. */
  readonly recognised: string;
  /** What it was opened from: absolute path of the ONNX file, or of a run's folder. */
  readonly from: string;
}

/** A file that cannot be used as a backbone. */
export class BackboneError extends Error {
  /** The class's name, for people. */
  override readonly name = "BackboneError";
}

/** Most bytes of a file: what a message of Protocol Buffers may have. */
const mostBytes = 2 ** 31 - 1;

/**
 * Opens an ONNX file as a backbone. A card beside it, `NAME.json`, goes before what is known of it.
 *
 * @throws {BackboneError} in one line: which file, and what it must be or its card must say.
 */
export async function openBackbone(path: string): Promise<Backbone> {
  return await naming(path, async () => {
    const network = await readWhole(path), file = readOnnx(copyOf(network.bytes));
    const { card, recognised } = await findCard(path, file);
    const feeding = resolveFeeding(file, card), front = card.frontEnd;
    const place = { path: await Deno.realPath(path), sha256: network.sha256 };
    const shared = {
      ...{ card, feeding, recognised, from: place.path },
      ...{ network: place, networkBytes: network.bytes },
    };
    if (!front || !isOnnxFrontEnd(front)) return shared;
    const frontPath = `${dirname(place.path)}/${front.onnx}`;
    if (!await exists(frontPath)) {
      const alike = `the file that makes its spectrograms, ${front.onnx},`;
      throw new RangeError(`${alike} must lie beside it: there is none`);
    }
    const frontEnd = await readWhole(frontPath);
    readOnnx(copyOf(frontEnd.bytes));
    return {
      ...shared,
      frontEnd: { path: frontPath, sha256: frontEnd.sha256 },
      frontEndBytes: frontEnd.bytes,
    };
  });
}

/**
 * A backbone of bytes in memory.
 *
 * @param from What they were made of.
 * @throws {BackboneError} as `openBackbone`.
 */
export async function backboneOf(
  bytes: Uint8Array,
  card: BackboneCard,
  from: string,
): Promise<Backbone> {
  return await naming(from, () => {
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return Promise.resolve({
      ...{ card, network: { sha256 }, networkBytes: shared, recognised: "as its run says" },
      feeding: resolveFeeding(readOnnx(bytes), card),
      from,
    });
  });
}

/** Names of a backbone's files in a model's folder. */
export const embeddedNames = { network: "backbone.onnx", frontEnd: "backbone_front_end.onnx" };

/**
 * Finds the backbone that something was made by: in a folder, where it was, or beside a path that is named instead.
 * What is there with other contents is passed by, and said where nothing else is found.
 *
 * @param folder Of the model: it may hold the files.
 * @param named Where a person says that it lies.
 * @throws {BackboneError} in one line: what is missing, and where it was looked for.
 */
export async function findBackbone(
  origin: BackboneOrigin,
  { folder, named }: { readonly folder?: string; readonly named?: string },
): Promise<Backbone> {
  const { network, frontEnd, card } = origin, recognised = "as it was trained with";
  const networkBytes = await findFile(network, embeddedNames.network, { card, folder, named });
  const found = { ...origin, networkBytes, recognised, from: network.path ?? folder ?? card.name };
  if (!frontEnd) return found;
  const beside = named && frontEnd.path && `${dirname(named)}/${basename(frontEnd.path)}`;
  const looked = { card, folder, named: beside };
  const frontEndBytes = await findFile(frontEnd, embeddedNames.frontEnd, looked);
  return { ...found, frontEndBytes };
}

async function findFile(
  { path, sha256 }: FileStamp,
  embedded: string,
  { card, folder, named }: {
    readonly card: BackboneCard;
    readonly folder?: string;
    readonly named?: string;
  },
): Promise<SharedArrayBuffer> {
  const file = path === undefined ? embedded : basename(path);
  const places = [
    ...named === undefined ? [] : [named],
    ...folder === undefined ? [] : [`${folder}/${embedded}`],
    ...path === undefined ? [] : [path],
    ...folder === undefined || path === undefined ? [] : [`${folder}/${file}`],
  ];
  const others: string[] = [];
  for (const place of places) {
    if (!await exists(place)) continue;
    const found = await naming(place, () => readWhole(place));
    if (found.sha256 === sha256) return found.bytes;
    others.push(place);
  }
  const seen = others.length > 0
    ? `${others[0]} is another file`
    : `it is not at ${places.join(", nor at ")}`;
  throw new BackboneError(
    `Cannot use this model as its backbone, ${card.name} (${file}, SHA-256 ${
      sha256.slice(0, 12)
    }…), must be there: ${seen} (--backbone FILE says where it lies)`,
  );
}

async function findCard(
  path: string,
  file: OnnxFile,
): Promise<{ readonly card: BackboneCard; readonly recognised: string }> {
  const beside = `${path.replace(/\.onnx$/i, "")}.json`, known = knownCardOf(file);
  const told = await exists(beside) ? await readJson(beside) : undefined;
  const name = basename(path).replace(/\.onnx$/i, "");
  if (told !== undefined) {
    const whole = isRecord(told) ? { name, ...known, ...told } : told;
    const card = resolveCard(whole, beside);
    const others = known
      ? differences(card, resolveCard({ name, ...known }, "that comes along"))
      : [];
    const unlike = others.length === 0 ? "" : `, other than is known of it: ${others.join(", ")}`;
    return { card, recognised: `as ${basename(beside)} says${unlike}` };
  }
  if (known) {
    const recognised = `known by its inputs and outputs: ${file.inputs.map(describe).join()}`;
    return { card: resolveCard({ name, ...known }, "that comes along"), recognised };
  }
  const input = chooseInput(file.inputs), example = JSON.stringify({ rateHz: 16000 });
  throw new RangeError(
    `its sample rate cannot be told by its input, ${describe(input)}: ` +
      `${basename(beside)} beside it has to say it, such as ${example}`,
  );
}

/** Fields by which a card has a network hear something else than another: `rateHz 8000, not 16000`. */
function differences(card: BackboneCard, known: BackboneCard): string[] {
  const { name: _, licence: __, notice: ___, ...hears } = { ...known, ...card };
  const names = Object.keys(hears) as (keyof typeof hears)[];
  return names.flatMap((name) => {
    const [said, usual] = [card[name], known[name]].map((value) =>
      JSON.stringify(value) ?? "nothing"
    );
    return said === usual ? [] : [`${name} ${said}, not ${usual}`];
  });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw new RangeError(`its card ${basename(path)} must be JSON: ${(error as Error).message}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A file's bytes, in memory that threads share, and their hash. */
async function readWhole(
  path: string,
): Promise<{ readonly bytes: SharedArrayBuffer; readonly sha256: string }> {
  const { size, isFile } = await Deno.stat(path);
  if (!isFile) throw new RangeError("it must be a file");
  if (size > mostBytes) {
    throw new RangeError(`it must have at most ${mostBytes} bytes: it has ${size}`);
  }
  const bytes = new SharedArrayBuffer(size), all = new Uint8Array(bytes);
  const hash = createHash("sha256"), piece = new Uint8Array(Math.min(size, 1 << 20) || 1);
  using file = await Deno.open(path);
  let at = 0;
  for (;;) {
    const count = await file.read(piece);
    if (count === null) break;
    if (at + count > size) throw new RangeError("it must stay as it is while it is read");
    const read = piece.subarray(0, count);
    hash.update(read);
    all.set(read, at);
    at += count;
  }
  if (at < size) throw new RangeError("it must stay as it is while it is read");
  return { bytes, sha256: hash.digest("hex") };
}

/** Text decoders take no shared memory. */
function copyOf(bytes: SharedArrayBuffer): Uint8Array {
  return new Uint8Array(bytes).slice();
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Does something for a file, and has what goes wrong name it. */
async function naming<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof BackboneError) throw cause;
    const { message } = cause as Error;
    const why = /^Cannot [^:]* as /.test(message) ? message : `as ${message}`;
    throw new BackboneError(
      why === message ? message : `Cannot use ${path} as a backbone ${why}`,
      { cause },
    );
  }
}
