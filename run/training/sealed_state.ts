/**
 * The files of a saved state under a seal: `state.json` carries its format's version, a checksum of every
 * other file and one of itself, so that a changed bit in any of them is found before it is trained on.
 */
import { createHash } from "node:crypto";
import { RunError } from "../run_error.ts";
import type { SavedState } from "./training_progress.ts";
import { program } from "../version.ts";

/** Raise it when a state cannot be read as before. */
const formatVersion = 2;

/** A state as it was read, all checksums right. */
export interface SealedState {
  /** All but the numbers. */
  readonly state: SavedState;
  /** The bytes of the files beside it, by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Content of `state.json` beside its own checksum. */
interface Content {
  readonly format: number;
  readonly program: string;
  /** SHA-256 of each file beside it. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly state: SavedState;
}

const checksumOf = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

/** The text of `state.json`: one way to write a content, so that any other text is damage. */
function stateText(content: Content): string {
  return `${JSON.stringify({ checksum: checksumOf(JSON.stringify(content)), ...content })}\n`;
}

/** A state's files with its `state.json`, which stands last: where it is, all are. */
export function sealState(
  state: SavedState,
  files: Readonly<Record<string, Uint8Array>>,
): Record<string, string | Uint8Array> {
  const names = Object.keys(files);
  const checksums = Object.fromEntries(names.map((name) => [name, checksumOf(files[name])]));
  return {
    ...files,
    "state.json": stateText({ format: formatVersion, program, checksums, state }),
  };
}

/**
 * Reads a state's folder.
 *
 * @returns nothing where there is none.
 * @throws {RunError} where a file is damaged, naming it, or of another version's format.
 */
export async function readSealed(folder: string): Promise<SealedState | undefined> {
  const path = `${folder}/state.json`;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const { checksums, state } = parseContent(text, path);
  const files: Record<string, Uint8Array> = {};
  for (const [name, checksum] of Object.entries(checksums)) {
    try {
      files[name] = await Deno.readFile(`${folder}/${name}`);
    } catch (cause) {
      throw new RunError(`Cannot go on from ${folder}: ${(cause as Error).message}`, { cause });
    }
    if (checksumOf(files[name]) !== checksum) throw damaged(`${folder}/${name}`);
  }
  return { state, files };
}

function parseContent(text: string, path: string): Content {
  let content: Content;
  try {
    const { checksum: _, ...rest } = JSON.parse(text);
    content = rest;
  } catch (cause) {
    throw damaged(path, cause);
  }
  if (content.format !== formatVersion) {
    const writer = typeof content.program === "string" ? ` by ${content.program}` : "";
    throw new RunError(
      `Cannot go on from ${path} as its format must be ${formatVersion}: it was written in format ` +
        `${content.format ?? 1}${writer}, by another version of the program`,
    );
  }
  if (text !== stateText(content)) throw damaged(path);
  return content;
}

function damaged(path: string, cause?: unknown): RunError {
  return new RunError(
    `Cannot go on from ${path} as its checksum must be the one it was saved with: it is damaged`,
    { cause },
  );
}
