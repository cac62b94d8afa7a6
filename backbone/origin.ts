/** What is kept of a backbone with what was made by it, and the check of it where it comes from a file. */
import { type BackboneCard, resolveCard } from "./card.ts";
import type { Feeding } from "./feeding.ts";

/** A file by its contents, and where it was. */
export interface FileStamp {
  /** Its path; a file that a model's folder alone holds has none. */
  readonly path?: string;
  /** SHA-256 of its bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** A backbone without its bytes. Plain data. */
export interface BackboneOrigin {
  /** The network's file. */
  readonly network: FileStamp;
  /** The file that makes its spectrograms, where there is one. */
  readonly frontEnd?: FileStamp;
  /** Its card, with what was told by its shapes. */
  readonly card: BackboneCard;
  /** How it is fed. */
  readonly feeding: Feeding;
}

/**
 * A text that is equal for backbones that make the same embeddings, wherever their files lie.
 */
export function keyOf({ network, frontEnd, card, feeding }: BackboneOrigin): string {
  const { name: _, licence: __, notice: ___, ...hears } = card;
  return JSON.stringify([network.sha256, frontEnd?.sha256, sorted(hears), sorted(feeding)]);
}

/**
 * Checks an origin that comes from a file.
 *
 * @throws {RangeError} where it is none, naming the field.
 */
export function parseOrigin(data: unknown): BackboneOrigin {
  const { network, frontEnd, card, feeding } = recordOf(data, "backbone");
  return {
    network: parseStamp(network, "backbone.network"),
    ...frontEnd !== undefined && { frontEnd: parseStamp(frontEnd, "backbone.frontEnd") },
    card: resolveCard(card, "backbone.card of a model"),
    feeding: parseFeeding(feeding),
  };
}

function parseStamp(data: unknown, field: string): FileStamp {
  const { path, sha256 } = recordOf(data, field);
  check(
    `${field}.sha256`,
    isText(sha256) && /^[0-9a-f]{64}$/.test(sha256),
    "64 hexadecimal digits",
  );
  check(`${field}.path`, path === undefined || isText(path), "a text or missing");
  return data as FileStamp;
}

const axes: readonly unknown[] = ["batch", "samples", "frames", "mels", "one"];

function parseFeeding(data: unknown): Feeding {
  const field = "backbone.feeding", feeding = recordOf(data, field);
  for (const name of ["input", "output"]) {
    check(`${field}.${name}`, isText(feeding[name]), "a text");
  }
  for (const name of ["length", "melBands", "batch"]) {
    check(`${field}.${name}`, feeding[name] === undefined || isCount(feeding[name]), "a count");
  }
  check(`${field}.size`, isCount(feeding.size), "a count");
  const isList = Array.isArray(feeding.axes) && feeding.axes.every((axis) => axes.includes(axis));
  check(`${field}.axes`, isList, `a list of ${axes.join(", ")}`);
  return data as Feeding;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isCount = (value: unknown) => Number.isSafeInteger(value) && value as number >= 1;

function recordOf(data: unknown, field: string): Readonly<Record<string, unknown>> {
  const isRecord = typeof data === "object" && data !== null && !Array.isArray(data);
  check(field, isRecord, "an object");
  return data as Record<string, unknown>;
}

function check(field: string, holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(`Cannot use this model as its ${field} must be ${rule}`);
}

/** A record with its fields in one order. */
function sorted(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1);
}
