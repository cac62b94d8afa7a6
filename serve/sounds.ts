/** The sounds that a request brings: its body, or the files of a form. */
import type { Recording } from "../pipeline/recording.ts";
import { HttpError } from "./http_error.ts";

/** Most files of a form. */
const mostFiles = 1000;

/** A sound by the name that its sender gives it. */
export interface Sound {
  /** That name. */
  readonly name: string;
  /** A sound file. */
  readonly bytes: Uint8Array;
}

/** Whether a request's body is a form with files. */
export function isForm({ headers }: Request): boolean {
  return /^multipart\/form-data\b/i.test(headers.get("content-type") ?? "");
}

/** What the sender of a body calls it: `?filename=`. */
export function nameOfBody(url: URL): string {
  return url.searchParams.get("filename") || "sound";
}

/**
 * The files of a form, in its order.
 *
 * @throws {HttpError} 400 where it is no form, or has something else, or no file.
 */
export async function readForm(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<Sound[]> {
  let form: FormData;
  try {
    form = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
  } catch (cause) {
    throw new HttpError(
      400,
      `Cannot read this form as it must be multipart/form-data: ${(cause as Error).message}`,
    );
  }
  const sounds: Sound[] = [];
  for (const [field, value] of form) {
    if (!(value instanceof File)) {
      throw new HttpError(
        400,
        `Cannot take this form as its parts must be files: ${field} is text`,
      );
    }
    if (sounds.length === mostFiles) {
      throw new HttpError(413, `Cannot take this form as it must have at most ${mostFiles} files`);
    }
    sounds.push({
      name: value.name || field,
      bytes: new Uint8Array(await value.arrayBuffer()),
    });
  }
  if (sounds.length === 0) throw new HttpError(400, "Cannot label nothing: the form has no file");
  return sounds;
}

/**
 * A sound as a recording, with a name that no other has: workers tell recordings apart by it.
 *
 * @param isShared Threads use the same bytes: for what is read in several pieces.
 */
export function recordingOf({ bytes }: Sound, isShared = false): Recording {
  const id = crypto.randomUUID();
  let held = bytes;
  if (isShared) {
    held = new Uint8Array(new SharedArrayBuffer(bytes.length));
    held.set(bytes);
  }
  return { id, location: { kind: "memory", name: id, bytes: held } };
}

/** A message about a recording with the name that its sender gave it. */
export function withName(message: string, { id }: Recording, name: string): string {
  return message.replaceAll(id, name);
}
